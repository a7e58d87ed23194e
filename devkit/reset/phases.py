"""The phases of a reset: which one is at work, and how long each took."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator

from devkit.progress import Progress


@dataclasses.dataclass(frozen=True, slots=True)
class Phase:
    """A phase that was begun, its seconds, and whether it came to its end."""

    name: str
    seconds: float
    is_done: bool


class Phases:
    """Times what is done in them; `said` hears of each beginning."""

    def __init__(self, said: Progress, clock: Callable[[], float] = time.monotonic) -> None:
        self._said = said
        self._clock = clock
        self._phases: list[Phase] = []

    @property
    def all(self) -> tuple[Phase, ...]:
        """Those that have ended, in order."""
        return tuple(self._phases)

    @contextlib.contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Do a phase."""
        self._said(name)
        started = self._clock()
        is_done = False
        try:
            yield
            is_done = True
        finally:
            self._phases.append(Phase(name, self._clock() - started, is_done))
