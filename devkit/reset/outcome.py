"""What a reset came to: the value that is shown as text and as JSON."""

from __future__ import annotations

import dataclasses

from devkit.finding import Finding
from devkit.migrate.outcome import Outcome
from devkit.reset.phases import Phase
from devkit.stack.outcome import Stack
from devkit.stack.seed import Seeded
from devkit.verify.verdict import Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class Reset:
    """The stack as it came up, and what was done to its database; None where it did not get that far.

    `refused`: what is wrong with the migrations, for which nothing was deleted.
    """

    stack: Stack | None = None
    phases: tuple[Phase, ...] = ()
    refused: tuple[Finding, ...] = ()
    migrated: Outcome | None = None
    seeded: Seeded | None = None
    verdict: Verdict | None = None

    @property
    def exit_code(self) -> int:
        """0 only when it ended verified; 1 when somebody has to mend something."""
        return int(self.verdict is None or bool(self.verdict.exit_code))
