"""Files beside what a database remembers: what each one is, and what to do about it. Pure."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping, Sequence

from devkit.errors import DevkitError
from devkit.finding import Finding
from devkit.migrations.applied import OWN, Applied
from devkit.migrations.digests import ALGORITHM, file_digest, first_changed_line, statements_digest
from devkit.migrations.fileset import Migration


class State(enum.StrEnum):
    """What a migration is for one database."""

    PENDING = "pending"
    APPLIED = "applied"
    BASELINE = "baseline"
    CHANGED = "changed"
    MISSING = "missing"
    RENAMED = "renamed"
    OUT_OF_ORDER = "out of order"
    FAILED = "failed"
    PARTIAL = "partial"
    FUTURE = "future"


BENT = frozenset({State.CHANGED, State.MISSING, State.RENAMED, State.OUT_OF_ORDER, State.FUTURE})
TO_RUN = frozenset({State.PENDING, State.FAILED, State.PARTIAL})


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One version: its file, its row, or both. `message` says what is, `help` what to do; `line` is in the file."""

    version: int
    name: str
    state: State
    message: str
    help: str
    migration: Migration | None = None
    row: Applied | None = None
    line: int = 1

    @property
    def is_to_run(self) -> bool:
        """Whether migrate has something to run here."""
        return self.state in TO_RUN and self.migration is not None


def read_history(migrations: Sequence[Migration], rows: Iterable[Applied], folder: str) -> tuple[Entry, ...]:
    """Every version that has a file or a row, in order. `folder` is the migrations folder as people see it.

    Raises DevkitError when a row was digested in a way that this devkit does not know.
    """
    known = {row.version: _readable(row) for row in rows}
    files = {each.version: each for each in migrations}
    digests = {version: file_digest(each.source.text) for version, each in files.items()}
    moved = _moved(files, digests, known)
    reached = max((row.version for row in known.values() if row.frozen), default=-1)
    entries = [
        _of_file(each, known.get(version), digests[version], moved.get(version), reached)
        for version, each in files.items()
    ]
    gone = set(known) - set(files) - {row.version for row in moved.values()}
    entries += [_without_file(known[version], max(files, default=-1), folder) for version in gone]
    return tuple(sorted(entries, key=lambda entry: entry.version))


def _readable(row: Applied) -> Applied:
    if row.algorithm != ALGORITHM:
        raise DevkitError(
            f"{row.name} was entered by devkit {row.devkit} with digests of the kind {row.algorithm}, unknown here",
            "update devkit to at least that version",
        )
    return row


def _moved(
    files: Mapping[int, Migration], digests: Mapping[int, str], known: Mapping[int, Applied]
) -> dict[int, Applied]:
    """The files that have no row, but the very text of a row that has no file any more: by version of the file."""
    orphans = {row.digest: row for row in known.values() if row.version not in files and row.is_whole}
    return {v: orphans[digests[v]] for v in files if v not in known and digests[v] in orphans}


def _of_file(file: Migration, row: Applied | None, digest: str, moved: Applied | None, reached: int) -> Entry:
    if moved is not None:
        return _renamed(file, moved)
    if row is None:
        return _out_of_order(file, reached) if file.version < reached else _pending(file, None)
    if not row.is_whole:
        return _unfinished(file, row)
    if row.name != file.name:
        return _renamed(file, row) if row.digest == digest else _taken(file, row)
    if row.digest != digest:
        return _changed(file, row)
    return _applied(file, row)


def _entry(file: Migration, row: Applied | None, state: State, message: str, cure: str, *, line: int = 1) -> Entry:
    return Entry(file.version, file.name, state, message, cure, file, row, line)


def _pending(file: Migration, row: Applied | None) -> Entry:
    return _entry(file, row, State.PENDING, "not applied here yet", "./inv migrate applies it")


def _applied(file: Migration, row: Applied) -> Entry:
    if row.origin == OWN:
        return _entry(file, row, State.APPLIED, f"applied {row.when} by {row.by_whom}", "nothing to do")
    said = f"taken over from {row.origin} {row.when} by {row.by_whom}"
    return _entry(file, row, State.BASELINE, said, "nothing to do")


