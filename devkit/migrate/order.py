"""What a person asks of migrate."""

from __future__ import annotations

import dataclasses

from devkit.verify.inputs import Request


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for: up to which version (None: all), verified first or not, or only the plan.

    `done` and `again` are what they say of statements that nobody else can tell of: (version, number from 1).
    """

    request: Request
    dsn: str
    to: int | None = None
    verify: bool = True
    plan: bool = False
    done: frozenset[tuple[int, int]] = frozenset()
    again: frozenset[tuple[int, int]] = frozenset()
