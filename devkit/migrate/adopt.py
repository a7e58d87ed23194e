"""Take over a database that another runner, or nobody, has kept: once it is proven to be what our files make."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from devkit.errors import DevkitError
from devkit.migrate.compare import compare
from devkit.migrate.gate import judge_until
from devkit.migrate.look import Look, look
from devkit.migrate.order import Order
from devkit.migrate.outcome import Outcome
from devkit.migrations.digests import flyway_crc32
from devkit.migrations.fileset import Migration
from devkit.postgres.database import Database, opened
from devkit.postgres.foreign import PLAIN, Foreign, ForeignRow, read_foreign
from devkit.postgres.record import Script
from devkit.postgres.writer import writing
from devkit.progress import Progress
from devkit.verify.inputs import gather, ordered
from devkit.verify.reading import read_scripts
from devkit.words import plural

_VERSION = re.compile(r"0*([0-9]+)(?:[._]0+)*")  # Flyway drops trailing zero parts: 1 = 01 = 1.0
_NO_MIGRATION = frozenset({"SCHEMA"})  # Flyway's note that it made the schema
_KNOWN = frozenset({"SQL", "BASELINE"})


def adopt(order: Order, env: dict[str, str], progress: Progress, confirm: Callable[[str], None]) -> Outcome:
    """Enter into a new ledger what the database of `order` has already, by the history found there or by --to.

    Nothing is written unless the live schema equals the replay of those files; `confirm` raises to stop us before.
    DevkitError when the ledger has entries, or the history found cannot be that of our files.
    """
    inputs = gather(order.request)
    fileset = ordered(inputs, order.request)
    with opened(order.dsn, "migrate --adopt", progress) as database:
        _refuse_entries(database)
        foreign = read_foreign(database.connection)
        prefix = _prefix(foreign, fileset.migrations, order.to)
        judgement = judge_until(order.request, inputs, prefix[-1].version, env, progress)

        def look_again() -> Look:
            return look(database, fileset, order.request)

        seen = look_again()
        if judgement.refused:
            return seen.outcome(findings=judgement.refused)
        compared = compare(database, seen.outcome(), judgement, look_again)
        if compared.differences:
            return compared
        if compared.not_compared:
            raise DevkitError(
                f"{database.shown} is not taken over: {compared.not_compared}", "use the replay's major version"
            )
        files = plural(len(prefix), "file")
        confirm(f"{database.shown} is what {files} up to {prefix[-1].name} make ({foreign.origin}): to be taken over")
        scripts = {script.migration.version: script for script in read_scripts(fileset).runnable}
        _enter(database, order, [scripts[each.version] for each in prefix], foreign.origin)
        return look_again().outcome(ran=tuple(each.name for each in prefix), done=f"{files} taken over")


def _enter(database: Database, order: Order, scripts: Sequence[Script], origin: str) -> None:
    wait = order.request.project.settings.lock_wait_seconds
    with database.locked(wait):
        _refuse_entries(database)
        with writing(database, wait) as writer:
            writer.enter(scripts, origin)


def _refuse_entries(database: Database) -> None:
    rows = database.rows()
    if rows:
        raise DevkitError(
            f"{database.shown} has a ledger already, with {plural(len(rows), 'migration')}",
            "./inv status shows it; nothing to do",
        )


def _prefix(foreign: Foreign, migrations: Sequence[Migration], to: int | None) -> tuple[Migration, ...]:
    """The files that the database has, from the first on; DevkitError when it has others, or not all of them."""
    if foreign.origin == PLAIN:
        if to is None:
            raise DevkitError(
                "no history of another runner is here",
                "say up to which file this database stands: --adopt --to VERSION",
            )
        found = tuple(each for each in migrations if each.version <= to)
        if not found or found[-1].version != to:
            raise DevkitError(f"--to {to}: no file has this version", f"the newest is {migrations[-1].version}")
        return found
    if to is not None:
        raise DevkitError(f"--to says nothing here: {foreign.origin}'s history is in the database", "leave --to out")
    versions = _versions(foreign, {each.version: each for each in migrations})
    if not versions:
        raise DevkitError(f"{foreign.origin}'s history is empty", "there is nothing to take over: ./inv migrate")
    prefix = tuple(each for each in migrations if each.version <= max(versions))
    lacking = [each.name for each in prefix if each.version not in versions]
    if lacking:
        raise DevkitError(
            f"{foreign.origin} never applied {', '.join(lacking)}, and did apply what follows",
            "give these files the next numbers: ./inv new --renumber FILE",
        )
    return prefix


def _versions(foreign: Foreign, files: dict[int, Migration]) -> set[int]:
    """The versions applied, each of them a file's, with the content that was applied where that is known."""
    found: set[int] = set()
    for row in foreign.rows:
        if row.kind in _NO_MIGRATION:
            continue
        version = _version(row, foreign.origin)
        if row.kind == "BASELINE":  # everything up to it was there before
            found.update(each for each in files if each <= version)
            continue
        file = files.get(version)
        if file is None:
            raise DevkitError(
                f"{foreign.origin} applied {row.script}, and no file here is V{version}__…",
                f"bring the file here as V{version}__<name>.sql",
            )
        if row.checksum is not None and row.checksum != flyway_crc32(file.source.text):
            raise DevkitError(
                f"{file.name} is not what flyway applied: its checksum is {flyway_crc32(file.source.text)}, "
                f"the history has {row.checksum}",
                f"restore it: git log -p -- '{file.source.file}'",
            )
        found.add(version)
    return found


def _version(row: ForeignRow, origin: str) -> int:
    match = _VERSION.fullmatch(row.version or "")
    if not row.is_success:
        raise DevkitError(f"{row.script} failed in {origin}'s history", f"repair it there first: {origin} repair")
    if match is None or row.kind not in _KNOWN:
        what = "is repeatable" if row.version is None else f"has version {row.version} and type {row.kind}"
        raise DevkitError(
            f"{row.script} in {origin}'s history {what}, and files here are V<number>__<name>.sql, run once",
            "put what it makes into a numbered file, and delete its row from the history",
        )
    return int(match[1])
