"""./inv conformance: recorded verdicts against an engine, and an engine's verdicts recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN
from tests.checkout import Checkout
from tests.everyday import first
from tests.server import Server, running

BETS = "CREATE TABLE bets (tenant_id bigint, id bigint)"
DISTRIBUTE = "SELECT create_distributed_table('bets', 'tenant_id')"
KEY = "ALTER TABLE bets ADD CONSTRAINT k UNIQUE (id)"
REFUSED = {"sqlstate": "0A000", "message": 'cannot create constraint on "bets"'}
TABLES = {"public.bets": {"kind": "distributed", "column": "tenant_id", "colocated_with": "public.bets"}}


def case(name: str, *statements: str, verdicts: list[Any], tables: dict[str, Any]) -> dict[str, Any]:
    group, _, _ = name.partition("-")
    return {"id": name, "group": group, "statements": list(statements), "verdicts": verdicts, "tables": tables}


RIGHT = case("good-1", BETS, DISTRIBUTE, verdicts=["ok", "ok"], tables=TABLES)
REFUSING = case("key-1", BETS, DISTRIBUTE, KEY, verdicts=["ok", "ok", REFUSED], tables=TABLES)
OTHER_MESSAGE = case("key-2", BETS, DISTRIBUTE, KEY, verdicts=["ok", "ok", {**REFUSED, "message": "no"}], tables={})
OTHER_TABLES = case("good-2", BETS, DISTRIBUTE, verdicts=["ok", "ok"], tables={})


def write(file: Path, *cases: dict[str, Any]) -> Path:
    file.write_text("".join(f"{json.dumps(each)}\n" for each in cases))
    return file


@pytest.mark.full
def test_groups_mismatches_and_the_total_are_shown(checkout: Checkout, tmp_path: Path) -> None:
    file = write(tmp_path / "cases.jsonl", RIGHT, REFUSING, OTHER_MESSAGE, OTHER_TABLES)
    shown = checkout.run("conformance", str(file))
    assert shown.code == 1
    lines = shown.out.splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["good", "1", "of", "2", "50.0", "%"],
        ["key", "1", "of", "2", "50.0", "%"],
        ["with", "a", "refusal", "1", "of", "2", "50.0", "%"],
    ]
    for words in (
        f"key-2 (key): {KEY}",
        "expected 0A000: no",
        'got      0A000: cannot create constraint on "bets"',
        "good-2 (good): the Citus tables at its end",
        "expected no Citus table",
        "got      public.bets distributed by tenant_id, colocated with public.bets",
    ):
        assert words in shown.out
    assert lines[-1].split()[:7] == ["total", "2", "of", "4", "50.0", "%", "engine"]


@pytest.mark.full
def test_at_least_decides_the_exit_code(checkout: Checkout, tmp_path: Path) -> None:
    file = write(tmp_path / "cases.jsonl", RIGHT, OTHER_TABLES)
    assert checkout.run("conformance", str(file), "--at-least", "50").code == 0
    assert checkout.run("conformance", str(file), "--at-least", "50.1").code == 1


@pytest.mark.full
def test_other_words_and_json(checkout: Checkout, tmp_path: Path) -> None:
    file = write(tmp_path / "cases.jsonl", RIGHT, REFUSING)
    done = checkout.run("conformance", str(file), "--vary", "--format", "json")
    report = done.report()
    assert (done.code, report["varied"], report["total"]) == (0, True, {"name": "total", "right": 2, "cases": 2})
    assert report["engine"] == {"name": "embedded", "postgres": "17.11", "citus": "13.0 (stand-in)"}


@pytest.mark.full
def test_the_default_is_the_shard_count_of_the_recorded_server(checkout: Checkout, tmp_path: Path) -> None:
    other = "SELECT create_distributed_table('other', 'id', shard_count => 4)"
    together = {**TABLES, "public.other": {"kind": "distributed", "column": "id", "colocated_with": "public.bets"}}
    four = case("four", BETS, DISTRIBUTE, "CREATE TABLE other (id bigint)", other, verdicts=["ok"] * 4, tables=together)
    done = checkout.run("conformance", str(write(tmp_path / "cases.jsonl", four)))
    assert (done.code, done.out.splitlines()[-1].split()[4]) == (0, "100.0"), done


@pytest.fixture(scope="module")
def server(found: Cache) -> Iterator[Server]:
    with running(found) as started:
        yield started


@pytest.mark.full
def test_what_a_server_says_is_recorded_and_replayed_it_is_all_right(
    checkout: Checkout, server: Server, tmp_path: Path
) -> None:
    asked = write(
        tmp_path / "asked.jsonl",
        {"id": "a", "group": "key", "statements": [BETS, DISTRIBUTE, KEY, "SELECT 1/0", "CREATE ROLE stays"]},
        {"id": "b", "group": "key", "statements": ["CREATE ROLE stays", BETS, "BEGIN", DISTRIBUTE]},
    )
    words = ("--engine", "dsn", "--dsn", server.dsn(ADMIN, "postgres"))
    done = checkout.run("conformance", str(asked), *words, "--record", str(tmp_path / "recorded.jsonl"))
    assert (done.code, "says to 2 cases" in done.err) == (0, True), done
    one, two = map(json.loads, (tmp_path / "recorded.jsonl").read_text().splitlines())
    assert [verdict if verdict == "ok" else verdict["sqlstate"] for verdict in one["verdicts"]] == [
        "ok", "ok", "0A000", "22012", "ok",
    ]  # fmt: skip
    assert (one["tables"], two["tables"], two["verdicts"]) == (TABLES, {}, ["ok"] * 4)
    for who in (words, ()):
        again = checkout.run("conformance", str(tmp_path / "recorded.jsonl"), *who)
        assert (again.code, "100.0 %" in again.out.splitlines()[-1]) == (0, True), again
    with server.admin() as admin:
        left = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'devkit%'").fetchall()
        assert (left, admin.execute("SELECT FROM pg_roles WHERE rolname = 'stays'").fetchall()) == ([], [])


def test_the_limits_are_listed(checkout: Checkout) -> None:
    shown = checkout.run("conformance", "--limits")
    assert shown.code == 0
    for word in ("workers", "ICU", "queries", "columnar", "extensions"):
        assert f"{word}\n" in shown.out


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "words", "said"),
    first(
        3,
        [
            (None, (), "name the file: ./inv conformance FILE.jsonl"),
            ('{"id": "a"}\n', ("FILE",), "FILE:1 is no recorded case"),
            ("\n", ("FILE",), "FILE holds no case"),
            (None, ("nowhere.jsonl",), "nowhere.jsonl cannot be read"),
            ('{"id": "a", "group": "b", "statements": []}', ("FILE",), "FILE:1 asks nothing"),
            ('{"id": "a", "group": "b", "statements": ["x"]}', ("FILE",), "case a of FILE has no verdicts"),
            ('{"id": "a", "group": "b", "statements": ["x"], "verdicts": ["ok", "ok"]}', ("FILE",), "2 verdicts"),
            ('{"id": "a", "group": "b", "statements": ["x"], "more": 1}', ("FILE",), "`more`"),
            ("", ("FILE", "--at-least", "many"), "--at-least many is no percentage"),
            ("", ("FILE", "--at-least", "9", "--record", "x"), "--at-least says nothing with --record"),
            ("", ("FILE", "--vary", "--record", "x"), "--vary says nothing with --record"),
            ("", ("FILE", "--limits"), "a file says nothing with --limits"),
            (None, ("--limits", "--vary"), "--vary says nothing with --limits"),
            (None, ("--limits", "--format", "json"), "--format json says nothing with --limits"),
            ("", ("FILE", "--engine", "dsn"), "--engine dsn names no server"),
            ("", ("FILE", "--format", "xml"), "--format xml is not known"),
        ],
    ),
)
def test_what_cannot_be_meant_is_said(
    checkout: Checkout, tmp_path: Path, text: str | None, words: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(text or "")
    done = checkout.run("conformance", *(str(file) if word == "FILE" else word for word in words))
    assert (done.code, done.out) == (2, "")
    assert said.replace("FILE", str(file)) in done.err.replace("./inv conformance FILE", f"./inv conformance {file}")
