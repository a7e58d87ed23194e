"""Migrations and ledger rows as values, for tests of what a history means."""

from __future__ import annotations

import datetime

from devkit.migrations.applied import Applied
from devkit.migrations.digests import ALGORITHM, file_digest, line_digests, statements_digest
from devkit.migrations.fileset import Migration
from devkit.migrations.source import Source

WHEN = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)


def file(version: int, text: str = "SELECT 1;\nSELECT 2;\n", name: str = "step", folder: str = "m") -> Migration:
    """A migration with one statement a line."""
    full = f"V{version}__{name}.sql"
    return Migration(version, full, Source(f"{folder}/{full}", text))


def row(migration: Migration, applied: int = 2, *, running: bool = False, error: str | None = None) -> Applied:
    """What a ledger has of `migration`, of whose lines so many are applied."""
    text = migration.source.text
    statements = [line.rstrip(";") for line in text.splitlines()]
    frozen = statements_digest(statements[: applied + int(running)])
    return Applied(
        migration.version, migration.name, ALGORITHM, file_digest(text), line_digests(text), len(statements),
        min(applied, len(statements)), running, frozen, error, "devkit", WHEN, 7, "ann@laptop", "0.1.0",
    )  # fmt: skip
