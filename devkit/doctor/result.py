"""What a check is, and what it says."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable

from devkit.doctor.host import Host


class State(enum.StrEnum):
    """How it stands. `unknown`: nobody could look, which is never taken for ok. A problem makes the exit code 1."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


class Group(enum.StrEnum):
    """What a check looks at, in the order of the report."""

    TOOLS = "tools"
    MACHINE = "machine"
    CLUSTER = "cluster"
    NODE = "inside the node"
    NETWORK = "network"
    REPOSITORY = "repository"


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What a check found, and the command of this system that mends it ("" when there is nothing to mend)."""

    state: State
    found: str
    cure: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `id` is stable: scripts and `--only` go by it. `why`: what goes wrong without it."""

    id: str
    group: Group
    title: str
    why: str
    run: Callable[[Host], Said]


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What a check said, with its own words about itself. `failed`: the check itself did not work, a bug of ours."""

    check: Check
    said: Said
    ms: int
    failed: bool = False


def ok(found: str) -> Said:
    """Nothing to mend."""
    return Said(State.OK, found)


def warning(found: str, cure: str) -> Said:
    """It works, with the consequence that is said."""
    return Said(State.WARNING, found, cure)


def problem(found: str, cure: str) -> Said:
    """It has to be mended."""
    return Said(State.PROBLEM, found, cure)


def unknown(found: str, cure: str = "") -> Said:
    """Nobody could look: why, and what would let us."""
    return Said(State.UNKNOWN, found, cure)
