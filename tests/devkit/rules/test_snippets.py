"""Migrations as people write them (by hand, or as ORMs and pg_dump do), and all that verify says of each of them."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.everyday import first
from tests.examples import Project

CITUS = "CREATE EXTENSION IF NOT EXISTS citus;\n"
PARTS = {
    "@CITUS\n": CITUS,
    "@BETS\n": f"{CITUS}CREATE TABLE bets (tenant_id bigint NOT NULL, id bigint NOT NULL, note text, "
    "PRIMARY KEY (tenant_id, id));\nCREATE TABLE sports (id int PRIMARY KEY, name text);\n"
    "SELECT create_distributed_table('bets', 'tenant_id');\n",
    "@SEQUENTIAL\n": "SET LOCAL citus.multi_shard_modify_mode TO 'sequential';\n",
    "@TOUCH\n": "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n",
}


@dataclasses.dataclass(frozen=True)
class Row:
    """A migration, and (rule, line) of each of its findings, in order."""

    name: str
    text: str
    found: tuple[tuple[str, int], ...]


def read_rows() -> list[Row]:
    """The rows of tests/data/snippets.sql, whose head says how they are written."""
    _, *sections = re.split(r"^-- # ", (ROOT / "tests/data/snippets.sql").read_text(), flags=re.MULTILINE)
    return [row(*section.partition("\n")[::2]) for section in sections]


def row(head: str, text: str) -> Row:
    name, _, found = head.partition(" => ")
    for part, stands_for in PARTS.items():
        text = text.replace(part, stands_for)
    text = re.sub(r"^-- ## .*\n", "", text, flags=re.MULTILINE)
    pairs = [each.rpartition(":") for each in found.split()]
    return Row(name, text, tuple((rule, int(line)) for rule, _, line in pairs))


ROWS = read_rows()


@pytest.mark.parametrize("row", first(8, ROWS), ids=lambda row: row.name)
def test_verify_says_this_and_nothing_else(row: Row, project: Project) -> None:
    findings = project.judge(row.text).findings
    assert tuple((finding.rule, finding.place.line) for finding in findings) == row.found, findings


def test_there_are_at_least_sixty_bad_and_good_ones() -> None:
    assert len(ROWS) >= 60
    assert min(sum(bool(row.found) for row in ROWS), sum(not row.found for row in ROWS)) >= 25


GOOD = ROOT / "tests/data/good"
# What only a real Citus can tell of them, which verify says as information.
LIMITS = {
    "chat": (
        ("V8__message_indexes_concurrently.sql", "shards at the same time"),
        ("V16__archive_procedure.sql", "queries"),
    ),
    "ledger": (("V11__balances_backfill.sql", "queries"),),
    "schemas": (("V14__task_limits_valid.sql", "queries"), ("V19__archive_search.sql", "shards at the same time")),
    "shop": (("V12__title_search_concurrently.sql", "shards at the same time"), ("V18__sales_views.sql", "queries")),
}


@pytest.mark.parametrize("stack", first(2, sorted(path.name for path in GOOD.iterdir())))
def test_good_migrations_stay_without_findings(stack: str, project: Project) -> None:
    for path in (GOOD / stack).iterdir():
        (project.migrations / path.name).write_bytes(path.read_bytes())
    verdict = project.verify()
    found = [(each.rule, each.place.file.rpartition("/")[2], each.object) for each in verdict.findings]
    assert found == [("engine-limit", *limit) for limit in LIMITS.get(stack, ())]
    assert verdict.summary.replayed == 20


def test_the_good_ones_are_a_hundred() -> None:
    assert len([*GOOD.glob("*/V*.sql")]) == 100


def test_what_a_function_does_is_judged_at_its_call(project: Project) -> None:
    hidden = (
        "CREATE FUNCTION hide() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n"
        "  EXECUTE 'CREATE TABLE ' || 'hidden (tenant_id bigint, id int, UNIQUE (id) INCLUDE (tenant_id))';\n"
        "  PERFORM create_distributed_table('hidden', 'tenant_id');\nEND $$;"
    )
    refused = (
        "CREATE FUNCTION refuse() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n"
        "  CREATE TABLE refused (id uuid PRIMARY KEY, tenant_id bigint);\n"
        "  PERFORM create_distributed_table('refused', 'tenant_id');\nEND $$;"
    )
    never = project.judge(f"{CITUS}{hidden}\n{refused}", "SELECT 1;")
    assert never.findings == ()
    called = project.judge(f"{CITUS}{hidden}\n{refused}", "SELECT 1;\nSELECT hide();", "SELECT 1;\nSELECT refuse();")
    assert [(each.rule, Path(each.place.file).name, each.place.line) for each in called.findings] == [
        ("tenant-in-primary-key", "V2__example.sql", 2),
        ("engine-refusal", "V3__example.sql", 2),
    ]
