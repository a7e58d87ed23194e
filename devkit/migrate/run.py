"""Apply what is pending, under the lock."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence

from devkit.config import Settings
from devkit.finding import Finding, Severity
from devkit.migrate import preflight
from devkit.migrate.look import Look, look, to_run
from devkit.migrate.order import Order
from devkit.migrate.outcome import Outcome, Planned
from devkit.migrations.fileset import FileSet
from devkit.migrations.history import Entry
from devkit.postgres.apply import is_whole
from devkit.postgres.database import Database
from devkit.postgres.record import Failure, History, Script
from devkit.postgres.writer import Writer, writing
from devkit.schema.catalog import Catalog
from devkit.verify.places import failure_place
from devkit.verify.reading import read_scripts
from devkit.verify.refusals import refusal
from devkit.words import plural

_LOCKED_OUT = "55P03"  # lock_not_available


def unreadable(pending: Sequence[Entry], fileset: FileSet) -> tuple[Finding, ...]:
    """What cannot be read or parsed cannot be applied, verified or not."""
    scripts = read_scripts(fileset)
    runnable = {script.migration.version for script in scripts.runnable}
    if all(entry.version in runnable for entry in pending):
        return ()
    return tuple(each for each in (*fileset.findings, *scripts.findings) if each.severity is Severity.ERROR)


def plan(pending: Sequence[Entry], fileset: FileSet) -> tuple[Planned, ...]:
    """What `run` would do with `pending`."""
    return tuple(
        Planned(
            entry.name,
            len(script.statements) - (entry.row.applied if entry.row else 0),
            is_whole(script, entry.row),
        )
        for script, entry in _scripts(fileset, pending)
    )


def run(database: Database, fileset: FileSet, order: Order, said: Callable[[str], None]) -> Outcome:
    """Wait for our turn, look again, and apply what is still pending then; a refusal is the only finding."""
    settings = order.request.project.settings
    with database.locked(settings.lock_wait_seconds):
        seen = look(database, fileset, order.request)
        pending = () if seen.findings else to_run(seen, order.to)
        if not pending:
            return seen.outcome(done="nothing to do")
        _preflight(database, seen, pending, settings)
        ran: list[str] = []
        refused: tuple[Finding, ...] = ()
        with writing(database, settings.lock_wait_seconds) as writer:
            for script, entry in _scripts(fileset, pending):
                started = time.perf_counter()
                failure = writer.apply(script, entry.row, order.decisions)
                if failure:
                    refused = (_finding(failure, writer, settings.tenant_column),)
                    break
                ran.append(entry.name)
                said(_done(script, time.perf_counter() - started))
        after = look(database, fileset, order.request)
        return after.outcome(ran=tuple(ran), findings=refused, done=f"{plural(len(ran), 'file')} applied now")


def _preflight(database: Database, seen: Look, pending: Sequence[Entry], settings: Settings) -> None:
    texts = (entry.migration.source.text.lower() for entry in pending if entry.migration is not None)
    makes_citus = any("create extension" in text for text in texts)
    preflight.check(database, seen.condition, lacks_citus=settings.citus and not makes_citus)


def _scripts(fileset: FileSet, pending: Sequence[Entry]) -> list[tuple[Script, Entry]]:
    scripts = {script.migration.version: script for script in read_scripts(fileset).runnable}
    return [(scripts[entry.version], entry) for entry in pending]


def _done(script: Script, seconds: float) -> str:
    return f"  ✔ {script.migration.name}: {plural(len(script.statements), 'statement')}, {1000 * seconds:.0f} ms"


def _finding(failure: Failure, writer: Writer, tenant_column: str) -> Finding:
    nothing = Catalog()
    place = failure_place(failure, nothing, History((), ()), tenant_column)
    found = refusal(failure, place, nothing, tenant_column)
    if failure.sqlstate != _LOCKED_OUT:
        return found
    others = f" ({', '.join(writer.blockers)})" if writer.blockers else ""
    cure = f"let the session that holds the lock{others} come to its end, then: ./inv migrate"
    return dataclasses.replace(found, help=cure)
