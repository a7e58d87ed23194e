"""What people and programs see of a database's history: golden text, and a contract."""

from __future__ import annotations

import dataclasses
import json

import jsonschema

from devkit.finding import Place
from devkit.migrate.outcome import Outcome, Planned, Server
from devkit.migrations.fileset import Migration
from devkit.migrations.history import State, read_history
from devkit.report.history import history_json, history_schema, outcome_text, status_text
from devkit.rules.history import history_findings
from devkit.schema.snapshot import Difference
from tests.histories import file, row

SERVER = Server("app@localhost:5432/app", "17.11", "13.0 (stand-in)")


def outcome() -> Outcome:
    """A database in which everything is that can be."""
    five = file(5, "SELECT 5;\nSELECT 0;\n", "old")
    files = [
        _named(1, "a"), _named(2, "b"), file(3, "SELECT 3;\nSELECT 9;\n", "c"), file(5, five.source.text, "renamed"),
        _named(6, "late"), _named(7, "failed"), _named(8, "steps"), _named(9, "call"), _named(10, "new"),
    ]  # fmt: skip
    rows = [
        row(_named(1, "a")), dataclasses.replace(row(_named(2, "b")), origin="flyway"), row(_named(3, "c")),
        row(_named(4, "gone")), row(five), row(_named(7, "failed"), 0, error="no such table"),
        row(_named(8, "steps"), 1, error="division by zero"), row(_named(9, "call"), 1, running=True),
        row(_named(11, "theirs")),
    ]  # fmt: skip
    entries = read_history(files, rows, "m")
    return Outcome(SERVER, entries, findings=tuple(history_findings(entries, "m")))


def _named(version: int, name: str) -> Migration:
    return file(version, f"SELECT {version};\nSELECT 0;\n", name)


GOLDEN = """\
V1__a.sql        applied       2026-11-24 12:00:00 UTC  ann@laptop  2 statements, 7 ms
V2__b.sql        baseline      2026-11-24 12:00:00 UTC  ann@laptop  2 statements, taken over from flyway
V3__c.sql        changed       line 2 is not what ann@laptop applied 2026-11-24 12:00:00 UTC
V4__gone.sql     missing       applied 2026-11-24 12:00:00 UTC by ann@laptop, and its file is gone
V5__renamed.sql  renamed       applied as V5__old.sql by ann@laptop 2026-11-24 12:00:00 UTC, and renamed since
V6__late.sql     out of order  it came after version 11 was applied here, and runs before it elsewhere
V7__failed.sql   failed        failed 2026-11-24 12:00:00 UTC for ann@laptop, and nothing of it stayed: no such table
"""


def read_line(place: Place) -> str | None:
    return f"line {place.line}"


def text(pieces: object) -> str:
    return "".join(piece for piece, _ in pieces)  # type: ignore[attr-defined]  # pairs, whoever makes them


def test_status_has_a_line_for_each_version_and_then_what_to_do() -> None:
    shown = text(status_text(outcome(), read_line))
    assert shown.startswith(GOLDEN)
    assert {entry.state for entry in outcome().entries} == set(State) - {State.PENDING}
    for entry in outcome().entries:
        assert entry.message in shown or entry.state in {State.APPLIED, State.BASELINE}
        assert entry.help in shown or entry.state in {State.APPLIED, State.BASELINE, State.PENDING}
    assert shown.endswith(
        "✘ 1 applied, 1 baseline, 1 changed, 1 failed, 1 future, 1 missing, 2 out of order, 2 partial, 1 renamed\n"
        "  app@localhost:5432/app: PostgreSQL 17.11, citus 13.0 (stand-in)\n"
    )


MIGRATED = """\
the live schema is not what the files make:
  column public.bets.note  infra/migrations/V1__a.sql:3
    - files: number 2: text
    + live:  not there
  schema app
    - files: not there
    + live:  there
  → undo by hand what no file did, or put it into a file: ./inv new NAME

  would apply V2__b.sql: 1 statement, in one transaction
  would apply V3__c.sql: 2 statements, each commits by itself
  nobody looked
✘ 1 file applied now; no migrations
  app@localhost:5432/app: PostgreSQL 17.11, without citus
"""


def test_migrate_shows_what_was_done_what_differs_and_what_would_be() -> None:
    planned = (Planned("V2__b.sql", 1, True), Planned("V3__c.sql", 2, False))
    found = Outcome(
        Server("app@localhost:5432/app", "17.11", None), (), ("V1__a.sql",), planned, (),
        (
            Difference("column public.bets.note", "number 2: text", None, Place("infra/migrations/V1__a.sql", 3)),
            Difference("schema app", None, ""),
        ), "nobody looked", "1 file applied now",
    )  # fmt: skip
    assert text(outcome_text(found, read_line)) == MIGRATED


def test_many_differences_are_cut_short() -> None:
    many = tuple(Difference(f"table public.t{n}", None, "table") for n in range(25))
    shown = text(outcome_text(Outcome(SERVER, (), differences=many), read_line))
    assert (shown.count("+ live:"), "… and 5 more (--format json has all)" in shown) == (20, True)


def test_the_json_keeps_the_schema() -> None:
    report = json.loads(history_json("status", outcome()))
    jsonschema.validate(report, json.loads(history_schema()))
    assert report["history"][6]["row"] == {
        "statements": 2, "applied": 0, "started_at": "2026-11-24T12:00:00+00:00", "milliseconds": 7,
        "by_whom": "ann@laptop", "devkit": "0.1.0", "origin": "devkit",
    }  # fmt: skip
