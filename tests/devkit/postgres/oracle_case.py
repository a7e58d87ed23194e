"""A recorded case of a real Citus, and what the stand-in answers to it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pglast
import psycopg
from pglast.parser import ParseError

from devkit.postgres.standin.before import facts_before

FILE = Path(__file__).resolve().parents[2] / "data/citus-13.0.jsonl"

_TABLES = """
SELECT n.nspname || '.' || c.relname,
       CASE WHEN p.partmethod IN ('h', 'r', 'a') THEN 'distributed' WHEN p.repmodel = 't' THEN 'reference'
            WHEN p.colocationid = 0 THEN 'local' ELSE 'single_shard' END,
       column_to_column_name(p.logicalrelid, p.partkey),
       CASE WHEN p.colocationid <> 0 THEN min(n.nspname || '.' || c.relname) OVER (PARTITION BY p.colocationid) END
  FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid JOIN pg_namespace n ON n.oid = c.relnamespace"""


@dataclasses.dataclass(frozen=True)
class Case:
    """One line of the oracle."""

    id: str
    group: str
    statements: tuple[str, ...]
    verdicts: tuple[Any, ...]
    tables: dict[str, dict[str, str]]


@dataclasses.dataclass(frozen=True)
class Answer:
    """Whether the stand-in answered as the real server did, and where it did not."""

    right: bool
    details_right: bool
    difference: str


def cases() -> list[Case]:
    """Every recorded case."""
    lines = map(json.loads, FILE.read_text("utf-8").splitlines())
    return [
        Case(line["id"], line["group"], tuple(line["statements"]), tuple(line["verdicts"]), line["tables"])
        for line in lines
    ]


def ask(connection: psycopg.Connection, case: Case) -> Answer:
    """Run the statements one by one; what counts is everything up to the first refusal, or the tables at the end."""
    for statement, recorded in zip(case.statements, case.verdicts, strict=True):
        given = _run(connection, statement)
        expected = None if recorded == "ok" else recorded
        if given is None and expected is None:
            continue
        same = (given is None) == (expected is None) and (
            expected is None
            or given is None
            or (given["sqlstate"], given["message"]) == (expected["sqlstate"], expected["message"])
        )
        difference = "" if same else f"{statement}\n  real: {expected}\n  here: {given}"
        details = same and all((given or {}).get(key) == (expected or {}).get(key) for key in ("detail", "hint"))
        return Answer(same, details, difference or f"{statement}\n  real: {expected}\n  here: {given}")
    tables = {
        name: {key: value for key, value in zip(("kind", "column", "colocated_with"), rest, strict=True) if value}
        for name, *rest in connection.execute(_TABLES).fetchall()
    }
    right = tables == case.tables
    return Answer(right, right, f"{case.statements}\n  real: {case.tables}\n  here: {tables}")


def _run(connection: psycopg.Connection, statement: str) -> dict[str, str | None] | None:
    """None when the server accepts the statement, else what it says."""
    try:
        facts = facts_before(pglast.parse_sql(statement)[0].stmt)
    except ParseError:
        facts = None  # the server will say so in its own words
    try:
        if facts is not None:
            connection.execute("SELECT citus_internal.before_statement(%s::jsonb)", (json.dumps(facts),))
        connection.execute(statement.encode())
    except psycopg.Error as error:
        said = error.diag
        return {
            "sqlstate": error.sqlstate,
            "message": said.message_primary,
            "detail": said.message_detail,
            "hint": said.message_hint,
        }
    return None
