"""What people and programs see of a verdict: golden text, and JSON that keeps the committed schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from devkit.finding import Finding, Place, Severity
from devkit.report import json_schema, to_json, to_text
from devkit.verify.verdict import Engine, Summary, Verdict

SCHEMA = Path(__file__).resolve().parents[2] / "docs/reference/report.schema.json"

LINES = {1: "CREATE TABLE bets (", 2: "\tid uuid PRIMARY KEY, -- 賭け", 3: "x" * 400}

VERDICT = Verdict(
    Engine("embedded", "17.11", "13.0 (stand-in)"),
    (
        Finding("engine-refusal", Severity.ERROR, "cannot", "do this", Place("m/V2__b.sql", 2, 10, 2, 21), "0A000"),
        Finding("floating-image", Severity.WARNING, "moves", "pin it", Place("k/a.yaml", 3, 300, 3, 310)),
        Finding("stray-file", Severity.INFO, "ignored", "move it", Place("m/V2__b.sql.old")),
    ),
    Summary(
        files=2, replayed=1, statements=3, distributed=1, reference=0, plain=2, images=1, errors=1, warnings=1, infos=1
    ),
    {"read": 1, "replay": 2, "total": 1234},
)

GOLDEN = f"""\
m/V2__b.sql:2:10: error: cannot [engine-refusal 0A000]
  2 | \tid uuid PRIMARY KEY, -- 賭け
    | \t        ^^^^^^^^^^^
  → do this

k/a.yaml:3:300: warning: moves [floating-image]
  3 | {"x" * 140}
    | {" " * 70}^^^^^^^^^^
  → pin it

m/V2__b.sql.old:1:1: info: ignored; move it [stray-file]
phases: read 1 ms
✘ 1 error, 1 warning in 2 migrations and 1 image
  1 replayed (3 statements): 1 distributed, 0 reference, 2 plain tables
  engine embedded: PostgreSQL 17.11, citus 13.0 (stand-in)
  1.23 s
"""


def read_line(place: Place) -> str | None:
    return LINES.get(place.line)


def test_the_text_shows_line_and_caret_cure_engine_and_time() -> None:
    text = "".join(piece for piece, _ in to_text(VERDICT, read_line, verbose=("phases: read 1 ms",)))
    assert text == GOLDEN


def test_a_line_that_cannot_be_read_is_left_out() -> None:
    text = "".join(piece for piece, _ in to_text(VERDICT, lambda place: None))  # noqa: ARG005 - a reader of nothing
    assert " | " not in text


def test_the_json_keeps_the_committed_schema_and_the_schema_is_current() -> None:
    report = json.loads(to_json("verify", VERDICT))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(report)
    assert SCHEMA.read_bytes() == json_schema(), "write it anew: python -m tests.golden"
    assert report["findings"][0]["end_column"] == 21
    assert list(report) == ["version", "command", "engine", "findings", "summary", "timings_ms"]
