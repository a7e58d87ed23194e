"""What a replay runs and what it leaves to explain: scripts, a failure, who made which object, settings that turned."""

from __future__ import annotations

import bisect
import dataclasses

import psycopg

from devkit.migrations.fileset import Migration
from devkit.migrations.statements import Statement

NO_ROOM = frozenset({"53000", "53100", "53300"})  # the machine's limits (disk full), not those set for a statement


@dataclasses.dataclass(frozen=True, slots=True)
class Script:
    """A migration with its statements."""

    migration: Migration
    statements: tuple[Statement, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """What the server said, and of which statement. `position` counts characters from 1 in `query`."""

    script: Script
    statement: Statement
    sqlstate: str
    message: str
    detail: str | None
    hint: str | None
    context: str | None
    position: int | None
    query: str | None
    timed_out: bool


def failure_of(
    script: Script, statement: Statement, error: psycopg.Error, position: int | None, *, timed_out: bool = False
) -> Failure:
    """The failure of `statement` that `error` tells of; `position` is the one in its own text."""
    diagnostic = error.diag
    inner = diagnostic.internal_position
    return Failure(
        script, statement, error.sqlstate or "57014", diagnostic.message_primary or str(error),
        diagnostic.message_detail, diagnostic.message_hint, diagnostic.context, int(inner) if inner else position,
        diagnostic.internal_query if inner else None, timed_out,
    )  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Turned:
    """A setting of Citus as it stood after a statement that may have turned it."""

    statement: Statement
    setting: str
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Stretch:
    """Statements between two marks, of which only the last may be opaque, and all statements of their file."""

    statements: tuple[Statement, ...]
    file: tuple[Statement, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class History:
    """Which statements may have made an object: ids rise from mark to mark."""

    marks: tuple[int, ...]
    stretches: tuple[Stretch, ...]

    def makers(self, oid: int) -> Stretch | None:
        """The stretch during which the object got its id; None when it was there before the replay."""
        index = bisect.bisect_left(self.marks, oid)
        made = self.stretches[index] if index < len(self.stretches) else None
        return made if made and made.statements else None
