"""Has Tilt apply what others deleted: it does not notice by itself (tilt-dev/tilt#2241)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable

from devkit.cluster.readiness.values import Readiness
from devkit.cluster.tilt import Resource, Tilt
from devkit.stack.look import is_lacking

# How long an object has to be missing from a resource that Tilt takes for up to date: a look may be older than Tilt's.
PATIENCE_SECONDS = 3.0

# What the API server says of an object whose namespace went meanwhile (apiserver: namespace/lifecycle/admission.go);
# Tilt does not try again until a file changes.
_WITHOUT_NAMESPACE = re.compile(r'because it is being terminated|namespaces "[^"]*" not found')


class Reviver:
    """Asks for an update of each resource that lacks an object for a while, and waits until that one has ended.

    `ask` is given the resource's objects, and the end of the update after which one of them is missing.
    """

    def __init__(self, ask: Callable[[Iterable[str], str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._lacking: dict[tuple[str, str], float] = {}  # by the resource and the end of its newest update
        self._asked: set[tuple[str, str]] = set()

    def look(self, verdicts: Iterable[Readiness], tilt: Tilt) -> None:
        """Take in one look: the verdicts about all objects, and Tilt's state of then."""
        names = {f"{each.name}:{each.kind.lower()}" for each in verdicts if is_lacking(each)}
        lacking = [each for each in tilt.resources if _is_over(each) and names.intersection(each.objects)]
        now = self._clock()
        self._lacking = {_key(each): self._lacking.get(_key(each), now) for each in lacking}
        # The others wait for their namespace, but only in their first update: it goes first.
        for each in [each for each in lacking if _is_namespace(each)] or lacking:
            is_due = now - self._lacking[_key(each)] >= PATIENCE_SECONDS
            if is_due and _key(each) not in self._asked:
                self._ask(each.objects, each.updated)
                self._asked.add(_key(each))


def _key(resource: Resource) -> tuple[str, str]:
    return resource.name, resource.updated


def _is_over(resource: Resource) -> bool:
    """Whether Tilt does nothing more about the resource."""
    return resource.update == "ok" or bool(_WITHOUT_NAMESPACE.search(resource.error))


def _is_namespace(resource: Resource) -> bool:
    return any(name.endswith(":namespace") for name in resource.objects)
