"""What runs outside of a transaction, and which of it can be asked about afterwards."""

from __future__ import annotations

import pytest

from devkit.migrations.probe import outside, probe
from devkit.migrations.source import Source
from devkit.migrations.statements import Statement
from devkit.migrations.transaction import in_one_transaction, opening

ASKED = {
    "CREATE INDEX CONCURRENTLY i ON s.t (a)": ('"s"."t"', "i"),
    'DROP INDEX CONCURRENTLY "S".i': ('"S"."i"',),
    "REINDEX TABLE CONCURRENTLY t": {"name": '"t"'},
    "REINDEX SCHEMA public": (),
    "VACUUM t": (),
    "CLUSTER": (),
    "ALTER SYSTEM SET work_mem = '1MB'": (),
    "ALTER TABLE p DETACH PARTITION c CONCURRENTLY": ('"p"', '"c"'),
    "CREATE DATABASE d": ("d",),
    "DROP DATABASE d": ("d", "false"),
    "CREATE TABLESPACE x LOCATION '/x'": ("x", "true"),
    "DROP TABLESPACE x": ("x", "false"),
    "CREATE SUBSCRIPTION u CONNECTION '' PUBLICATION p": ("u", "true"),
    "DROP SUBSCRIPTION u": ("u", "false"),
    "SELECT create_distributed_table_concurrently('s.t', 'a')": ("s.t",),
    "SELECT create_distributed_table_concurrently('t'::regclass, 'a')": ("t",),
}
NOBODY_KNOWS = (
    "CALL work()",
    "DO $$ BEGIN COMMIT; END $$",
    "CREATE INDEX CONCURRENTLY ON t (a)",
    "SELECT create_distributed_table_concurrently((SELECT 't'::regclass), 'a')",
)
INSIDE = (
    "CREATE INDEX i ON t (a)",
    "DROP INDEX i",
    "REINDEX INDEX i",
    "DO $$ BEGIN PERFORM 1; END $$",
    "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$",
    "ALTER TABLE p DETACH PARTITION c",
    "ANALYZE t",
    "CLUSTER t",
    "SELECT create_distributed_table('t', 'a')",
    "SELECT 1",
)


def statement(text: str) -> Statement:
    return Statement(Source("f", text), 0, len(text))


@pytest.mark.parametrize(("text", "values"), ASKED.items())
def test_what_runs_alone_can_be_asked_about(text: str, values: object) -> None:
    asked = probe(statement(text))
    assert outside(statement(text))
    assert asked is not None
    assert asked.parameters == values


@pytest.mark.parametrize("text", NOBODY_KNOWS)
def test_what_nobody_can_tell(text: str) -> None:
    assert (outside(statement(text)), probe(statement(text))) == (True, None)


@pytest.mark.parametrize("text", INSIDE)
def test_everything_else_commits_with_its_progress(text: str) -> None:
    assert not outside(statement(text))


@pytest.mark.parametrize("text", [text for text in ASKED if not text.startswith("SELECT")])
def test_one_statement_that_runs_alone_takes_its_file_out_of_the_transaction(text: str) -> None:
    source = Source("f", f"{text};")
    assert not in_one_transaction(source, (statement(text),))


def test_the_header_chooses_how_a_transaction_begins() -> None:
    assert opening(Source("f", "SELECT 1;")) == ("BEGIN",)
    assert opening(Source("f", "-- a note\n-- devkit: sequential\nSELECT 1;"))[1].endswith("TO 'sequential'")
    assert opening(Source("f", "SELECT 1;\n-- devkit: sequential\n")) == ("BEGIN",)
