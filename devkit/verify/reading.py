"""From bytes to what can be judged: scripts up to the first that cannot run."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterator

from pglast import ast

from devkit.finding import Finding, Severity
from devkit.migrations.fileset import FileSet, Migration
from devkit.migrations.statements import Statement, comments_before, copy_from_stdin, split
from devkit.migrations.transaction import HEADERS
from devkit.postgres.record import Script

_COPY = re.compile(r"copy\b", re.IGNORECASE)
_IGNORE = re.compile(r"devkit:\s*ignore\b")


@dataclasses.dataclass(frozen=True, slots=True)
class Scripts:
    """The files that can be parsed, those before the first that cannot run, and what is wrong with all others."""

    parsed: tuple[Script, ...]
    runnable: tuple[Script, ...]
    complete: bool
    findings: tuple[Finding, ...]


def read_scripts(fileset: FileSet) -> Scripts:
    """The statements of every file of `fileset`; `complete` when all of them can be replayed."""
    scripts: list[Script] = []
    findings: list[Finding] = []
    blocked = [] if fileset.stop_before is None else [fileset.stop_before]
    for migration in fileset.migrations:
        statements = split(migration.source)
        if isinstance(statements, Finding):
            findings.append(statements)
            blocked.append(migration.version)
            continue
        findings += _unknown_headers(migration)
        needs_client = [finding for each in statements if (finding := _needs_client(each))]
        findings += needs_client
        if needs_client:
            blocked.append(migration.version)
        scripts.append(Script(migration, statements))
    runnable = tuple(each for each in scripts if not blocked or each.migration.version < min(blocked))
    return Scripts(tuple(scripts), runnable, not blocked, tuple(findings))


def _unknown_headers(migration: Migration) -> Iterator[Finding]:
    """What a file asks for in its header and nobody knows."""
    for asked in comments_before(migration.source):
        if asked.startswith("devkit:") and asked not in HEADERS and not _IGNORE.match(asked):
            near = difflib.get_close_matches(asked, HEADERS, n=1)
            known = " or ".join(f"-- {each}" for each in near or HEADERS)
            start = migration.source.text.index(asked)
            yield Finding(
                "unknown-header",
                Severity.ERROR,
                "nobody knows this option, so it changes nothing",
                f"write: {known}",
                migration.source.place(start, start + len(asked)),
            )


def _needs_client(statement: Statement) -> Finding | None:
    if _COPY.match(statement.text) is None:  # a tree costs more than running the statement may
        return None
    node = statement.node
    if not isinstance(node, ast.CopyStmt) or node.filename is not None or node.is_program:
        return None
    if node.is_from:
        return copy_from_stdin(statement.place())
    return Finding(
        "copy-to-stdout",
        Severity.ERROR,
        "COPY … TO STDOUT sends rows to a client that a migration does not have",
        "delete it: a migration changes the database and shows nothing",
        statement.place(),
    )
