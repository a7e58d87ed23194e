"""What a database remembers of one migration: a row of the ledger, as a value."""

from __future__ import annotations

import dataclasses
import datetime

OWN = "devkit"  # the origin of what we applied ourselves; others were taken over from what they name


@dataclasses.dataclass(frozen=True, slots=True)
class Applied:
    """A row of the ledger.

    `lines` are four bytes of SHA-256 a line. `applied` of `statements` are committed; with `running` the next one was
    under way, outside of a transaction. `frozen_digest` covers the texts of all those: they must not change before the
    rest runs. `error` is what the server said when the last attempt failed. `milliseconds` is None until it is
    whole, and where it was taken over.
    """

    version: int
    name: str
    algorithm: str
    digest: str
    lines: bytes
    statements: int
    applied: int
    running: bool
    frozen_digest: str
    error: str | None
    origin: str
    started_at: datetime.datetime
    milliseconds: int | None
    by_whom: str
    devkit: str

    @property
    def is_whole(self) -> bool:
        """Every statement of the file is committed."""
        return self.applied == self.statements and not self.running

    @property
    def frozen(self) -> int:
        """How many statements of the file must stay as they were."""
        return self.applied + int(self.running)

    @property
    def when(self) -> str:
        """When it began, in UTC, for people."""
        return self.started_at.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@dataclasses.dataclass(frozen=True, slots=True)
class Decisions:
    """What a person says of statements nobody else can tell of: (version, number from 1)."""

    done: frozenset[tuple[int, int]] = frozenset()
    again: frozenset[tuple[int, int]] = frozenset()
