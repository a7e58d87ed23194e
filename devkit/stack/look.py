"""One look at the stack: what the manifests want, held against what is there."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Set

from devkit.cluster.observe import observe
from devkit.cluster.proof import Proven
from devkit.cluster.readiness.assess import assess
from devkit.cluster.readiness.values import Readiness, Seen, State, Wanted
from devkit.cluster.tilt import Tilt
from devkit.stack.version import EARLIER, Versions, of_present_version

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


def look(proven: Proven, wanted: Iterable[Wanted], tilt: Tilt | None, versions: Versions | None = None) -> Sight:
    """Look once; RefusedError or UnreachableError when that is not possible.

    With `versions` an object of an earlier one is not ready, whatever it does.
    """
    objects = tuple(wanted)
    seen = observe(proven.api, objects, proven.namespace, proven.kubectl)
    now = datetime.datetime.now(datetime.UTC)
    verdicts = tuple(assess(each, seen, now) for each in objects)
    if versions is not None:
        verdicts = of_present_version(verdicts, seen, versions)
    lacking = {f"{each.name}:{each.kind}".lower() for each in verdicts if is_lacking(each)}
    return Sight(seen, verdicts, tuple(why_lacking(tilt, lacking)) if tilt is not None and lacking else ())


def is_lacking(verdict: Readiness) -> bool:
    """Whether it is for Tilt to apply the object: it is missing, or there as it was before."""
    return verdict.state is State.MISSING or verdict.reason == EARLIER


def why_lacking(tilt: Tilt, lacking: Set[str]) -> Iterator[Readiness]:
    """Why objects are not applied: what Tilt could not apply, the Tiltfile itself among it, in its words.

    Not migrate and verify, which fail without a stack, nor what has its objects, nor what is being tried again already.
    """
    for resource in tilt.resources:
        is_over = resource.error and resource.update == "error" and resource.is_enabled and not resource.is_command
        if is_over and not (resource.objects and lacking.isdisjoint(resource.objects)):
            said = resource.error.strip().splitlines()[-1]
            cure = f"mend that in the manifest or the Tiltfile; Tilt tries again by itself ({tilt.url})"
            yield Readiness(
                "Tilt", resource.name, State.FAILED, "UpdateFailed", f"Tilt could not apply it: {said}", cure
            )
