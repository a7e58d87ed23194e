"""What a person asks of migrate."""

from __future__ import annotations

import dataclasses

from devkit.migrations.applied import Decisions
from devkit.verify.inputs import Request


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for: up to which version (None: all), verified first or not, or only the plan."""

    request: Request
    dsn: str
    to: int | None = None
    verify: bool = True
    plan: bool = False
    decisions: Decisions = dataclasses.field(default_factory=Decisions)
