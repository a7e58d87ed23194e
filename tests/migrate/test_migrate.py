"""The everyday ways of ./inv migrate and status: what is done, what is said, what an option changes."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.checkout import ROOT, Checkout
from tests.migrate.team import Team
from tests.server import Server

TABLE = "CREATE TABLE bets (id bigint PRIMARY KEY, note text);\n"
COLUMN = "ALTER TABLE bets ADD COLUMN amount numeric NOT NULL DEFAULT 0;\nCREATE INDEX bets_amount ON bets (amount);\n"


@pytest.fixture
def two(team: Team) -> Team:
    """Two migrations."""
    team.write("V1__bets.sql", TABLE)
    team.write("V2__amount.sql", COLUMN)
    return team


def test_the_sample_stack_is_applied_as_it_was_judged(checkout: Checkout, server: Server) -> None:
    team = Team(checkout, server, server.database())
    first, second = team.migrate(), team.migrate()
    assert (first.code, second.code) == (0, 0), first
    assert "✔ V18__open_bets.sql: 1 statement" in first.err
    assert first.out.startswith("✔ 18 files applied now; 18 applied\n")
    assert second.out.startswith("✔ nothing to do; 18 applied\n")
    kinds = "SELECT count(*) FROM pg_dist_partition WHERE partmethod = 'h'"
    assert team.ask(kinds)[0][0] > 10


@pytest.mark.full
def test_the_ledger_says_what_when_by_whom_and_with_what(two: Team) -> None:
    assert two.migrate().code == 0
    rows = two.ask(
        "SELECT version::int, name, algorithm, length(digest), statements, applied, running, error, origin, devkit,"
        " started_at <= now(), milliseconds >= 0, by_whom LIKE '%@%', flyway_crc32 <> 0"
        " FROM devkit_ledger.migrations ORDER BY 1"
    )
    same = ("devkit", "0.1.0", True, True, True, True)
    assert rows == [
        (1, "V1__bets.sql", "sha256-lf", 64, 1, 1, False, None, *same),
        (2, "V2__amount.sql", "sha256-lf", 64, 2, 2, False, None, *same),
    ]


def test_plan_shows_and_changes_nothing(two: Team) -> None:
    two.write("V3__index.sql", "CREATE INDEX CONCURRENTLY bets_note ON bets (note);\nSELECT 1;\n")
    result = two.migrate("--plan")
    assert result.code == 0
    assert "would apply V2__amount.sql: 2 statements, in one transaction\n" in result.out
    assert "would apply V3__index.sql: 2 statements, each commits by itself\n" in result.out
    assert two.ask("SELECT to_regclass('bets')::text, to_regclass('devkit_ledger.migrations')::text") == [(None, None)]


@pytest.mark.full
def test_to_stops_after_a_version(two: Team) -> None:
    assert two.migrate("--to", "V1").code == 0
    assert two.states() == {"V1__bets.sql": "applied", "V2__amount.sql": "pending"}
    assert two.ask("SELECT count(*) FROM information_schema.columns WHERE table_name = 'bets'") == [(2,)]
    assert two.migrate("--to", "1").out.startswith("✔ nothing to do; 1 applied, 1 pending\n")
    assert two.migrate().code == 0
    assert two.states() == {"V1__bets.sql": "applied", "V2__amount.sql": "applied"}


@pytest.mark.full
def test_what_verify_refuses_is_not_applied(two: Team) -> None:
    two.write("V3__bad.sql", "CREATE INDEX CONCURRENTLY ON bets (note);\n")
    result = two.migrate()
    assert result.code == 1
    assert "infra/migrations/V3__bad.sql:1:1: error:" in result.out
    assert two.ask("SELECT to_regclass('bets')::text") == [(None,)]
    assert two.migrate("--to", "2").code == 0  # what comes after does not count


@pytest.mark.full
def test_a_manifest_with_an_error_does_not_stop_migrations(two: Team) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'redis:latest'}]}\n"
    (two.checkout.manifests / "a.yaml").write_text(pod)
    assert two.checkout.verify().code == 1
    assert two.migrate().code == 0


@pytest.mark.full
def test_no_verify_applies_and_says_what_nobody_looked_at(two: Team) -> None:
    two.write("V3__bad.sql", "SET citus.enable_unsafe_triggers = on;\n")
    assert two.migrate().code == 1
    result = two.migrate("--no-verify")
    assert result.code == 0
    assert "nobody has replayed these files (--no-verify)" in result.out
    assert two.states()["V3__bad.sql"] == "applied"


@pytest.mark.full
def test_no_verify_does_not_apply_what_cannot_be_read(two: Team) -> None:
    two.write("V3__a.sql", "SELEC 1;\n")
    result = two.migrate("--no-verify")
    assert (result.code, "V3__a.sql:1:1: error: syntax error" in result.out) == (1, True)
    assert two.ask("SELECT to_regclass('bets')::text") == [(None,)]


def test_a_refused_statement_rolls_its_file_back_and_is_placed(two: Team) -> None:
    with two.connect() as connection:
        connection.execute("CREATE TABLE taken (id int)")
    two.write("V3__c.sql", "CREATE TABLE made (id int);\n\nCREATE TABLE\n  taken (id int);\nSELECT 1;\n")
    result = two.migrate()
    assert result.code == 1
    assert 'V3__c.sql:3:1: error: relation "taken" already exists [engine-refusal 42P07]' in result.out
    assert two.ask("SELECT to_regclass('made')::text") == [(None,)]
    assert two.states() == {"V1__bets.sql": "applied", "V2__amount.sql": "applied", "V3__c.sql": "failed"}
    shown = two.status()
    assert (shown.code, "nothing of it stayed" in shown.out) == (1, True)
    assert "  → mend the file, then: ./inv migrate" in shown.out
    with two.connect() as connection:
        connection.execute("DROP TABLE taken")
    assert two.migrate().code == 0
    assert two.states()["V3__c.sql"] == "applied"


@pytest.mark.full
def test_a_syntax_position_counts_from_the_files_own_start(two: Team) -> None:
    two.write("V3__c.sql", "SELECT 1;\nSELECT nothing FROM bets;\n")
    result = two.migrate("--no-verify")
    assert 'V3__c.sql:2:8: error: column "nothing" does not exist' in result.out


@pytest.mark.full
def test_deferred_constraints_speak_before_the_ledger_does(two: Team) -> None:
    two.write(
        "V3__c.sql",
        "ALTER TABLE bets ADD COLUMN other bigint REFERENCES bets DEFERRABLE INITIALLY DEFERRED;\n"
        "INSERT INTO bets (id, other) VALUES (1, 7);\n",
    )
    result = two.migrate("--no-verify")
    assert (result.code, "23503" in result.out, two.states()["V3__c.sql"]) == (1, True, "failed")


@pytest.mark.full
def test_a_migration_may_change_role_and_path(two: Team) -> None:
    with two.server.admin() as admin:
        admin.execute(
            "DO $$ BEGIN CREATE ROLE reader; GRANT reader TO app; EXCEPTION WHEN duplicate_object THEN END $$"
        )
    two.write("V3__c.sql", "SET ROLE reader;\nSET search_path = pg_temp;\nSELECT 1;\n")
    two.write("V4__d.sql", "CREATE TABLE after (id int);\n-- the end")
    result = two.migrate("--no-verify")
    assert result.code == 0, result
    assert two.ask("SELECT to_regclass('public.after')::text") == [("after",)]


@pytest.mark.full
def test_sequential_mode_is_asked_for_in_the_header(two: Team) -> None:
    two.write(
        "V3__c.sql",
        "-- devkit: sequential\n"
        "CREATE TABLE seen AS SELECT current_setting('citus.multi_shard_modify_mode') AS mode;\n",
    )
    assert two.migrate().code == 0
    assert two.ask("SELECT mode FROM seen") == [("sequential",)]


@pytest.mark.full
@pytest.mark.parametrize("verb", ["migrate", pytest.param("status", marks=pytest.mark.full)])
def test_json_keeps_its_schema_and_is_alone_on_stdout(two: Team, verb: str) -> None:
    two.write("V3__bad.sql", "CREATE TABLE bets (id int);\n")
    two.migrate("--to", "1")
    with two.connect() as connection:
        connection.execute("ALTER TABLE bets ADD COLUMN by_hand int")
    result = two.inv(verb, "--dsn", two.dsn, "--format", "json")
    schema = json.loads((ROOT / "docs/reference/history.schema.json").read_text())
    jsonschema.validate(result.report(), schema)
    assert result.report()["command"] == verb
    assert result.report()["summary"] == {"applied": 1, "pending": 2}
    assert result.err == ""


@pytest.mark.full
def test_differences_are_named_and_nothing_else(two: Team) -> None:
    two.migrate("--to", "1")
    with two.connect() as connection:
        connection.execute("ALTER TABLE bets ADD COLUMN by_hand int; CREATE TABLE schema_migrations (version text)")
        connection.execute("ALTER TABLE bets DROP CONSTRAINT bets_pkey; ALTER TABLE bets ALTER id DROP NOT NULL")
    result = two.migrate("--to", "1", "--format", "json")
    assert result.code == 1
    assert {each["object"] for each in result.report()["differences"]} == {
        "column public.bets.by_hand", "column public.bets.id", "constraint public.bets.bets_pkey",
        "index public.bets.bets_pkey",
    }  # fmt: skip
    text = two.migrate("--to", "1")
    assert "column public.bets.by_hand\n    - files: not there\n    + live:  number 3: integer\n" in text.out


@pytest.mark.full
def test_another_database_of_the_server_is_another_history(two: Team) -> None:
    assert two.migrate().code == 0
    assert two.another().states() == {"V1__bets.sql": "pending", "V2__amount.sql": "pending"}


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("migrate",), "set DEVKIT_DSN"),
        (("migrate", "--engine", "embedded"), "keeps nothing"),
        pytest.param(("migrate", "--engine", "oracle"), "write: --engine dsn", marks=pytest.mark.full),
        (("migrate", "--dsn", "postgresql://u:hidden-word@h/d"), "~/.pgpass"),
        pytest.param(("migrate", "--dsn", "postgresql://u@127.0.0.1:1/d"), "refused", marks=pytest.mark.full),
        pytest.param(("migrate", "--format", "github"), "write one of: text, json", marks=pytest.mark.full),
        (("migrate", "--to", "x"), "--to 12"),
        pytest.param(("migrate", "--yes"), "leave it out", marks=pytest.mark.full),
        (("migrate", "--adopt", "--plan"), "leave them out"),
        pytest.param(("migrate", "--adopt", "--no-verify"), "leave them out", marks=pytest.mark.full),
        pytest.param(("migrate", "--assume-done", "V9"), "--assume-done V9:2", marks=pytest.mark.full),
        pytest.param(("status", "--engine", "dsn"), "set DEVKIT_DSN", marks=pytest.mark.full),
        pytest.param(("status", "--format", "xml"), "write one of: text, json", marks=pytest.mark.full),
        pytest.param(("status", "--migrations", "nowhere"), "--migrations DIR", marks=pytest.mark.full),
    ],
)
def test_what_cannot_be_meant_is_said(two: Team, words: tuple[str, ...], said: str) -> None:
    named = len(words) > 1 and words[1] in {"--to", "--assume-done", "--migrations"}
    result = two.inv(*words, DEVKIT_DSN=two.dsn if named else "")
    assert (result.code, result.out) == (2, "")
    assert said.casefold() in result.err.casefold(), result.err
    assert "hidden-word" not in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--to", "9"), "the newest is 2"), (("--run-again", "V2:1"), "nobody asks about V2:1")],
)
@pytest.mark.full
def test_what_is_not_there_is_said(two: Team, words: tuple[str, ...], said: str) -> None:
    result = two.migrate(*words)
    assert (result.code, said in result.err) == (2, True), result.err


@pytest.mark.full
def test_the_server_may_come_from_the_environment(two: Team) -> None:
    assert two.inv("migrate", "--engine", "dsn", DEVKIT_DSN=two.dsn).code == 0
    assert two.states()["V2__amount.sql"] == "applied"
