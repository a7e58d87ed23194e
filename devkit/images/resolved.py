"""What a registry says about an image: the digest that every machine can pull, and what each platform gets of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEXES = frozenset({OCI_INDEX, DOCKER_LIST})
MANIFESTS = frozenset({OCI_MANIFEST, DOCKER_MANIFEST})


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Child:
    """What one platform pulls: `platform` is os/arch or os/arch/variant, `size` bytes of configuration and layers."""

    platform: str
    manifest: str
    config: str
    size: int


@dataclasses.dataclass(frozen=True, slots=True)
class Resolved:
    """An image by its top-level digest: of the index where there is one, else of its one manifest."""

    digest: str
    media_type: str
    children: tuple[Child, ...]

    def of(self, platform: str) -> tuple[Child, ...]:
        """What runs on `platform`, os/arch: its children of any variant, or of the one that is named."""
        return tuple(each for each in self.children if same_platform(each.platform, platform))

    def lacks(self, platforms: Iterable[str]) -> tuple[str, ...]:
        """Those of `platforms` that it was not published for."""
        return tuple(platform for platform in platforms if not self.of(platform))


def same_platform(published: str, asked: str) -> bool:
    """Whether what was published for one platform runs on the one asked for: linux/arm64/v8 on linux/arm64."""
    if published == asked or published.startswith(f"{asked}/"):
        return True
    # An arm64 without a variant is v8 (containerd, platforms/database.go, normalizeArch).
    return asked == f"{published}/v8" and published.endswith("/arm64")
