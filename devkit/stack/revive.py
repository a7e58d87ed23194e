"""Has Tilt apply what others deleted: it does not notice by itself (tilt-dev/tilt#2241)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from devkit.cluster.readiness.values import Readiness, State
from devkit.cluster.tilt import Resource, Tilt, trigger

# How long an object has to be missing from a resource that Tilt takes for up to date: a look may be older than Tilt's.
# Afterwards the same again: an update by hand deletes a resource's other objects first, and may overtake itself
# (tilt-dev/tilt#6559).
PATIENCE_SECONDS = 3.0


class Reviver:
    """Asks Tilt for an update of each resource that lacks an object for a while."""

    def __init__(self, environ: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        self._environ = environ
        self._clock = clock
        self._lacking: dict[str, float] = {}

    def look(self, verdicts: tuple[Readiness, ...], tilt: Tilt) -> None:
        """Take in one look: the verdicts about all objects, and Tilt's state of then."""
        missing = {f"{each.name}:{each.kind.lower()}" for each in verdicts if each.state is State.MISSING}
        lacking = [each for each in tilt.resources if each.update == "ok" and missing.intersection(each.objects)]
        # The others wait for their namespace, but only in their first update: it goes first.
        first = [each for each in lacking if _is_namespace(each)] or lacking
        now = self._clock()
        self._lacking = {each.name: self._lacking.get(each.name, now) for each in first}
        for name, since in tuple(self._lacking.items()):
            if now - since >= PATIENCE_SECONDS:
                trigger(tilt, name, self._environ)
                del self._lacking[name]


def _is_namespace(resource: Resource) -> bool:
    return any(name.endswith(":namespace") for name in resource.objects)
