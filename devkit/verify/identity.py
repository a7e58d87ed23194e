"""The stack's identity: what has to be alike on two machines for their stacks to be the same, and its one digest.

What is in here changes what runs or what verify answers; what a machine may have of its own is not (compare/report.py).
"""

from __future__ import annotations

import hashlib

import msgspec


class Child(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one platform pulls of an image: the digests of its manifest and of its configuration."""

    manifest: str
    config: str


class Image(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An image of the manifests. `digest` is the one that they name, "" where they name none: anything may be pulled.

    `platforms` is what the lock says that each pulls: the same index, and yet other programs. `emulated` platforms run
    another's programs, which is slower and not always right.
    """

    digest: str
    platforms: dict[str, Child]
    emulated: tuple[str, ...]


class Schema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the migrations make: the digest of all of it, and a short one of each object, so that it can be named."""

    fingerprint: str
    objects: dict[str, str]


class Cluster(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cluster that was asked. Its versions decide which manifests it takes; "" and none where they may not be read.

    `unlike` counts the containers that run something else than the lock says, by verdict. How many run what it says
    is left out: that depends on how far a stack has come up.
    """

    kubernetes: str
    kubelets: tuple[str, ...]
    unlike: dict[str, int]


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is part of sameness.

    `engine`, `postgres` and `citus` ("": never created) say who judged: another server may refuse other things.
    `schema` is None when not every migration ran. `settings` are those of the server that change what SQL means.
    `node_images` are what kind's nodes run ("": kind's own choice), which brings Kubernetes and the container runtime.
    `versions` are of the programs that decide a verdict. `migrations` is the SHA-256 of each file: what ran once must
    not have been something else elsewhere, though it made the same schema. `cluster` is None where none was asked.
    """

    engine: str
    postgres: str
    citus: str
    images: dict[str, Image]
    schema: Schema | None
    settings: dict[str, str]
    node_images: tuple[str, ...]
    versions: dict[str, str]
    migrations: dict[str, str]
    cluster: Cluster | None

    @property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of its JSON with sorted keys: the same for the same values, wherever made."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()
