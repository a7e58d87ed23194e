"""One look at the stack: what the manifests want, held against what is there."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from devkit.cluster.observe import observe
from devkit.cluster.proof import Proven
from devkit.cluster.readiness.assess import assess
from devkit.cluster.readiness.values import Readiness, Seen, State, Wanted
from devkit.cluster.tilt import Tilt

# Kinds that run something: what people call the services of a stack.
WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"})


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """What was seen, and the verdict about each wanted object."""

    seen: Seen
    verdicts: tuple[Readiness, ...]

    @property
    def services(self) -> tuple[Readiness, ...]:
        """The workloads, and whatever else is not ready."""
        return tuple(each for each in self.verdicts if each.kind in WORKLOADS or each.state is not State.READY)


def look(proven: Proven, wanted: Iterable[Wanted], tilt: Tilt | None) -> Sight:
    """Look once; RefusedError or UnreachableError when that is not possible."""
    objects = tuple(wanted)
    seen = observe(proven.api, objects, proven.namespace, proven.kubectl)
    now = datetime.datetime.now(datetime.UTC)
    return Sight(seen, tuple(_with_tilt(assess(each, seen, now), tilt) for each in objects))


def _with_tilt(verdict: Readiness, tilt: Tilt | None) -> Readiness:
    """A missing object, with what Tilt says of it when Tilt could not apply it."""
    if verdict.state is not State.MISSING or tilt is None:
        return verdict
    shown = f"{verdict.name}:{verdict.kind.lower()}"
    for resource in tilt.resources:
        if resource.error and (shown in resource.objects or resource.name in {verdict.name, "(Tiltfile)"}):
            said = resource.error.strip().splitlines()[-1]
            return dataclasses.replace(
                verdict,
                state=State.FAILED,
                reason="ApplyFailed",
                message=f"Tilt could not apply it: {said}",
                help=f"mend what it says, in the manifest or the Tiltfile; Tilt tries again by itself ({tilt.url})",
            )
    return verdict
