"""The image of kind's node: pinned in kind.yaml beside the manifests, by digest or at least by its exact tag."""

from __future__ import annotations

import re
from pathlib import Path

from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem, warning
from devkit.doctor.version import Version, version_in
from devkit.images.name import BadReferenceError, Name, normal
from devkit.verify.node_images import kind_path, node_images

_NOTES = "https://github.com/kubernetes-sigs/kind/releases"
_EXACT = re.compile(r"v\d+\.\d+\.\d+")


def config_name(host: Host) -> str:
    """The file, as people name it from the project's folder."""
    return kind_path(Path(host.project.settings.manifests)).as_posix()


def pinned_version(host: Host) -> Version | None:
    """The Kubernetes that kind.yaml pins; None where it pins none."""
    tags = [image.partition("@")[0].rpartition(":")[2] for image in _images(host) or ()]
    return version_in(tags[0], "^") if tags else None


def _run(host: Host) -> Said:
    file, images = config_name(host), _images(host)
    if images is None:
        return problem(f"there is no {file}: each release of kind takes another Kubernetes", _write(file))
    if "" in images:
        return problem(f"{file} has a node without an image: each release of kind takes another one", _write(file))
    if len(images) > 1:
        return problem(f"{file} has nodes of different images: {', '.join(images)}", f"give them one image in {file}")
    return _judged(images[0], file)


def _judged(image: str, file: str) -> Said:
    name = _name(image)
    if name is None:
        return problem(f"{file} names no image: {image}", _write(file))
    if name.digest:
        return ok(f"{name.repository}:{name.tag or '?'}, pinned by digest {name.digest[:19]}…")
    if not _EXACT.fullmatch(name.tag or ""):
        return problem(f"{file} has {image}, a tag that moves", _write(file))
    digest = f"docker image inspect --format '{{{{index .RepoDigests 0}}}}' {image}"
    return warning(
        f"{image} is pinned by its tag only, which every release of kind may push again",
        f"write :{name.tag}@sha256:… in {file}; {_NOTES} has the digest of each release, and so has: {digest}",
    )


def _images(host: Host) -> tuple[str, ...] | None:
    text = host.doors.read(str(host.root / config_name(host)))
    return None if text is None else node_images(text.encode())


def _name(image: str) -> Name | None:
    try:
        return normal(image)
    except BadReferenceError:
        return None


def _write(file: str) -> str:
    return (
        f"write under nodes in {file}: image: kindest/node:vX.Y.Z@sha256:…, as {_NOTES} has it for your release of kind"
    )


CHECK = Check(
    "node-image",
    Group.CLUSTER,
    "the node's image",
    "it is the Kubernetes of the whole stack: where it is not pinned, two developers have two",
    _run,
)
