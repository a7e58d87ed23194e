"""From bytes to what can be judged: scripts up to the first that cannot run, and the images of all manifests."""

from __future__ import annotations

from collections.abc import Iterable

from pglast import ast

from devkit.finding import Finding, Severity
from devkit.images.folder import Manifest
from devkit.images.manifest import ImageUse, find_images
from devkit.migrations.fileset import FileSet
from devkit.migrations.statements import Statement, copy_from_stdin, split
from devkit.postgres.replay import Script


def read_scripts(fileset: FileSet) -> tuple[tuple[Script, ...], tuple[Finding, ...]]:
    """The scripts that can be replayed, in order, and the findings of every file that cannot be parsed."""
    scripts: list[Script] = []
    findings: list[Finding] = []
    for migration in fileset.migrations:
        statements = split(migration.source)
        if isinstance(statements, Finding):
            findings.append(statements)
            continue
        needs_client = [finding for each in statements if (finding := _needs_client(each))]
        findings += needs_client
        if not findings:
            scripts.append(Script(migration, statements))
    stop = fileset.stop_before
    return tuple(each for each in scripts if stop is None or each.migration.version < stop), tuple(findings)


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
