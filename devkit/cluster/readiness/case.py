"""One pod to be judged, with all that may explain it, and the commands that look closer at it."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from devkit.cluster.readiness.containers import Container
from devkit.cluster.readiness.events import Event, events_about
from devkit.cluster.readiness.raw import Raw, created, name_of
from devkit.cluster.readiness.values import Seen


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A pod, the object in whose manifest it is described (StatefulSet redis), and what was seen at `now`."""

    pod: Raw
    workload: str
    seen: Seen
    now: datetime
    events: tuple[Event, ...]

    @classmethod
    def of(cls, pod: Raw, workload: str, seen: Seen, now: datetime) -> Case:
        """The case of `pod`, with the events about it, newest first."""
        return cls(pod, workload, seen, now, events_about("Pod", pod, seen.events))

    @property
    def name(self) -> str:
        """The pod's name."""
        return name_of(self.pod)

    @property
    def born(self) -> datetime | None:
        """When the pod was created."""
        return created(self.pod)

    @property
    def manifest(self) -> str:
        """Where the user edits what this pod is made of."""
        return f"the manifest of {self.workload}"

    def logs(self, container: Container, *, previous: bool = False) -> str:
        """The command that shows what the container wrote, or what the one before it wrote."""
        return f"{self.seen.kubectl} logs {self.name} -c {container.name}{' --previous' if previous else ''}"

    def describe(self) -> str:
        """The command that shows the pod with its events."""
        return f"{self.seen.kubectl} describe pod {self.name}"
