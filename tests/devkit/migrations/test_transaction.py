"""Which files run in one transaction."""

from __future__ import annotations

import pytest

from devkit.finding import Finding
from devkit.migrations.source import Source
from devkit.migrations.statements import split
from devkit.migrations.transaction import in_one_transaction


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("CREATE TABLE t (a int);", True),
        ("CREATE INDEX ON t (a);", True),
        ("CREATE INDEX CONCURRENTLY i ON t (a);", False),
        ("DROP INDEX CONCURRENTLY i;", False),
        ("REINDEX TABLE t;", True),
        ("REINDEX TABLE CONCURRENTLY t;", False),
        ("REINDEX SCHEMA s;", False),
        ("ALTER TABLE t DETACH PARTITION p;", True),
        ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY;", False),
        ("VACUUM t;", False),
        ("ANALYZE t;", True),
        ("CLUSTER;", False),
        ("CLUSTER t USING i;", True),
        ("CREATE DATABASE d;", False),
        ("ALTER SYSTEM SET work_mem = '1MB';", False),
        ("BEGIN; SELECT 1; COMMIT;", False),
        ("-- why\n-- devkit: no-transaction\nSELECT 1;", False),
        ("SELECT 1;\n-- devkit: no-transaction\n", True),
    ],
)
def test_a_file_runs_in_one_transaction_unless_it_cannot_or_says_so(text: str, whole: bool) -> None:
    source = Source("f", text)
    statements = split(source)
    assert not isinstance(statements, Finding)
    assert in_one_transaction(source, statements) is whole
