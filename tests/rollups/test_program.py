"""`python -m examples.rollups`: what it says, and how it ends."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import psycopg
import pytest

from examples.rollups import __main__ as program
from examples.rollups.record import record
from tests.checkout import Result
from tests.rollups.brand import MIDNIGHT, Brand, counted
from tests.rollups.program import lines, start

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs it in this process: (words…, dsn=…, events=…)."""

    def run_one(*words: str, dsn: str | None, events: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["rollups", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(events)))
        monkeypatch.setenv("DEVKIT_DSN", dsn) if dsn else monkeypatch.delenv("DEVKIT_DSN", raising=False)
        code = program.main()
        return Result(code, *capsys.readouterr())

    return run_one


def test_it_is_a_program(brand: Brand) -> None:
    with start(brand.database, "record", events=lines([brand.placed()])) as process:
        out, _ = process.communicate(timeout=120)
    assert (process.returncode, out) == (0, b"line 1 recorded\n")


def test_a_refused_line_stops_no_other(run: Run, brand: Brand) -> None:
    placed = brand.placed()
    stranger = brand.settled(brand.placed(), MIDNIGHT)
    text = lines([placed]) + b'{"tenant": 1}\nno JSON\n' + lines([stranger, placed])
    done = run("record", dsn=brand.database, events=text)
    said = done.out.splitlines()
    assert said[0] == "line 1 recorded"
    assert [each.startswith(f"line {n} refused: not an event: ") for n, each in enumerate(said[1:3], 2)] == [True, True]
    assert said[3:] == [
        f"line 4 refused: there is no bet {stranger.bet}: deliver this again after its placing",
        "line 5 was recorded before",
    ]
    assert (done.code, done.err) == (1, "")
    assert brand.kept() == counted([placed])


def test_check_says_what_backfill_then_makes(run: Run, connection: psycopg.Connection, brand: Brand) -> None:
    record(connection, brand.placed(stake=700))
    tenant = ("--tenant", str(brand.tenant))
    assert run("check", *tenant, dsn=brand.database) == Result(0, "totals that differ from what they count: 0\n", "")
    brand.forget_totals()
    checked = run("check", *tenant, dsn=brand.database)
    assert (checked.code, checked.err) == (1, "")
    *named, last = checked.out.splitlines()
    assert named[0] == f"tenant {brand.tenant}, 2026-02-01 EUR: kept 0 bets of 0, counted 1 bets of 700"
    assert (len(named), last) == (2, "totals that differ from what they count: 2")
    made = run("backfill", *tenant, dsn=brand.database)
    said = [*(f"{line}: made again" for line in named), "totals made again: 2"]
    assert (made.code, made.out.splitlines(), made.err) == (0, said, "")
    assert run("check", *tenant, dsn=brand.database).code == 0


def test_all_tenants_are_looked_at_where_none_is_named(run: Run, connection: psycopg.Connection, brand: Brand) -> None:
    record(connection, brand.placed())
    brand.forget_totals()
    checked = run("check", dsn=brand.database)
    assert checked.code == 1
    assert f"tenant {brand.tenant}, 2026-02-01 EUR" in checked.out
    assert run("backfill", dsn=brand.database).code == 0
    assert run("check", dsn=brand.database).code == 0


def test_without_a_database_it_says_how_to_name_one(run: Run) -> None:
    done = run("check", dsn=None)
    assert (done.code, done.out) == (2, "")
    assert "export DEVKIT_DSN=" in done.err


def test_a_database_that_cannot_be_used_is_said_with_what_to_do(run: Run, brand: Brand) -> None:
    without_tables = psycopg.conninfo.make_conninfo(brand.database, options="-c search_path=pg_temp")
    nowhere = psycopg.conninfo.make_conninfo(brand.database, dbname="nobody_made_this")
    for dsn, says in ((without_tables, "./inv migrate"), (nowhere, "run the same command again")):
        done = run("check", dsn=dsn)
        assert (done.code, done.out) == (2, "")
        assert says in done.err
