"""An image's full name: what a registry is asked for, whatever short form a person wrote."""

from __future__ import annotations

import dataclasses
import functools
import re

from devkit.images.reference import parse

# distribution/reference, reference.go: the grammar of names, tags and digests.
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_LABEL = r"(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LONGEST = 255  # of host and repository together (reference.NameTotalLengthMax)
_DOCKER = "docker.io"


class BadReferenceError(ValueError):
    """A text that no registry can be asked for; its sentence says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """A reference in its full form: `redis` is host docker.io, repository library/redis, tag latest.

    `tag` is None exactly when the reference names a digest and no tag.
    """

    host: str
    repository: str
    tag: str | None
    digest: str | None = None

    @property
    def image(self) -> str:
        """Host and repository: docker.io/library/redis."""
        return f"{self.host}/{self.repository}"

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.image}{tag}{f'@{self.digest}' if self.digest else ''}"


@functools.lru_cache(maxsize=4096)  # a thousand manifests name few images
def normal(reference: str) -> Name:
    """The full name of `reference` (a text without blanks around it); BadReferenceError when it can name no image."""
    written = parse(reference)
    if written.digest is None and reference.endswith("@"):
        raise BadReferenceError("nothing stands after the @")
    if written.tag is None and _ends_in_colon(reference):
        raise BadReferenceError("no tag stands after the colon")
    host, repository = _split(written.repository)
    if not _HOST.fullmatch(host):
        raise BadReferenceError(f"{host!r} is no name of a registry")
    if not _REPOSITORY.fullmatch(repository):
        what = "has capital letters" if _REPOSITORY.fullmatch(repository.lower()) else "is no name of a repository"
        raise BadReferenceError(f"{written.repository!r} {what}")
    if len(host) + 1 + len(repository) > _LONGEST:
        raise BadReferenceError(f"the name is longer than {_LONGEST} characters")
    if written.tag is not None and not _TAG.fullmatch(written.tag):
        raise BadReferenceError(f"{written.tag!r} is no tag")
    if written.digest is not None and not _DIGEST.fullmatch(written.digest):
        raise BadReferenceError(f"{written.digest!r} is no digest of 64 hexadecimal digits after sha256:")
    return Name(host, repository, written.tag or (None if written.digest else "latest"), written.digest)


def _ends_in_colon(reference: str) -> bool:
    return reference.partition("@")[0].endswith(":")


def _split(written: str) -> tuple[str, str]:
    """Host and repository. The first part is a host when it looks like one (reference.splitDockerDomain)."""
    first, slash, rest = written.partition("/")
    is_host = bool(slash) and (any(sign in first for sign in ".:[") or first == "localhost" or first.lower() != first)
    host, repository = (first, rest) if is_host else (_DOCKER, written)
    if host == f"index.{_DOCKER}":
        host = _DOCKER
    if host == _DOCKER and "/" not in repository:
        repository = f"library/{repository}"
    return host, repository
