"""./inv schema: printed, written down, compared, drawn; and what verify says when it is not as written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN
from tests.checkout import Checkout
from tests.server import Server, running

BETS = """CREATE EXTENSION citus;
CREATE TABLE currencies (code text PRIMARY KEY);
CREATE TABLE accounts (account bigint PRIMARY KEY, code text REFERENCES currencies);
CREATE TABLE bets (
    account bigint,
    amount numeric(10, 2) NOT NULL
);
SELECT create_reference_table('currencies');
SELECT create_distributed_table('accounts', 'account');
"""


@pytest.fixture
def bets(empty: Checkout) -> Checkout:
    """Three tables, one of each kind, written down."""
    empty.clear()
    (empty.migrations / "V1__bets.sql").write_text(BETS)
    done = empty.run("schema", "--write")
    assert done.code == 0, done
    return empty


def test_it_is_written_down_and_verify_compares(bets: Checkout) -> None:
    lock = bets.root / "infra/schema.lock"
    assert lock.read_text() == bets.run("schema").out
    assert "table public.accounts: distributed by account\n" in lock.read_text()
    assert bets.verify().found() == []

    (bets.migrations / "V2__more.sql").write_text(
        "SELECT 1;\nALTER TABLE bets\n  ADD COLUMN note text;\nSELECT create_distributed_table('bets', 'account');\n"
    )
    stale = bets.verify()
    assert stale.found() == [("schema-lock", "infra/migrations/V2__more.sql", 3, 14)], stale.out
    (finding,) = (each for each in stale.report()["findings"] if each["rule"] == "schema-lock")
    assert "./inv schema --write" in finding["help"]
    written = bets.run("schema", "--write")
    assert "~ table public.bets" in written.err
    assert "+ column public.bets.note" in written.err
    assert bets.verify().found() == []


@pytest.mark.full
def test_a_difference_is_named_with_the_line_that_made_it(bets: Checkout) -> None:
    lock = bets.root / "infra/schema.lock"
    assert bets.run("schema", "--diff", "infra/schema.lock").code == 0
    lock.write_text(lock.read_text().replace("numeric(10,2)", "numeric(9,2)"))
    differs = bets.run("schema", "--diff", "infra/schema.lock")
    assert differs.code == 1
    assert differs.out.splitlines() == [
        "column public.bets.amount  infra/migrations/V1__bets.sql:6",
        "  - number 2: numeric(9,2) NOT NULL",
        "  + number 2: numeric(10,2) NOT NULL",
        "✘ 1 object in infra/schema.lock otherwise than the migrations make",
    ]
    report = bets.run("schema", "--diff", "infra/schema.lock", "--format", "json").report()
    differing = [(each["object"], each["place"]["line"]) for each in report["differences"]]
    assert differing == [("column public.bets.amount", 6)]


@pytest.mark.full
def test_the_lock_may_be_elsewhere_and_json_has_everything(bets: Checkout) -> None:
    assert bets.run("schema", "--write", "--lock", "other.lock").code == 0
    assert (bets.root / "other.lock").read_text() == (bets.root / "infra/schema.lock").read_text()
    report = bets.run("schema", "--format", "json").report()
    assert len(report["fingerprint"]) == 64
    amount = next(each for each in report["entries"] if each["part"] == "column amount")
    assert (amount["object"], amount["number"], amount["text"]) == ("table public.bets", 2, "numeric(10,2) NOT NULL")


@pytest.mark.full
def test_the_diagram(bets: Checkout) -> None:
    assert bets.run("schema", "--diagram").out == (
        "flowchart LR\n"
        '  subgraph g1["colocated, 32 shards, by bigint"]\n'
        '    t1["public.accounts<br/>by account"]\n'
        "  end\n"
        '  subgraph g2["reference tables, on every node"]\n'
        '    t3["public.currencies"]\n'
        "  end\n"
        '  subgraph g3["not distributed"]\n'
        '    t2["public.bets"]\n'
        "  end\n"
        "  t1 --> t3\n"
    )


@pytest.fixture(scope="module")
def server(found: Cache) -> Iterator[Server]:
    with running(found) as started:
        yield started


@pytest.mark.full
def test_a_living_database_is_compared(bets: Checkout, server: Server) -> None:
    url = server.database()
    missing = bets.run("schema", "--diff", url)
    assert (missing.code, "not in" in missing.out) == (1, True), missing
    assert bets.run("migrate", "--dsn", url).code == 0
    same = bets.run("schema", "--diff", url)
    assert (same.code, "is what the migrations make" in same.out) == (0, True), same.out
    there = bets.run("schema", "--engine", "dsn", "--dsn", server.dsn(ADMIN, "postgres"))
    assert there.out == bets.run("schema").out, there


@pytest.mark.full
def test_without_all_migrations_there_is_no_schema(bets: Checkout) -> None:
    before = (bets.root / "infra/schema.lock").read_bytes()
    (bets.migrations / "V2__bad.sql").write_text("SELECT 1/0;\n")
    done = bets.run("schema", "--write")
    assert (done.code, "no schema: not all of the migrations run" in done.err) == (1, True), done
    assert (bets.root / "infra/schema.lock").read_bytes() == before


@pytest.mark.full
def test_what_is_no_lock_is_said(bets: Checkout) -> None:
    (bets.root / "infra/schema.lock").write_text("nonsense\n")
    assert [each[:2] for each in bets.verify().found()] == [("schema-lock", "infra/schema.lock")]
    done = bets.run("schema", "--diff", "infra/schema.lock")
    assert (done.code, "infra/schema.lock:1 is no line of a schema" in done.err) == (2, True)


@pytest.mark.full
def test_only_a_lock_is_written_over(bets: Checkout) -> None:
    lock = bets.root / "infra/schema.lock"
    damaged = lock.read_text().replace("table public.bets:", "<<<<<<< HEAD\ntable public.bets:")
    lock.write_text(damaged)
    assert bets.run("schema", "--write").code == 0
    assert "<<<<<<<" not in lock.read_text()
    other = bets.root / "notes.md"
    other.write_text("# Notes\n")
    done = bets.run("schema", "--write", "--lock", "notes.md")
    assert (done.code, "notes.md is no schema.lock: nothing was written" in done.err) == (2, True), done
    assert other.read_text() == "# Notes\n"


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--write", "--diagram"), "exclude each other"),
        (("--lock", "x"), "--lock says nothing without --write"),
        (("--write", "--format", "json"), "--format json says nothing with --write"),
        (("--diagram", "--format", "json"), "--format json says nothing with --diagram"),
        (("--diff", "nowhere"), "nowhere cannot be read"),
        (("--diff", "postgresql://u:secret@h/d"), "~/.pgpass"),
        (("--write", "--lock", "infra/schema.lock/x"), "x cannot be read"),
        (("--migrations", "nowhere"), "does not exist"),
        (("--engine", "oracle"), "--engine oracle is not known"),
        (("--format", "xml"), "--format xml is not known"),
    ],
)
def test_what_cannot_be_meant_is_said(bets: Checkout, words: tuple[str, ...], said: str) -> None:
    done = bets.run("schema", *words)
    assert (done.code, done.out, said in done.err) == (2, "", True), done.err
    assert "secret" not in done.err
