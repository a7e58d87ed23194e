"""Each option changes something; relative folders are the user's, whatever folder that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checkout import Checkout
from tests.everyday import first

BAD = "SELEC 1;\n"


@pytest.fixture
def other(empty: Checkout) -> Path:
    """Other folders than the configured ones, with an error each."""
    (empty.migrations / "V1__good.sql").write_text("SELECT 1;\n")
    other = empty.root / "docs/other"
    (other / "m").mkdir(parents=True)
    (other / "k").mkdir()
    (other / "m/V1__bad.sql").write_text(BAD)
    (other / "k/bad.yaml").write_text("kind: Pod\nspec: {containers: [{image: redis}]}\n")
    return other


@pytest.mark.full
def test_migrations_and_manifests_name_other_folders_from_where_the_user_is(empty: Checkout, other: Path) -> None:
    assert empty.verify().found() == []
    assert empty.run("verify", "--format", "json", "--migrations", "m", cwd=other).found() == [
        ("syntax-error", "docs/other/m/V1__bad.sql", 1, 1)
    ]
    assert empty.run("verify", "--format", "json", "--manifests", "../other/k", cwd=other).found() == [
        ("floating-image", "docs/other/k/bad.yaml", 2, 29)
    ]


@pytest.mark.full
def test_the_text_shows_the_line_of_a_file_outside_the_checkout(
    empty: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "V1__bad.sql").write_text(BAD)
    result = empty.run("verify", "--migrations", str(outside))
    assert f"{outside}/V1__bad.sql:1:1: error" in result.out
    assert "  1 | SELEC 1;\n    | ^^^^^\n" in result.out


@pytest.mark.full
def test_verbose_shows_phases_cache_rules_and_stand_ins(empty: Checkout, other: Path) -> None:
    del other
    plain, verbose = empty.run("verify").out, empty.run("verify", "-v").out
    for word in ("phases:", str(empty.cache), "uuid-ossp", "no-triggers"):
        assert word in verbose
        assert word not in plain


@pytest.mark.full
def test_the_configured_folders_database_and_owner_are_used(empty: Checkout) -> None:
    (empty.root / "sql").mkdir()
    (empty.root / "sql/V1__a.sql").write_text("GRANT CONNECT ON DATABASE shop TO keeper;\n")
    for line in ('migrations = "sql"', 'database = "shop"', 'owner = "keeper"'):
        assert empty.verify().code != 0
        empty.configure(line)
    assert empty.verify().code == 0


@pytest.mark.full
def test_the_tenant_column_is_named_in_the_cure(empty: Checkout) -> None:
    empty.configure('tenant-column = "shop_id"')
    (empty.migrations / "V1__a.sql").write_text(
        "CREATE EXTENSION citus;\nCREATE TABLE t (id int PRIMARY KEY, shop_id int);\n"
        "SELECT create_distributed_table('t', 'shop_id');\n"
    )
    (finding,) = empty.verify().report()["findings"]
    assert "(shop_id, …)" in finding["help"]


def test_watch_takes_folders_too(empty: Checkout, other: Path) -> None:
    del other
    result = empty.run("watch", "--migrations", "nowhere/at/all", "--engine", "oracle")
    assert (result.code, "write one of: embedded, dsn" in result.err) == (2, True)


def test_list_shows_the_verbs_and_help_the_options(empty: Checkout) -> None:
    listed = empty.run("--list")
    assert listed.code == 0
    assert [word for word in ("verify", "watch", "check", "test", "bench") if word not in listed.out] == []
    helped = empty.run("--help", "verify").out
    for option in ("--migrations", "--manifests", "--engine", "--dsn", "--format", "cache", "--verbose"):
        assert option in helped


@pytest.mark.parametrize(
    ("words", "said"),
    first(
        2,
        [
            (("--format", "xml"), "write one of: text, json, github, sarif"),
            (("--write",), "add: --baseline FILE"),
            (("--since", "main"), "add: --locks"),
            (("--explain", "no-trigers"), "did you mean no-triggers?"),
            (("--explain", "no-triggers", "--format", "json"), "leave --format out"),
        ],
    ),
)
def test_options_that_say_nothing_together_say_what_to_write(
    empty: Checkout, words: tuple[str, ...], said: str
) -> None:
    result = empty.run("verify", *words)
    assert (result.code, result.out, said in result.err) == (2, "", True), result


@pytest.mark.full
def test_explain_shows_a_rule_and_judges_nothing(empty: Checkout) -> None:
    (empty.migrations / "V1__bad.sql").write_text(BAD)
    one, every = empty.run("verify", "--explain", "no-triggers"), empty.run("verify", "--explain", "all")
    assert one.code == every.code == 0
    assert one.out.startswith("no-triggers (error)\n\nNo triggers on Citus tables")
    assert "devkit: ignore no-triggers -- why" in one.out
    assert "\nno-triggers " in every.out


@pytest.mark.parametrize(
    ("form", "begins"),
    first(
        1,
        [
            ("json", '{\n  "version": 1,'),
            ("github", "::error file=infra/migrations/V1__bad.sql,line=1,"),
            ("sarif", "{\n  "),
        ],
    ),
)
def test_reports_for_programs_stand_alone_on_stdout(empty: Checkout, form: str, begins: str) -> None:
    (empty.migrations / "V1__bad.sql").write_text(BAD)
    result = empty.run("verify", "--format", form)
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith(begins)
    assert "syntax-error" in result.out
