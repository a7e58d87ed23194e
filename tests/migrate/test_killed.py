"""kill -9 of the runner, the server, the connection: the next run completes, and the result is an undisturbed one's.

What happened is counted in the database: every statement leaves a row.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator

import psycopg
import pytest

from devkit.postgres.cache import Cache
from tests.migrate.team import Team
from tests.server import running

FILES = {
    "V1__whole.sql": (
        "CREATE TABLE effects (id int GENERATED ALWAYS AS IDENTITY, what text);\n"
        "INSERT INTO effects (what) VALUES ('1a');\n"
        "CREATE TABLE other (id int PRIMARY KEY);\n"
    ),
    "V2__steps.sql": (
        "-- devkit: no-transaction\nINSERT INTO effects (what) VALUES ('2a');\n"
        "CREATE INDEX CONCURRENTLY effects_what ON effects (what);\n"
        "INSERT INTO effects (what) VALUES ('2b');\n"
        "REINDEX INDEX CONCURRENTLY effects_what;\n"
    ),
    "V3__own.sql": (
        "-- devkit: no-transaction\nBEGIN;\nINSERT INTO effects (what) VALUES ('3a');\n"
        "ALTER TABLE other ADD COLUMN note text;\nCOMMIT;\nINSERT INTO effects (what) VALUES ('3b');\n"
    ),
    "V4__last.sql": "INSERT INTO effects (what) VALUES ('4a');\nCREATE INDEX other_note ON other (note);\n",
}
EFFECTS = [("1a",), ("2a",), ("2b",), ("3a",), ("3b",), ("4a",)]


@pytest.fixture
def files(team: Team) -> Team:
    """Every kind of file."""
    for name, text in FILES.items():
        team.write(name, text)
    return team


def assert_undisturbed(team: Team) -> None:
    """As if nothing had happened: effects once each, the same schema, everything applied."""
    assert team.ask("SELECT what FROM effects ORDER BY 1") == EFFECTS
    assert set(team.states().values()) == {"applied"}
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    assert team.ask(invalid) == []
    clean = team.another()
    assert clean.migrate().code == 0
    assert team.schema() == clean.schema()


@pytest.mark.full
@pytest.mark.parametrize("moment", ["before", "inside"])
@pytest.mark.parametrize("number", range(1, 81))
def test_a_runner_killed_at_any_message(files: Team, moment: str, number: int) -> None:
    killed = files.migrate(DEVKIT_FAULT=f"{moment}:{number}")
    if killed.code == 0:  # there are not so many messages
        assert number > 60
        return
    assert killed.code == -signal.SIGKILL
    result = files.migrate()
    assert result.code == 0, result
    assert files.ask("SELECT what FROM effects ORDER BY 1") == EFFECTS
    assert files.migrate("--format", "json").report()["differences"] == []
    assert files.ask("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]
    whole = "SELECT count(*) FROM devkit_ledger.migrations WHERE applied = statements AND NOT running"
    assert files.ask(whole) == [(4,)]


@contextlib.contextmanager
def last_file_waits(team: Team) -> Iterator[psycopg.Connection]:
    """All but the last file are applied, and somebody holds the table that it writes to."""
    assert team.migrate("--to", "3").code == 0
    with team.connect() as other:
        other.execute("SET application_name = 'a forgotten psql'; BEGIN; LOCK TABLE effects IN ACCESS EXCLUSIVE MODE")
        yield other


@pytest.mark.full
def test_a_runner_killed_while_its_statement_waits_for_a_lock(files: Team) -> None:
    with last_file_waits(files) as other:
        with files.begin() as runner:
            files.wait_for("INSERT INTO effects")
            runner.kill()
        other.execute("COMMIT")
    assert files.migrate().code == 0
    assert_undisturbed(files)


@pytest.mark.full
def test_a_runner_killed_while_an_index_is_built(files: Team) -> None:
    assert files.migrate("--to", "1").code == 0
    with files.connect() as other:
        other.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM effects; INSERT INTO other VALUES (1)")
        with files.begin() as runner:
            files.wait_for("^CREATE INDEX CONCURRENTLY")
            runner.kill()
        other.execute("ROLLBACK")
    assert "statement 2 was under way" not in files.status().err
    assert files.migrate().code == 0
    assert_undisturbed(files)


@pytest.mark.full
def test_who_holds_the_lock_is_shown_and_so_is_what_to_do(files: Team) -> None:
    files.checkout.configure("lock-wait-seconds = 1")
    with last_file_waits(files) as other, files.begin() as first:
        files.wait_for("INSERT INTO effects")
        second = files.migrate()
        other.execute("COMMIT")
        assert first.wait(60) == 0
    assert second.code == 2
    assert f"./inv migrate {first.pid} (server process" in second.err
    assert "pg_terminate_backend(" in second.err
    assert_undisturbed(files)


@pytest.mark.full
def test_a_lock_that_others_keep_is_waited_for_and_named(files: Team) -> None:
    with last_file_waits(files) as other, files.begin() as runner:
        files.wait_for("INSERT INTO effects")
        time.sleep(2.5)  # longer than lock_timeout: the second attempt
        files.wait_for("INSERT INTO effects")
        other.execute("COMMIT")
        assert runner.wait(60) == 0
    assert_undisturbed(files)


@pytest.mark.full
def test_a_lock_that_others_never_give_back_is_named(files: Team) -> None:
    with last_file_waits(files):
        result = files.migrate()
    assert (result.code, files.states()["V4__last.sql"]) == (1, "failed")
    assert "let the session that holds the lock (a forgotten psql (server process" in result.out, result
    assert files.migrate().code == 0
    assert_undisturbed(files)


@pytest.mark.full
@pytest.mark.parametrize("which", ["the one that works", "the one that holds the lock"])
def test_a_connection_that_is_cut(files: Team, which: str) -> None:
    with last_file_waits(files) as other, files.begin() as runner:
        working = files.wait_for("INSERT INTO effects")
        with files.server.admin() as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name ~ %s AND (pid = %s) = %s",
                (f"inv migrate {runner.pid}", working, which == "the one that works"),
            )
        other.execute("COMMIT")
        _, said = runner.communicate(timeout=60)
    assert (runner.returncode, "Traceback" in said) == (2, False), said
    assert "lost app@" in said
    assert "run the same command again" in said
    assert files.migrate().code == 0
    assert_undisturbed(files)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.full
def test_a_stopped_runner_leaves_a_state_that_goes_on(files: Team, end: signal.Signals) -> None:
    files.write("V5__sleep.sql", "-- devkit: no-transaction\nSELECT 1;\nSELECT pg_sleep(60);\n")
    with files.begin("--no-verify") as runner:
        files.wait_for("pg_sleep")
        runner.send_signal(end)
        assert runner.wait(20) == 128 + end
    (files.checkout.migrations / "V5__sleep.sql").write_text("-- devkit: no-transaction\nSELECT 1;\nSELECT 2;\n")
    assert files.migrate().code == 0
    assert_undisturbed(files)


@pytest.mark.full
@pytest.mark.parametrize(
    "sleeping",
    [pytest.param("V2", id="between statements"), pytest.param("V4", id="in a transaction")],
)
def test_a_server_killed_in_the_middle(files: Team, found: Cache, sleeping: str) -> None:
    name = next(name for name in FILES if name.startswith(sleeping))
    file = files.checkout.migrations / name
    with running(found, "fsync=on") as server:
        mine = Team(files.checkout, server, server.database())
        file.write_text(f"{FILES[name]}SELECT pg_sleep(60);\n")
        with mine.begin("--no-verify") as runner:
            mine.wait_for("pg_sleep")
            server.stop(signal.SIGKILL)
            _, said = runner.communicate(timeout=60)
        assert (runner.returncode, "Traceback" in said, "lost app@" in said) == (2, False, True), said
        file.write_text(f"{FILES[name]}")
        server.start()
        if sleeping == "V2":  # its statements are there; the one that slept was never noted
            assert mine.states()[name] == "partial"
        assert mine.migrate().code == 0
        assert_undisturbed(mine)


@pytest.mark.full
def test_a_call_killed_in_the_middle_waits_for_a_word(files: Team) -> None:
    files.write(
        "V5__call.sql",
        "CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN\n"
        "  INSERT INTO effects (what) VALUES ('5a'); COMMIT; PERFORM pg_sleep(60); END $$;\n",
    )
    files.write("V6__call.sql", "-- devkit: no-transaction\nCALL work();\n")
    with files.begin("--no-verify") as runner:
        files.wait_for("CALL work")
        runner.kill()
    asked = files.migrate("--no-verify")
    assert (asked.code, "--assume-done V6:1" in asked.err) == (2, True), asked
    assert files.migrate("--no-verify", "--assume-done", "V6:1").code == 0
    assert files.ask("SELECT count(*) FROM effects WHERE what = '5a'") == [(1,)]


@pytest.mark.full
def test_a_server_that_only_starts_is_waited_for(files: Team, found: Cache) -> None:
    with running(found) as server:
        mine = Team(files.checkout, server, server.database())
        server.stop()
        with mine.begin("--no-verify") as runner:
            time.sleep(1.5)  # it has met nobody by now
            server.start()
            assert runner.wait(60) == 0
        assert_undisturbed(mine)
