"""Tiny images as files: an OCI image layout, made by hand, for skopeo to push."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

from devkit.images.resolved import OCI_INDEX, OCI_MANIFEST

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
_REF_NAME = "org.opencontainers.image.ref.name"


def write_layout(folder: Path, platforms: tuple[str, ...], *, is_index: bool, has_history: bool = True) -> None:
    """An OCI image layout (image-spec, image-layout.md) in `folder`, with the image named image."""
    (folder / "blobs/sha256").mkdir(parents=True)
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    entries = [_write_image(folder, *image_of(platform, has_history=has_history), platform) for platform in platforms]
    if is_index:
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
        entries = [{"mediaType": OCI_INDEX, **_write_blob(folder, json.dumps(index).encode())}]
    (entry,) = entries
    top = {"schemaVersion": 2, "manifests": [{**entry, "annotations": {_REF_NAME: "image"}}]}
    (folder / "index.json").write_text(json.dumps(top))


def digest_of(data: bytes) -> str:
    """The digest of `data` as registries write it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _write_image(folder: Path, config: bytes, layer: bytes, platform: str) -> dict[str, object]:
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": {"mediaType": CONFIG_TYPE, **_write_blob(folder, config)},
        "layers": [{"mediaType": LAYER_TYPE, **_write_blob(folder, layer)}],
    }
    found = _write_blob(folder, json.dumps(manifest).encode())
    return {"mediaType": OCI_MANIFEST, **found, "platform": platform_of(platform)}


def _write_blob(folder: Path, data: bytes) -> dict[str, object]:
    digest = digest_of(data)
    (folder / "blobs" / digest.replace(":", "/")).write_bytes(data)
    return {"digest": digest, "size": len(data)}


def image_of(platform: str, *, has_history: bool = True) -> tuple[bytes, bytes]:
    """Configuration and layer of an image that holds one file: the name of its platform."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("platform")
        entry.size = len(platform)
        tar.addfile(entry, io.BytesIO(platform.encode()))
    config = {
        **platform_of(platform),
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(archive.getvalue())]},
        **({"history": [{"created_by": "tests"}]} if has_history else {}),
    }
    return json.dumps(config).encode(), gzip.compress(archive.getvalue(), mtime=0)


def platform_of(text: str) -> dict[str, str]:
    """os/arch/variant as an index and a configuration hold it."""
    return dict(zip(("os", "architecture", "variant"), text.split("/"), strict=False))
