"""What people see of a verdict: golden text."""

from __future__ import annotations

import dataclasses

from devkit.finding import Place
from devkit.report.text import how_long, to_text
from tests.devkit.report.verdict import VERDICT

LINES = {1: "CREATE TABLE bets (", 2: "\tid uuid PRIMARY KEY, -- 賭け", 3: "x" * 400}

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
  identity {VERDICT.identity.digest[:12]}
"""


def read_line(place: Place) -> str | None:
    return LINES.get(place.line)


def test_the_text_shows_line_and_caret_cure_engine_and_time() -> None:
    text = "".join(piece for piece, _ in to_text(VERDICT, read_line, verbose=("phases: read 1 ms",)))
    assert text == GOLDEN


def unreadable(_place: Place) -> str | None:
    return None


def test_a_line_that_cannot_be_read_is_left_out() -> None:
    text = "".join(piece for piece, _ in to_text(VERDICT, unreadable))
    assert " | " not in text


def test_time_and_cache_are_said_apart_since_they_differ_from_run_to_run() -> None:
    assert how_long(VERDICT) == "1.23 s"
    cached = dataclasses.replace(VERDICT, cached=True)
    assert how_long(cached) == "1.23 s, unchanged since the last run (--no-cache replays)"


def test_what_is_not_shown_is_counted() -> None:
    hidden = dataclasses.replace(
        VERDICT, findings=(), summary=dataclasses.replace(VERDICT.summary, ignored=2, baseline=3)
    )
    text = "".join(piece for piece, _ in to_text(hidden, read_line))
    assert "  not shown: 2 ignored with a reason, 3 in the baseline\n" in text
