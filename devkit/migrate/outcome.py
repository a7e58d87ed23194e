"""What a look at a database, or a run on it, came to."""

from __future__ import annotations

import dataclasses

from devkit.finding import Finding, Severity
from devkit.migrations.history import Entry, State
from devkit.schema.snapshot import Difference

_UNFINISHED = frozenset({State.FAILED, State.PARTIAL})


@dataclasses.dataclass(frozen=True, slots=True)
class Server:
    """The database: who is logged in where, and the versions of PostgreSQL and Citus (None: not there)."""

    shown: str
    postgres: str
    citus: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """A file that would be applied: so many statements (what is left of them), in one transaction or each by itself."""

    name: str
    statements: int
    one_transaction: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """`entries` is the history afterwards; `ran` are the files applied (or taken over) now, `planned` those to come.

    `differences` are between the live schema and the replay's; `not_compared` says why nobody looked. `done` is what
    was done, for people.
    """

    server: Server
    entries: tuple[Entry, ...]
    ran: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = ()
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    not_compared: str | None = None
    done: str = ""

    @property
    def exit_code(self) -> int:
        """1 when somebody has to mend something: an error, a difference, a file that stopped."""
        wrong = any(finding.severity is Severity.ERROR for finding in self.findings)
        stopped = any(entry.state in _UNFINISHED and entry.migration is not None for entry in self.entries)
        return int(wrong or bool(self.differences) or (stopped and not self.planned))
