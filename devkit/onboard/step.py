"""A step: it looks whether it is met, and meets it."""

from __future__ import annotations

import dataclasses
import enum
from typing import Protocol

from devkit.onboard.ground import Ground


class State(enum.StrEnum):
    """How a step stands. `later`: not to be seen before those above it are met. `wrong`: a person has to mend it."""

    MET = "met"
    NEEDED = "needed"
    LATER = "later"
    WRONG = "wrong"


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What a step found, or what it is going to do about it. `cure` is what mends it where it is wrong."""

    state: State
    said: str
    cure: str = ""


class Step(Protocol):
    """One step. `changes`: whether meeting it changes anything that a person wants to be asked about."""

    name: str
    changes: bool

    def look(self, ground: Ground) -> Look:
        """Whether it is met; changes nothing. DevkitError when that cannot be seen."""

    def meet(self, ground: Ground) -> Look:
        """Meet it: MET with what was done, or WRONG. Safe to run again, whatever ended the last run."""


def met(said: str) -> Look:
    """Nothing is left to do."""
    return Look(State.MET, said)


def needed(said: str) -> Look:
    """This is going to be done."""
    return Look(State.NEEDED, said)


def later(said: str) -> Look:
    """Nobody can look yet."""
    return Look(State.LATER, said)


def wrong(said: str, cure: str) -> Look:
    """A person has to mend it first."""
    return Look(State.WRONG, said, cure)
