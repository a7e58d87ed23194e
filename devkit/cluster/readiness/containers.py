"""A pod's containers: what its spec asks for beside what its status says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from devkit.cluster.readiness.raw import Raw, flag, number, part, parts, text

_KINDS = (
    ("initContainers", "initContainerStatuses", "init container"),
    ("containers", "containerStatuses", "container"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Container:
    """One container, with its entries of the pod's spec and status (empty until the kubelet reports)."""

    name: str
    shown: str  # container redis, init container wait
    is_init: bool
    is_restarted: bool  # after a good end too: a service, or an init container that is a sidecar
    spec: Raw
    status: Raw

    @property
    def image(self) -> str:
        """As the manifest writes it: the status may name what it resolved to."""
        return text(self.spec, "image") or text(self.status, "image") or "its image"

    @property
    def state(self) -> Raw:
        """status.state: one of waiting, running and terminated."""
        return part(self.status, "state")

    @property
    def restarts(self) -> int:
        """How often the kubelet started it again."""
        return number(self.status, "restartCount")

    @property
    def is_done(self) -> bool:
        """Whether the pod can go on: ready, started (a sidecar), or ended well where nothing starts it again."""
        if flag(self.status, "started" if self.is_init and self.is_restarted else "ready"):
            return True
        end = part(self.state, "terminated")
        return bool(end) and not self.is_restarted and number(end, "exitCode") == 0


def containers(pod: Raw) -> Iterator[Container]:
    """The init containers in their order, then the others; those of a status without a spec too."""
    for group, status_group, kind in _KINDS:
        specs = {text(each, "name"): each for each in parts(pod, "spec", group)}
        statuses = {text(each, "name"): each for each in parts(pod, "status", status_group)}
        for name in dict.fromkeys([*specs, *statuses]):
            spec, status, is_init = specs.get(name, {}), statuses.get(name, {}), group == "initContainers"
            policy = text(spec if is_init else part(pod, "spec"), "restartPolicy")
            is_restarted = policy == "Always" or not (is_init or policy)
            yield Container(name, f"{kind} {name}", is_init, is_restarted, spec, status)
