"""From bytes to what can be judged: scripts up to the first that cannot run, and the images of all manifests."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from pglast import ast

from devkit.finding import Finding, Severity
from devkit.images.folder import Manifest
from devkit.images.manifest import ImageUse, find_images
from devkit.migrations.fileset import FileSet
from devkit.migrations.statements import Statement, copy_from_stdin, split
from devkit.postgres.record import Script


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
        needs_client = [finding for each in statements if (finding := _needs_client(each))]
        findings += needs_client
        if needs_client:
            blocked.append(migration.version)
        scripts.append(Script(migration, statements))
    runnable = tuple(each for each in scripts if not blocked or each.migration.version < min(blocked))
    return Scripts(tuple(scripts), runnable, not blocked, tuple(findings))


def read_images(manifests: Iterable[Manifest]) -> tuple[tuple[ImageUse, ...], tuple[Finding, ...]]:
    """The image uses of all manifests, and a finding for each manifest that cannot be read."""
    uses: list[ImageUse] = []
    findings: list[Finding] = []
    for manifest in manifests:
        text = manifest.text()
        if isinstance(text, Finding):
            findings.append(text)
            continue
        found, unreadable = find_images(text, manifest.shown)
        uses += found
        findings += unreadable
    return tuple(uses), tuple(findings)


def _needs_client(statement: Statement) -> Finding | None:
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
