"""Has Tilt apply what others deleted: it does not notice by itself (tilt-dev/tilt#2241)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping

from devkit.cluster.readiness.values import Readiness, State
from devkit.cluster.tilt import Resource, Tilt, trigger

# How long an object has to be missing from a resource that Tilt takes for up to date: a look may be older than Tilt's.
# After an update the same again: one by hand deletes a resource's other objects first, and may overtake itself
# (tilt-dev/tilt#6559).
PATIENCE_SECONDS = 3.0

# What the API server says of an object whose namespace went meanwhile (apiserver: namespace/lifecycle/admission.go);
# Tilt does not try again until a file changes.
_WITHOUT_NAMESPACE = re.compile(r'because it is being terminated|namespaces "[^"]*" not found')


class Reviver:
    """Asks Tilt for an update of each resource that lacks an object for a while, and waits until that one has ended."""

    def __init__(
        self,
        environ: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        ask: Callable[[Tilt, str, Mapping[str, str]], bool] = trigger,
    ) -> None:
        self._environ = environ
        self._clock = clock
        self._ask = ask
        self._lacking: dict[tuple[str, str], float] = {}  # by the resource and the end of its newest update
        self._asked: set[tuple[str, str]] = set()

    def look(self, verdicts: Iterable[Readiness], tilt: Tilt) -> None:
        """Take in one look: the verdicts about all objects, and Tilt's state of then."""
        missing = {f"{each.name}:{each.kind.lower()}" for each in verdicts if each.state is State.MISSING}
        lacking = [each for each in tilt.resources if _is_over(each) and missing.intersection(each.objects)]
        # The others wait for their namespace, but only in their first update: it goes first.
        first = [each for each in lacking if _is_namespace(each)] or lacking
        now = self._clock()
        keys = [(each.name, each.updated) for each in first]
        self._lacking = {key: self._lacking.get(key, now) for key in keys}
        for key, since in self._lacking.items():
            # A second update of the same would delete what the first one, which may only be queued, has made.
            is_due = now - since >= PATIENCE_SECONDS and key not in self._asked
            if is_due and self._ask(tilt, key[0], self._environ):
                self._asked.add(key)


def _is_over(resource: Resource) -> bool:
    """Whether Tilt does nothing more about the resource."""
    return resource.update == "ok" or bool(_WITHOUT_NAMESPACE.search(resource.error))


def _is_namespace(resource: Resource) -> bool:
    return any(name.endswith(":namespace") for name in resource.objects)