def _changed(file: Migration, row: Applied) -> Entry:
    line = first_changed_line(row.lines, file.source.text)
    said = f"line {line} is not what {row.by_whom} applied {row.when}"
    cure = f"restore it ({_log(file)} shows how); the change goes into a new file: ./inv new NAME"
    return _entry(file, row, State.CHANGED, said, cure, line=line)


def _taken(file: Migration, row: Applied) -> Entry:
    said = f"version {row.version} was applied from {row.name} by {row.by_whom} {row.when}: this is another file"
    cure = f"give this file the next free number: ./inv new --renumber '{file.source.file}'"
    return _entry(file, row, State.CHANGED, said, cure)


def _renamed(file: Migration, row: Applied) -> Entry:
    old = f"{file.source.file.removesuffix(file.name)}{row.name}"
    said = f"applied as {row.name} by {row.by_whom} {row.when}, and renamed since"
    return _entry(file, row, State.RENAMED, said, f"rename it back: git mv '{file.source.file}' '{old}'")


def _out_of_order(file: Migration, reached: int) -> Entry:
    said = f"it came after version {reached} was applied here, and runs before it elsewhere"
    cure = f"give it the next free number: ./inv new --renumber '{file.source.file}'"
    return _entry(file, None, State.OUT_OF_ORDER, said, cure)


def _unfinished(file: Migration, row: Applied) -> Entry:
    if row.frozen == 0:
        return _pending(file, row) if row.error is None else _failed(file, row)
    if not _is_prefix_kept(file, row):
        line = first_changed_line(row.lines, file.source.text)
        said = f"{_shares(row)}, and line {line} of what has run is not what it was"
        cure = f"restore those statements ({_log(file)}); what comes after them may change"
        return _entry(file, row, State.CHANGED, said, cure, line=line)
    heard = f": {row.error}" if row.error else ""
    if row.running:
        said = f"{_shares(row)}, and the next was under way when that run ended{heard}"
        return _entry(file, row, State.PARTIAL, said, "./inv migrate finds out whether it happened, and goes on")
    cure = "./inv migrate goes on from there; what has not run may still be mended"
    return _entry(file, row, State.PARTIAL, f"{_shares(row)}{heard}", cure)


def _failed(file: Migration, row: Applied) -> Entry:
    said = f"failed {row.when} for {row.by_whom}, and nothing of it stayed: {row.error}"
    return _entry(file, row, State.FAILED, said, "mend the file, then: ./inv migrate")


def _log(file: Migration) -> str:
    return f"git log -p -- '{file.source.file}'"


def _shares(row: Applied) -> str:
    return f"{row.applied} of {row.statements} statements were applied {row.when} by {row.by_whom}"


def _is_prefix_kept(file: Migration, row: Applied) -> bool:
    from devkit.migrations.statements import split  # PostgreSQL's parser: only a file that stopped half-way needs it

    statements = split(file.source)
    if isinstance(statements, Finding) or len(statements) < row.frozen:
        return False
    return statements_digest(each.text for each in statements[: row.frozen]) == row.frozen_digest


def _without_file(row: Applied, newest: int, folder: str) -> Entry:
    if row.frozen == 0:
        said = f"failed {row.when} for {row.by_whom}; its file is gone, and nothing of it stayed"
        return Entry(row.version, row.name, State.FAILED, said, "nothing to do", row=row)
    applied = f"applied {row.when} by {row.by_whom}"
    if row.version > newest:
        said = f"{applied}, and this checkout has nothing that new"
        return Entry(row.version, row.name, State.FUTURE, said, "get the newer files first: git pull", row=row)
    path = f"{folder}/{row.name}"
    cure = f"git log --diff-filter=D -- '{path}' names the commit; bring it back: git checkout COMMIT^ -- '{path}'"
    return Entry(row.version, row.name, State.MISSING, f"{applied}, and its file is gone", cure, row=row)
