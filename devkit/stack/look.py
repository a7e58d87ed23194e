"""One look at the stack: what the manifests want, held against what is there."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator

from devkit.cluster.observe import observe
from devkit.cluster.proof import Proven
from devkit.cluster.readiness.assess import assess
from devkit.cluster.readiness.values import Readiness, Seen, State, Wanted
from devkit.cluster.tilt import Tilt

# Kinds that run something: what people call the services of a stack.
WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"})


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """What was seen, and the verdict about each wanted object."""

    seen: Seen
    verdicts: tuple[Readiness, ...]
    refused: tuple[Readiness, ...] = ()

    @property
    def services(self) -> tuple[Readiness, ...]:
        """The workloads, whatever else is not ready, and what Tilt could not apply."""
        shown = (each for each in self.verdicts if each.kind in WORKLOADS or each.state is not State.READY)
        return (*shown, *self.refused)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to wait for."""
        return all(each.state is State.READY for each in self.verdicts)


def look(proven: Proven, wanted: Iterable[Wanted], tilt: Tilt | None) -> Sight:
    """Look once; RefusedError or UnreachableError when that is not possible."""
    objects = tuple(wanted)
    seen = observe(proven.api, objects, proven.namespace, proven.kubectl)
    now = datetime.datetime.now(datetime.UTC)
    verdicts = tuple(assess(each, seen, now) for each in objects)
    is_missing = any(each.state is State.MISSING for each in verdicts)
    return Sight(seen, verdicts, tuple(_refused(tilt)) if tilt is not None and is_missing else ())


def _refused(tilt: Tilt) -> Iterator[Readiness]:
    """Why objects are missing: the resources that Tilt could not apply, in its words."""
    for resource in tilt.resources:
        if resource.error and resource.is_enabled:
            said = resource.error.strip().splitlines()[-1]
            cure = f"mend that in the manifest or the Tiltfile; Tilt tries again by itself ({tilt.url})"
            yield Readiness(
                "Tilt", resource.name, State.FAILED, "UpdateFailed", f"Tilt could not apply it: {said}", cure
            )
