"""A manifest or an index as a registry gives it: its JSON, read and held against what it should be."""

from __future__ import annotations

import re

import msgspec

from devkit.images.resolved import INDEXES, MANIFESTS

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_UNKNOWN = "unknown"
_ATTESTATION = "vnd.docker.reference.type"  # what BuildKit notes on its attestations
ACCEPT_INDEXES = ", ".join(sorted(INDEXES))
ACCEPT = ", ".join((ACCEPT_INDEXES, *sorted(MANIFESTS)))


class BadDocumentError(ValueError):
    """A body that is no manifest and no index; its sentence says why."""


class Platform(msgspec.Struct, frozen=True):
    """The platform of a child, or of an image's configuration."""

    os: str = ""
    architecture: str = ""
    variant: str = ""

    @property
    def is_real(self) -> bool:
        """Whether it names one."""
        return not {self.os, self.architecture} & {"", _UNKNOWN}

    def __str__(self) -> str:
        return "/".join(each for each in (self.os, self.architecture, self.variant) if each)


class Descriptor(msgspec.Struct, frozen=True, rename="camel"):
    """What is named by its digest (OCI image-spec, descriptor.md)."""

    digest: str
    size: int
    media_type: str = ""
    platform: Platform | None = None
    annotations: dict[str, str] | None = None
    artifact_type: str = ""

    @property
    def may_be_image(self) -> bool:
        """Whether an index's entry is something that a node could run."""
        if self.artifact_type or _ATTESTATION in (self.annotations or {}):
            return False
        return self.platform is None or self.platform.is_real


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """A manifest (`config` and `layers`) or an index (`manifests`)."""

    schema_version: int
    media_type: str = ""
    config: Descriptor | None = None
    layers: tuple[Descriptor, ...] | None = None
    manifests: tuple[Descriptor, ...] | None = None

    @property
    def size(self) -> int:
        """Bytes of a manifest's configuration and layers."""
        return (self.config.size if self.config else 0) + sum(each.size for each in self.layers or ())


# Made with the module: msgspec learns a type at its first use, and not safely beside another thread.
_DOCUMENT = msgspec.json.Decoder(Document)
_PLATFORM = msgspec.json.Decoder(Platform)


def document(body: bytes, media_type: str) -> Document:
    """The manifest or index in `body`, which was sent as `media_type`; BadDocumentError when it is not one.

    A body that is a manifest and an index at once is refused: two readers may see two images in it (CVE-2021-41190).
    """
    try:
        found = _DOCUMENT.decode(body)
    except msgspec.DecodeError as error:
        raise BadDocumentError(f"it cannot be read: {error}") from error
    if found.media_type not in {"", media_type}:
        raise BadDocumentError(f"it was sent as {media_type}, and says that it is {found.media_type}")
    is_index = media_type in INDEXES
    has_index, has_manifest = found.manifests is not None, found.config is not None or found.layers is not None
    if (has_index, has_manifest) != (is_index, not is_index) or (not is_index and found.config is None):
        raise BadDocumentError(f"it is no {media_type}")
    parts = (*(found.manifests or ()), *(found.layers or ()), *((found.config,) if found.config else ()))
    if not all(_DIGEST.fullmatch(each.digest) and each.size >= 0 for each in parts if is_index or each is found.config):
        raise BadDocumentError("it names a part by something else than a sha256 digest")
    return found


def platform(body: bytes) -> Platform:
    """The platform that an image's configuration names; BadDocumentError when it is no configuration of an image."""
    try:
        found = _PLATFORM.decode(body)
    except msgspec.DecodeError as error:
        raise BadDocumentError(f"its configuration cannot be read: {error}") from error
    if not found.is_real:
        raise BadDocumentError("it is no container image: its configuration names no platform")
    return found
