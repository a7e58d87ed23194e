"""What the stack asks of a machine: memory, disk, local ports and images, as its manifests and its Tiltfile say."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator

from devkit.cluster.readiness.raw import number, part, parts, text
from devkit.cluster.rendered import rendered
from devkit.doctor.host import Host
from devkit.images.declared import declared_paths
from devkit.images.manifest import find_images
from devkit.images.name import BadReferenceError, Name, normal

# Kubernetes' quantities (apimachinery, resource.Quantity): powers of 1024, of 1000, and thousandths.
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T|m)?")
_FACTORS = {"": 1.0, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_BINARY = {"Ki": 1024.0, "Mi": 1024.0**2, "Gi": 1024.0**3, "Ti": 1024.0**4}
# A forward as this repository's Tiltfile writes it, (local, inside, …), and as Tilt's own functions take it.
_FORWARD = re.compile(
    r"\(\s*(\d{2,5}),\s*\d{2,5},|port_forward\(\s*(\d{2,5})\b|port_forwards\s*=\s*\[?\s*['\"]?(\d{2,5})\b"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Needs:
    """Bytes: of memory that pods ask for and may take, of disk that volumes may take."""

    requests: int
    limits: int
    claims: int


def look_needs(host: Host) -> Needs:
    """What the whole stack asks for; DevkitError when its manifests cannot be read."""
    requests = limits = claims = 0
    for document in rendered(host.doors.manifests(), host.project.settings, frozenset()):
        spec = part(document.body, "spec")
        count = number(spec, "replicas", default=1)
        for container in parts(spec, "template", "spec", "containers"):
            asked = quantity(text(container, "resources", "requests", "memory"))
            requests += count * asked
            limits += count * (quantity(text(container, "resources", "limits", "memory")) or asked)
        for claim in parts(spec, "volumeClaimTemplates"):
            claims += count * quantity(text(claim, "spec", "resources", "requests", "storage"))
        if document.kind == "PersistentVolumeClaim":
            claims += quantity(text(spec, "resources", "requests", "storage"))
    return Needs(requests, limits, claims)


def quantity(written: str) -> int:
    """Bytes of what Kubernetes calls a quantity, 0 for what is none."""
    found = _QUANTITY.fullmatch(written)
    return int(float(found[1]) * ({**_FACTORS, **_BINARY}[found[2] or ""])) if found else 0


def local_ports(host: Host) -> tuple[int, ...]:
    """The ports of this machine that the Tiltfile opens, none where tilt_config.json switches them off."""
    if not _forwards(host):
        return ()
    tiltfile = host.doors.read(str(host.root / "Tiltfile")) or ""
    lines = (line.partition("#")[0] for line in tiltfile.splitlines())
    found = (match for line in lines for match in _FORWARD.finditer(line))
    return tuple(sorted({int(next(filter(None, match.groups()))) for match in found}))


def _forwards(host: Host) -> bool:
    try:
        personal = json.loads(host.doors.read(str(host.root / "tilt_config.json")) or "{}")
    except ValueError:
        return True
    return not (isinstance(personal, dict) and personal.get("forwards") is False)


def images(host: Host) -> Iterator[Name]:
    """The images of the manifests by their full names, each once."""
    declared = declared_paths(host.project.settings.image_paths)
    seen: set[Name] = set()
    for manifest in host.doors.manifests():
        found = manifest.text()
        for use in find_images(found, manifest.shown, declared).uses if isinstance(found, str) else ():
            try:
                name = normal(use.reference)
            except BadReferenceError:
                continue
            if name not in seen:
                seen.add(name)
                yield name


def gib(size: float) -> str:
    """Bytes for people."""
    return f"{size / 1024**3:.1f} GiB"
