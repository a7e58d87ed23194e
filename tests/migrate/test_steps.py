"""Files that no transaction can hold: progress a statement, probes, leftovers, and what a person has to decide."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.checkout import Checkout
from tests.migrate.team import Team
from tests.server import Server

TABLE = "CREATE TABLE bets (id bigint, note text);\nINSERT INTO bets VALUES (1, 'a'), (1, 'b');\n"
# As Citus does, which hands DROP INDEX to every shard: some may never have come to have the index (13.0.3).
ON_SOME_SHARDS = """
CREATE FUNCTION public.on_some_shards() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_query() NOT LIKE '%IF EXISTS%' THEN
        RAISE 'index "bets_id_102008" does not exist' USING ERRCODE = '42704';
    END IF;
END $$;
CREATE EVENT TRIGGER on_some_shards ON ddl_command_start WHEN TAG IN ('DROP INDEX')
    EXECUTE FUNCTION public.on_some_shards()"""
PROGRESS = "SELECT applied, statements, running, error IS NOT NULL FROM devkit_ledger.migrations WHERE version = 2"


@pytest.fixture
def steps(team: Team) -> Team:
    """A table with two rows of one id."""
    team.write("V1__bets.sql", TABLE)
    return team


@pytest.mark.full
def test_each_statement_commits_with_its_progress_and_the_rest_may_be_mended(steps: Team) -> None:
    file = steps.write(
        "V2__steps.sql",
        "-- devkit: no-transaction\nCREATE TABLE a (id int);\nSET search_path = other, public;\n"
        "SELECT 1 / (SELECT count(*) FROM a);\nCREATE TABLE b AS SELECT current_setting('search_path') AS path;\n",
    )
    result = steps.migrate("--no-verify")
    assert (result.code, "V2__steps.sql:4:1: error: division by zero" in result.out) == (1, True), result
    assert steps.ask(PROGRESS) == [(2, 4, False, True)]
    assert steps.states()["V2__steps.sql"] == "partial"
    assert "2 of 4 statements were applied" in steps.status().out
    file.write_text(file.read_text().replace("SELECT 1 / (SELECT count(*) FROM a)", "INSERT INTO a VALUES (7)"))
    assert steps.migrate("--no-verify").code == 0
    assert steps.ask("SELECT id, path FROM a, b") == [(7, "other, public")]  # the session's setting was set again
    assert steps.ask(PROGRESS) == [(4, 4, False, False)]


@pytest.mark.full
def test_what_has_run_of_a_file_must_stay(steps: Team) -> None:
    file = steps.write("V2__steps.sql", "-- devkit: no-transaction\nCREATE TABLE a (id int);\nSELECT 1 / 0;\n")
    assert steps.migrate("--no-verify").code == 1
    file.write_text(file.read_text().replace("a (id int)", "a (id bigint)"))
    result = steps.migrate("--no-verify")
    assert (result.code, "V2__steps.sql:2:1: error: 1 of 2 statements were applied" in result.out) == (1, True), result
    assert "what comes after them may change" in result.out


@pytest.mark.full
def test_a_header_taken_away_does_not_run_anything_twice(steps: Team) -> None:
    file = steps.write("V2__steps.sql", "-- devkit: no-transaction\nCREATE TABLE a (id int);\nSELECT 1 / 0;\n")
    assert steps.migrate("--no-verify").code == 1
    file.write_text("CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n")
    assert steps.migrate("--no-verify").code == 0
    assert steps.ask("SELECT count(*) FROM a") == [(1,)]


@pytest.mark.full
def test_a_failed_concurrent_index_leaves_nothing_and_may_be_mended(steps: Team) -> None:
    file = steps.write("V2__index.sql", "CREATE UNIQUE INDEX CONCURRENTLY bets_id ON bets (id);\nSELECT 1;\n")
    result = steps.migrate("--no-verify")
    assert (result.code, "could not create unique index" in result.out) == (1, True), result
    assert steps.ask("SELECT count(*) FROM pg_class WHERE relname = 'bets_id'") == [(0,)]
    assert steps.ask(PROGRESS) == [(0, 2, False, True)]
    file.write_text("CREATE INDEX CONCURRENTLY bets_id ON bets (id);\nSELECT 1;\n")
    assert steps.migrate().code == 0
    assert steps.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'bets_id'::regclass") == [(True,)]


@pytest.mark.full
def test_an_index_that_failed_on_some_shards_is_taken_away_from_the_others(steps: Team) -> None:
    steps.write("V2__index.sql", "CREATE UNIQUE INDEX CONCURRENTLY bets_id ON bets (id);\n")
    with steps.server.admin(str(conninfo_to_dict(steps.dsn)["dbname"])) as admin:
        admin.execute(ON_SOME_SHARDS.encode())
    result = steps.migrate("--no-verify")
    assert (result.code, "could not create unique index" in result.out) == (1, True), result
    assert steps.ask("SELECT count(*) FROM pg_class WHERE relname = 'bets_id'") == [(0,)]


@pytest.mark.full
def test_an_invalid_index_that_somebody_left_is_built_anew(steps: Team) -> None:
    steps.write("V2__index.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS bets_id ON bets (id);\n")
    assert steps.migrate("--to", "1").code == 0
    with steps.connect() as connection, pytest.raises(Exception, match="could not create unique index"):
        connection.execute("CREATE UNIQUE INDEX CONCURRENTLY bets_id ON bets (id)")
    assert steps.migrate().code == 0
    assert steps.ask("SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'bets_id'::regclass") == [
        (True, False)
    ]


@pytest.mark.full
def test_a_files_own_transactions_commit_with_their_progress(steps: Team) -> None:
    steps.write(
        "V2__own.sql",
        "-- devkit: no-transaction\nBEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\nINSERT INTO a VALUES (1);\n"
        "SELECT 1 / 0;\nCOMMIT;\n",
    )
    assert steps.migrate("--no-verify").code == 1
    assert steps.ask(PROGRESS) == [(3, 7, False, True)]
    assert steps.ask("SELECT count(*) FROM a") == [(0,)]


@pytest.mark.full
def test_a_call_that_failed_in_the_middle_waits_for_a_word(steps: Team) -> None:
    steps.write(
        "V2__call.sql",
        "-- devkit: no-transaction\n"
        "CREATE TABLE done (n int);\n"
        "CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN\n"
        "  INSERT INTO done VALUES (1); COMMIT;\n"
        "  IF (SELECT count(*) FROM done) < 2 THEN RAISE 'not yet'; END IF; END $$;\n"
        "CALL work();\nINSERT INTO done VALUES (9);\n",
    )
    assert steps.migrate("--no-verify").code == 1
    assert steps.ask(PROGRESS) == [(2, 4, True, True)]
    asked = steps.migrate("--no-verify")
    assert asked.code == 2
    assert "V2__call.sql:6: statement 3 was under way when an earlier run ended" in asked.err
    assert "--assume-done V2:3" in asked.err
    assert "--run-again V2:3" in asked.err
    assert "was under way when that run ended" in steps.status().out
    assert steps.migrate("--no-verify", "--run-again", "V2:3").code == 0
    assert steps.ask("SELECT n FROM done ORDER BY 1") == [(1,), (1,), (9,)]


@pytest.mark.full
def test_assume_done_goes_on_after_it(steps: Team) -> None:
    steps.write(
        "V2__do.sql",
        "-- devkit: no-transaction\nCREATE TABLE done (n int);\n"
        "DO $$ BEGIN INSERT INTO done VALUES (1); COMMIT; RAISE 'stop'; END $$;\nINSERT INTO done VALUES (9);\n",
    )
    assert steps.migrate("--no-verify").code == 1
    assert steps.migrate("--no-verify", "--assume-done", "V2:2").code == 0
    assert steps.ask("SELECT n FROM done ORDER BY 1") == [(1,), (9,)]


@pytest.mark.full
def test_a_call_that_never_began_may_be_mended(steps: Team) -> None:
    file = steps.write("V2__call.sql", "-- devkit: no-transaction\nCALL nobody();\n")
    assert steps.migrate("--no-verify").code == 1
    assert steps.ask(PROGRESS) == [(0, 1, False, True)]
    file.write_text("-- devkit: no-transaction\nCREATE TABLE a (id int);\n")
    assert steps.migrate().code == 0


@pytest.mark.full
def test_other_statements_that_run_alone(steps: Team) -> None:
    steps.write(
        "V2__alone.sql",
        "CREATE TABLE days (day int) PARTITION BY LIST (day);\nCREATE TABLE one PARTITION OF days FOR VALUES IN (1);\n"
        "CREATE INDEX CONCURRENTLY bets_note ON bets (note);\nREINDEX INDEX CONCURRENTLY bets_note;\nVACUUM bets;\n"
        "ALTER TABLE days DETACH PARTITION one CONCURRENTLY;\nDROP INDEX CONCURRENTLY bets_note;\n",
    )
    result = steps.migrate()
    assert result.code == 0, result
    assert steps.ask("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'one'::regclass") == [(0,)]
    assert steps.ask("SELECT to_regclass('bets_note')::text") == [(None,)]


@pytest.mark.full
def test_citus_distributes_concurrently_outside_of_a_transaction(checkout: Checkout, server: Server) -> None:
    team = Team(checkout, server, server.database())
    team.write(
        "V19__more.sql",
        "-- devkit: no-transaction\nCREATE TABLE more (tenant_id bigint NOT NULL);\n"
        "SELECT create_distributed_table_concurrently('more', 'tenant_id');\n",
    )
    result = team.migrate()
    assert result.code == 0, result
    assert team.ask("SELECT partmethod FROM pg_dist_partition WHERE logicalrelid = 'more'::regclass") == [("h",)]


@pytest.mark.full
def test_a_table_that_became_only_local_to_citus_is_not_distributed_yet(checkout: Checkout, server: Server) -> None:
    team = Team(checkout, server, server.database())
    file = team.write(
        "V19__more.sql",
        "-- devkit: no-transaction\nCREATE TABLE more (tenant_id bigint NOT NULL);\n"
        "SELECT citus_add_local_table_to_metadata('more');\n"
        "SELECT create_distributed_table_concurrently('more', 'tenant');\n",
    )
    assert team.migrate("--no-verify").code == 1
    assert team.states()["V19__more.sql"] == "partial"
    assert team.ask("SELECT running FROM devkit_ledger.migrations WHERE version = 19") == [(False,)]
    file.write_text(file.read_text().replace("'tenant'", "'tenant_id'"))
    result = team.migrate("--no-verify")
    assert result.code == 0, result
    assert team.ask("SELECT partmethod FROM pg_dist_partition WHERE logicalrelid = 'more'::regclass") == [("h",)]


@pytest.mark.full
def test_what_the_stand_in_refuses_it_refuses_here_too(checkout: Checkout, server: Server) -> None:
    team = Team(checkout, server, server.database())
    team.write("V19__bad.sql", "CREATE UNIQUE INDEX CONCURRENTLY bad ON bets (id);\n")
    result = team.migrate("--no-verify")
    assert (result.code, "creating unique indexes on non-partition columns" in result.out) == (1, True), result
    assert team.ask("SELECT count(*) FROM pg_class WHERE relname = 'bad'") == [(0,)]
