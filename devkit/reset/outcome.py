"""What a reset came to: the value that is shown as text and as JSON."""

from __future__ import annotations

import dataclasses

from devkit.migrate.outcome import Outcome
from devkit.reset.phases import Phase
from devkit.stack.outcome import Stack
from devkit.stack.seed import Seeded
from devkit.verify.verdict import Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class Reset:
    """The stack as it came up, and what was done to its database; None where it did not get that far."""

    stack: Stack
    phases: tuple[Phase, ...]
    migrated: Outcome | None = None
    seeded: Seeded | None = None
    verdict: Verdict | None = None

    @property
    def exit_code(self) -> int:
        """0 only when it ended verified; 1 when somebody has to mend something."""
        refused = self.seeded is not None and self.seeded.refused is not None
        return int(self.verdict is None or bool(self.verdict.exit_code) or refused or bool(self.stack.exit_code))
