"""A look at a database: its condition, its ledger, and what both mean for the files."""

from __future__ import annotations

import dataclasses

from devkit.finding import Finding
from devkit.migrate.outcome import Outcome, Planned, Server
from devkit.migrate.preflight import SETTINGS
from devkit.migrations.fileset import FileSet
from devkit.migrations.history import BENT, Entry, read_history
from devkit.postgres.condition import Condition
from devkit.postgres.database import Database
from devkit.verify.inputs import Request, shown_path


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What is there now. `findings` say where the history is bent; `newest` is the highest version of a file."""

    server: Server
    condition: Condition
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    newest: int

    def outcome(
        self,
        *,
        ran: tuple[str, ...] = (),
        planned: tuple[Planned, ...] = (),
        findings: tuple[Finding, ...] = (),
        not_compared: str | None = None,
        done: str = "",
    ) -> Outcome:
        """What came of having looked; `findings` beside those of the history."""
        return Outcome(
            self.server, self.entries, ran, planned, (*self.findings, *findings), not_compared=not_compared, done=done
        )


def look(database: Database, fileset: FileSet, request: Request) -> Look:
    """Read what `database` has, beside `fileset`."""
    folder = shown_path(request.migrations, request.project.root)
    condition = database.condition(SETTINGS)
    entries = read_history(fileset.migrations, database.rows(), folder)
    citus = condition.extension and f"{condition.extension}{' (stand-in)' if condition.is_standin else ''}"
    return Look(
        Server(database.shown, condition.version, citus),
        condition,
        entries,
        _bent(entries, folder),
        max((each.version for each in fileset.migrations), default=-1),
    )


def to_run(seen: Look, to: int | None) -> tuple[Entry, ...]:
    """What is to be applied, up to the version `to` (None: all)."""
    return tuple(entry for entry in seen.entries if entry.is_to_run and (to is None or entry.version <= to))


def _bent(entries: tuple[Entry, ...], folder: str) -> tuple[Finding, ...]:
    if not any(entry.state in BENT for entry in entries):
        return ()
    from devkit.rules.history import history_findings  # the rules need PostgreSQL's parser

    return tuple(history_findings(entries, folder))
