"""Which digest a tag stands for now: of the index where there is one, as every machine can pull it."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from http import HTTPStatus

from devkit.errors import DevkitError
from devkit.images.name import Name
from devkit.images.resolved import INDEXES, MANIFESTS
from devkit.registry.answer import Answer
from devkit.registry.contents import MANIFEST_LIMIT
from devkit.registry.document import ACCEPT, ACCEPT_INDEXES
from devkit.registry.failures import codes, missing
from devkit.registry.session import Session

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NO_HEAD = frozenset({HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})


@dataclasses.dataclass(frozen=True, slots=True)
class Top:
    """The digest that a name stands for, and what it is a digest of."""

    digest: str
    media_type: str


def top_of(session: Session, name: Name) -> Top:
    """What `name` stands for now; DevkitError when there is no such image, or the registry is not sure.

    A tag is asked twice, as kbld does: some registries give another digest each time. HEAD does not count as a pull on
    Docker Hub. A name with a digest is asked by that: its tag may have moved since.
    """
    asked = _Asked(session, name)
    if name.digest is not None:
        found = asked.look(name.digest)
        if found.digest != name.digest:
            raise _differing(name, found.digest, name.digest)
        return found
    first, second = (asked.look_at_tag(name.tag or "latest") for _ in range(2))
    if first != second:
        raise _differing(name, f"{first.digest} ({first.media_type})", f"{second.digest} ({second.media_type})")
    return first


class _Asked:
    """Asks for one name."""

    def __init__(self, session: Session, name: Name) -> None:
        self._session = session
        self._name = name

    def look_at_tag(self, tag: str) -> Top:
        """What the tag stands for, never a child of an index.

        All four types are accepted: told of fewer, a registry picks a child for amd64 (distribution 2.8.2 does, with
        200). One that picks a child all the same is asked for an index alone.
        """
        found = self.look(tag)
        if found.media_type in MANIFESTS:
            answer = self._ask("HEAD", tag, ACCEPT_INDEXES)
            if answer.status == HTTPStatus.OK and answer.media_type in INDEXES:
                return self._read(answer, tag)
        return found

    def look(self, reference: str) -> Top:
        """What the tag or digest stands for, by one HEAD, or by a GET where a HEAD does not say it."""
        answer = self._ask("HEAD", reference, ACCEPT)
        if answer.status in _NO_HEAD | {HTTPStatus.NOT_FOUND} or (
            answer.status == HTTPStatus.OK and not (answer.media_type and answer.headers.get("Docker-Content-Digest"))
        ):
            answer = self._ask("GET", reference, ACCEPT)  # a HEAD has no body to say why it is missing, either
        return self._read(answer, reference)

    def _ask(self, method: str, reference: str, accept: str) -> Answer:
        path = f"manifests/{reference}"
        return self._session.ask(method, self._name.repository, path, limit=MANIFEST_LIMIT, accept=accept)

    def _read(self, answer: Answer, reference: str) -> Top:
        if answer.status == HTTPStatus.NOT_FOUND:
            raise missing(self._name.image, reference, codes(answer))
        if answer.status != HTTPStatus.OK:
            raise self._session.failure(answer, self._name.repository)
        if answer.media_type not in INDEXES | MANIFESTS:
            raise DevkitError(
                f"{self._name}: the registry gives {answer.media_type or 'something without a media type'}, "
                "which is no image that nodes can pull",
                "push it anew with a current docker or buildah, or name another image",
            )
        digest = answer.headers.get("Docker-Content-Digest", "")
        if not digest and answer.data:
            digest = f"sha256:{hashlib.sha256(answer.data).hexdigest()}"
        if not _DIGEST.fullmatch(digest):
            raise DevkitError(
                f"{self._name}: the registry names it by something else than a sha256 digest",
                "nothing was pinned; ask who runs the registry",
            )
        return Top(digest, answer.media_type)


def _differing(name: Name, first: str, second: str) -> DevkitError:
    return DevkitError(
        f"{name}: the registry answers differently each time: {first}, then {second}",
        "nothing was pinned; run the same command again: somebody may have pushed it just now",
    )
