"""What onboarding came to: the value that is shown as text and as JSON."""

from __future__ import annotations

import dataclasses

from devkit.doctor.result import Result
from devkit.finding import Finding
from devkit.migrate.outcome import Outcome
from devkit.onboard.step import Look, State
from devkit.stack.outcome import Identity, Stack
from devkit.verify.verdict import Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """A step that was come to: how it stands now, whether something was done for it, and its seconds."""

    name: str
    look: Look
    was_met: bool
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A page or a port of the stack, and the resource of the Tiltfile that it belongs to."""

    name: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class Onboarded:
    """The steps that were come to, in order, with what stopped the last one; the rest is None where it was not reached.

    `checked` is what doctor said, `findings` what is wrong with the pins or the migrations.
    """

    steps: tuple[Taken, ...]
    checked: tuple[Result, ...] = ()
    findings: tuple[Finding, ...] = ()
    cluster: Identity | None = None
    stack: Stack | None = None
    migrated: Outcome | None = None
    verdict: Verdict | None = None
    links: tuple[Link, ...] = ()

    @property
    def stopped(self) -> Taken | None:
        """The step that a person has to mend, if there is one: no other came after it."""
        last = self.steps[-1]
        return last if last.look.state is State.WRONG else None

    @property
    def exit_code(self) -> int:
        """0 only when it ended verified; 1 when somebody has to mend something."""
        return int(self.verdict is None or bool(self.verdict.exit_code) or self.stopped is not None)
