"""What an image holds for each platform, read by digest and held against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from http import HTTPStatus

from devkit.errors import DevkitError
from devkit.images.resolved import INDEXES, MANIFESTS, Child, Resolved
from devkit.registry.answer import Answer
from devkit.registry.document import ACCEPT, BadDocumentError, Descriptor, Document, Platform, document, platform
from devkit.registry.failures import codes, missing
from devkit.registry.session import Session

MANIFEST_LIMIT = 4 << 20  # what registries take (distribution-spec, Pushing Manifests)
_CONFIG_LIMIT = 8 << 20


def contents(session: Session, repository: str, digest: str, media_type: str) -> Resolved:
    """The image `digest` of `repository` with its children; DevkitError when the registry gives something else.

    Children for Linux alone are looked at and recorded: no node of a cluster that devkit knows runs anything else,
    each look counts as a pull, and two children for Windows differ by os.version, which os/arch cannot say.
    """
    reader = _Reader(session, repository)
    top = reader.manifest(digest, media_type)
    if media_type in MANIFESTS:
        children = list(reader.single(digest, top))
    else:
        children = [each for entry in top.manifests or () for each in reader.entry(entry, is_nested=False)]
    # containerd takes the first that fits, so the first is what nodes get.
    first = {each.platform: each for each in reversed(children)}
    return Resolved(digest, media_type, tuple(sorted(first.values())))


class _Reader:
    """Reads the documents of one repository."""

    def __init__(self, session: Session, repository: str) -> None:
        self._session = session
        self._repository = repository
        self._image = f"{session.host}/{repository}"

    def manifest(self, digest: str, media_type: str) -> Document:
        """The manifest or index `digest`."""
        answer = self._get(f"manifests/{digest}", digest, MANIFEST_LIMIT, ACCEPT)
        if answer.media_type != media_type:
            raise self._bad(digest, f"it is sent as {answer.media_type}, and was named as {media_type}")
        try:
            return document(answer.data, media_type)
        except BadDocumentError as error:
            raise self._bad(digest, str(error)) from error

    def single(self, digest: str, found: Document) -> Iterator[Child]:
        """The one child of an image without an index."""
        assert found.config is not None  # noqa: S101 - document() gives no manifest without one
        try:
            named = platform(self._get(f"blobs/{found.config.digest}", found.config.digest, _CONFIG_LIMIT, "*/*").data)
        except BadDocumentError as error:
            raise self._bad(digest, str(error)) from error
        if named.os == "linux":
            yield _child(named, digest, found)

    def entry(self, entry: Descriptor, *, is_nested: bool) -> Iterator[Child]:
        """The children of an index's entry: none, one, or those of an index inside the index, followed once."""
        if not entry.may_be_image or (entry.platform and entry.platform.os != "linux"):
            return
        if entry.media_type in INDEXES and not is_nested:
            for each in self.manifest(entry.digest, entry.media_type).manifests or ():
                yield from self.entry(each, is_nested=True)
        elif entry.media_type in MANIFESTS:
            found = self.manifest(entry.digest, entry.media_type)
            if entry.platform is None:
                yield from self.single(entry.digest, found)
            else:
                yield _child(entry.platform, entry.digest, found)

    def _get(self, path: str, digest: str, limit: int, accept: str) -> Answer:
        answer = self._session.ask("GET", self._repository, path, limit=limit, accept=accept)
        if answer.status == HTTPStatus.NOT_FOUND:
            raise missing(self._image, digest, codes(answer))
        if answer.status != HTTPStatus.OK:
            raise self._session.failure(answer, self._repository)
        if f"sha256:{hashlib.sha256(answer.data).hexdigest()}" != digest:
            raise self._bad(digest, "what is sent for it has another digest")
        return answer

    def _bad(self, digest: str, why: str) -> DevkitError:
        return DevkitError(
            f"{self._image}@{digest}: {why}",
            f"nothing was pinned; if it stays so, a mirror or a proxy before {self._session.host} changes images, or "
            "the image was pushed broken: ask who runs it",
        )


def _child(named: Platform, digest: str, found: Document) -> Child:
    assert found.config is not None  # noqa: S101 - document() gives no manifest without one
    return Child(str(named), digest, found.config.digest, found.size)
