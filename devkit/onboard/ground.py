"""What the steps stand on: the order, the ways to speak, and what the steps above have found."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from devkit.cluster.proof import Ask, Proven
from devkit.doctor.result import Result
from devkit.errors import DevkitError
from devkit.finding import Finding
from devkit.migrate.outcome import Outcome
from devkit.progress import Board, Progress
from devkit.stack.outcome import Stack
from devkit.verify.inputs import Request
from devkit.verify.verdict import Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `context` is "" where nothing is named; `despite` are checks of doctor that stop nobody."""

    request: Request
    context: str
    seconds: float
    despite: frozenset[str]


@dataclasses.dataclass(slots=True)
class Ground:
    """`said` puts a line that stays, `board` lines that change in place. The rest is what the steps found and made."""

    order: Order
    environ: Mapping[str, str]
    ask: Ask
    said: Progress
    board: Callable[[], contextlib.AbstractContextManager[Board]]
    proven: Proven | None = None
    checked: tuple[Result, ...] = ()
    findings: tuple[Finding, ...] = ()
    stack: Stack | None = None
    migrated: Outcome | None = None
    verdict: Verdict | None = None

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.order.request.project.root

    @property
    def cluster(self) -> Proven:
        """The cluster that the step above made sure of; DevkitError where there is none."""
        if self.proven is None:
            raise DevkitError("there is no cluster yet", "./inv onboard makes one")
        return self.proven
