"""What containers run beside what is pinned: a verdict per container of a pod, from raw JSON and the lock alone.

A correct pod rarely shows the pin word for word. The kubelet copies the runtime's ImageRef into imageID
(pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses). containerd's is the first repo digest, under whatever name
the image came by, and the bare config digest of an image without one (internal/cri/server/container_status.go): one
that was loaded, not pulled. A digest names the same bytes in every form, so only the digest is compared.
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from devkit.images.lock import ImagesLock, LockedImage
from devkit.images.name import BadReferenceError, Name, normal
from devkit.images.resolved import Resolved, same_platform

# repo@sha256:…, docker-pullable://repo@sha256:…, docker://sha256:…, sha256:…
_IMAGE_ID = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^@\s]+@)?(sha256:[0-9a-f]{64})")
_GROUPS = (
    ("initContainers", "initContainerStatuses", "init container"),
    ("containers", "containerStatuses", "container"),
    ("ephemeralContainers", "ephemeralContainerStatuses", "ephemeral container"),
)


class Likeness(enum.StrEnum):
    """How what runs is related to what is pinned. Unknown: there is no imageID yet, or nobody could see the node."""

    MATCH = "match"
    BY_CHILD = "match-by-child"
    BY_CONFIG = "match-by-config"
    OTHER_ARCH = "other-arch"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    NOT_PINNED = "not-pinned"
    EXTRA = "extra-container"


MATCHES = frozenset({Likeness.MATCH, Likeness.BY_CHILD, Likeness.BY_CONFIG})


@dataclasses.dataclass(frozen=True, slots=True)
class Running:
    """A container of a pod, and its verdict.

    `kind` is container, init container, sidecar or ephemeral container. `image` is what the pod's spec asks for,
    `image_id` what the node's runtime says that it runs. `platform` is the node's, `built_for` the one that what runs
    was published for; each "" where nobody can say. `is_leaving`: the pod is being replaced or deleted.
    """

    pod: str
    container: str
    kind: str
    image: str
    image_id: str
    verdict: Likeness
    platform: str = ""
    built_for: str = ""
    is_leaving: bool = False


def running(
    pod: Mapping[str, Any],
    named: Container[str] | None,
    lock: ImagesLock,
    platform: str,
    emulated_on: Callable[[Name], Container[str]] = lambda _: (),
    *,
    is_leaving: bool = False,
) -> Iterator[Running]:
    """The verdict about each container of `pod`, as the API server has it.

    `named` are the containers that the manifest of its workload names; None when no manifest says which there are.
    `platform` is os/arch of its node, or "" when that could not be seen: what holds for one platform alone is unknown
    then. `emulated_on` names the platforms on which an image is declared to run as another's.
    """
    name = str(pod["metadata"]["name"])
    for kind, spec, status in _containers(pod):
        image, image_id = str(spec.get("image", "")), str(status.get("imageID", ""))
        pinned = pinned_image(lock, image)
        built_for = ""
        if named is not None and spec["name"] not in named:
            verdict = Likeness.EXTRA
        elif pinned is None:
            verdict = Likeness.NOT_PINNED
        elif not image_id:
            verdict = Likeness.UNKNOWN
        else:
            is_emulated = platform in emulated_on(pinned.name)
            verdict, built_for = compare(image_id, pinned.resolved, platform, is_emulated=is_emulated)
        yield Running(name, str(spec["name"]), kind, image, image_id, verdict, platform, built_for, is_leaving)


def pinned_image(lock: ImagesLock, image: str) -> LockedImage | None:
    """The image that a pod's spec asks for, by its digest; None when it names none, or one that the lock has not."""
    try:
        name = normal(image)
    except BadReferenceError:
        return None
    if name.digest is None:
        return None
    ours = lock.tagged(name)
    if ours is not None and ours.resolved.digest == name.digest:
        return ours
    return next((each for each in lock.images if each.name == name), None)  # a person wrote its digest


def compare(image_id: str, pinned: Resolved, platform: str, *, is_emulated: bool = False) -> tuple[Likeness, str]:
    """How an imageID is related to the image that is pinned, and the platform that it was built for ("": any, none).

    What is accepted is the pinned digest, and manifest and config of `platform`; where it was published for none such
    and `is_emulated`, those of any. Fail closed on everything else.
    """
    found = _IMAGE_ID.fullmatch(image_id)
    digest = found[1] if found else ""  # without a digest it proves nothing
    if digest == pinned.digest:
        return Likeness.MATCH, ""
    akin = [each for each in pinned.children if digest in {each.manifest, each.config}]
    if not akin:
        return Likeness.DIFFERENT, ""
    if not platform:
        return Likeness.UNKNOWN, akin[0].platform
    takes_any = is_emulated and not pinned.of(platform)
    for each in akin:
        if takes_any or same_platform(each.platform, platform):
            return Likeness.BY_CHILD if digest == each.manifest else Likeness.BY_CONFIG, each.platform
    return Likeness.OTHER_ARCH, akin[0].platform


def _containers(pod: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Each container's kind, spec and status (empty until the kubelet reports)."""
    spec, status = pod.get("spec") or {}, pod.get("status") or {}
    for group, statuses, kind in _GROUPS:
        said = {each["name"]: each for each in status.get(statuses) or ()}
        for each in spec.get(group) or ():
            # KEP-753: an init container that is started again whenever it ends
            is_sidecar = group == "initContainers" and each.get("restartPolicy") == "Always"
            yield "sidecar" if is_sidecar else kind, each, said.get(each["name"], {})
