"""What others do while a run is under way: files saved, migrations applied from a newer checkout, other roles."""

from __future__ import annotations

import dataclasses

import pytest

from devkit.postgres.install import ADMIN
from tests.migrate.team import Team

TABLE = "CREATE TABLE bets (id bigint PRIMARY KEY);\n"


@pytest.mark.full
def test_a_file_saved_while_it_is_judged_is_not_applied_unjudged(team: Team) -> None:
    """What was read first is judged and applied: the save belongs to the next run, which names it."""
    file = team.write("V1__bets.sql", f"{TABLE}SELECT pg_sleep(2);\n")
    with team.begin() as runner:
        while not list(team.checkout.cache.glob("postgres-*/runs/run-*/log")):  # it is being replayed
            assert runner.poll() is None
        file.write_text("CREATE TABLE bets (id text);\n")
        assert runner.wait(60) == 0
    kept = "SELECT data_type FROM information_schema.columns WHERE table_name = 'bets'"
    assert team.ask(kept) == [("bigint",)]
    assert team.states() == {"V1__bets.sql": "changed"}


@pytest.mark.full
def test_what_a_newer_checkout_applies_meanwhile_is_no_difference(team: Team) -> None:
    """The comparison waits at a catalog; when it gets there, the database has one migration more."""
    team.write("V1__bets.sql", TABLE)
    assert team.migrate().code == 0
    (database,) = team.ask("SELECT current_database()")[0]
    with team.server.admin(database) as newer:
        newer.execute("BEGIN; LOCK TABLE pg_catalog.pg_attrdef IN ACCESS EXCLUSIVE MODE")
        with team.begin() as runner:
            team.wait_for("WITH member AS MATERIALIZED")
            newer.execute("CREATE TABLE theirs (id int)")
            newer.execute(
                "INSERT INTO devkit_ledger.migrations SELECT (jsonb_populate_record(l, "
                '\'{"version": 2, "name": "V2__theirs.sql", "digest": "x"}\')).* FROM devkit_ledger.migrations l'
            )
            newer.execute("COMMIT")
            out, _ = runner.communicate(timeout=60)
    assert runner.returncode == 1, out
    assert "[history-future]" in out
    assert "somebody else migrated meanwhile" in out
    assert "the live schema is not what the files make" not in out


@pytest.mark.full
def test_a_role_called_devkit_keeps_its_tables_out_of_the_ledgers_schema(team: Team) -> None:
    """The first name in the search path is the role's own."""
    (database,) = team.ask("SELECT current_database()")[0]
    theirs = dataclasses.replace(team, dsn=team.server.dsn(ADMIN, database))
    team.write("V1__bets.sql", TABLE)
    assert theirs.migrate().code == 0
    team.write("V2__notes.sql", "CREATE TABLE notes (id bigint);\n")
    assert theirs.migrate().code == 0
    assert team.ask("SELECT schemaname FROM pg_tables WHERE tablename = 'notes'") == [("public",)]


@pytest.fixture
def second(team: Team) -> Team:
    """Another role beside the one that made the ledger, with the rights that the message about them names."""
    team.write("V1__bets.sql", TABLE)
    assert team.migrate().code == 0
    with team.server.admin() as admin:
        admin.execute("DO $$ BEGIN CREATE ROLE second LOGIN; EXCEPTION WHEN duplicate_object THEN END $$")
    with team.connect() as owner:
        owner.execute(
            "GRANT USAGE ON SCHEMA devkit_ledger TO second; GRANT SELECT ON devkit_ledger.migrations TO second"
        )
        owner.execute("GRANT CREATE ON SCHEMA public TO second")
    team.write("V2__notes.sql", "CREATE TABLE notes (id bigint);\n")
    (database,) = team.ask("SELECT current_database()")[0]
    return dataclasses.replace(team, dsn=team.server.dsn("second", database))


@pytest.mark.full
def test_a_second_role_needs_no_right_to_create_the_ledger(team: Team, second: Team) -> None:
    with team.connect() as owner:
        owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON devkit_ledger.migrations TO second")
    result = second.migrate()
    assert result.code == 0, result
    assert set(team.states().values()) == {"applied"}


@pytest.mark.full
@pytest.mark.parametrize("header", ["", "-- devkit: no-transaction\n"])
def test_a_role_that_may_not_write_the_ledger_changes_nothing_and_hears_why(
    team: Team, second: Team, header: str
) -> None:
    team.write("V2__notes.sql", f"{header}CREATE TABLE notes (id bigint);\n")
    result = second.migrate()
    assert (result.code, result.out) == (2, "")
    assert "lacks a right: permission denied for table migrations" in result.err
    assert "GRANT SELECT, INSERT, UPDATE, DELETE ON devkit_ledger.migrations" in result.err
    assert team.ask("SELECT to_regclass('notes')::text") == [(None,)]
