"""--engine dsn: a scratch database on a server that the user names, made and dropped, through the real ./inv."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.install import ADMIN
from devkit.progress import silent
from tests.checkout import Checkout
from tests.everyday import first

STATE = """SELECT array(SELECT datname::text FROM pg_database ORDER BY 1), array(SELECT rolname::text FROM pg_roles
WHERE rolname !~ '^pg_' ORDER BY 1)"""


@pytest.fixture
def running(found: Cache) -> Iterator[Embedded]:
    """A server of the user's, with a role that may create databases."""
    with server(found, silent) as started:
        with started.admin() as admin:
            admin.execute("CREATE ROLE maker LOGIN CREATEDB CREATEROLE")
        yield started


def state(running: Embedded) -> object:
    with running.admin() as admin:
        return admin.execute(STATE).fetchone()


@pytest.mark.full
@pytest.mark.parametrize("user", first(1, [ADMIN, "maker"]))
def test_the_sample_is_replayed_on_a_named_server_and_nothing_stays(
    checkout: Checkout, running: Embedded, user: str
) -> None:
    before = state(running)
    (checkout.migrations / "V901__roles.sql").write_text(
        "CREATE ROLE reader; CREATE ROLE writer IN ROLE reader; GRANT SELECT ON bets TO reader;\n"
    )
    result = checkout.verify("-v", "--engine", "dsn", "--dsn", running.dsn(user, "postgres"))
    assert (result.code, result.found()) == (0, []), result
    assert result.report()["engine"] == {"name": "dsn", "postgres": "17.11", "citus": "13.0"}
    assert "replay" in result.report()["timings_ms"]
    assert state(running) == before


@pytest.mark.full
def test_a_server_that_looks_away_gives_no_verdict(checkout: Checkout, running: Embedded) -> None:
    with running.admin() as admin:
        admin.execute("ALTER ROLE maker SET citus.enable_unsafe_triggers = on")
    before = state(running)
    result = checkout.verify("--dsn", running.dsn("maker", "postgres"))
    assert (result.code, result.out) == (2, "")
    assert "this server has citus.enable_unsafe_triggers = on" in result.err
    assert "RESET citus.enable_unsafe_triggers" in result.err
    assert state(running) == before


@pytest.mark.full
def test_the_server_may_come_from_the_environment(checkout: Checkout, running: Embedded) -> None:
    result = checkout.run("verify", "--engine", "dsn", env={"DEVKIT_DSN": running.dsn(ADMIN, "postgres")})
    assert (result.code, "engine dsn" in result.out) == (0, True), result


@pytest.mark.full
def test_a_refusal_on_a_named_server_is_a_finding_and_nothing_stays(checkout: Checkout, running: Embedded) -> None:
    before = state(running)
    (checkout.migrations / "V901__bad.sql").write_text("CREATE TABLE t (a int);\nSELECT 1 / 0;\n")
    result = checkout.verify("--dsn", running.dsn(ADMIN, "postgres"))
    assert result.found() == [("engine-refusal", "infra/migrations/V901__bad.sql", 2, 1)]
    assert state(running) == before


@pytest.mark.full
def test_a_superuser_does_not_lend_its_powers_to_the_migrations(
    checkout: Checkout, running: Embedded, tmp_path: Path
) -> None:
    text = f"DO $$ BEGIN COPY bets TO PROGRAM 'touch {tmp_path}/made'; END $$;\n"
    (checkout.migrations / "V901__bad.sql").write_text(text)
    assert checkout.verify("--dsn", running.dsn(ADMIN, "postgres")).code == 1
    assert not (tmp_path / "made").exists()


@pytest.mark.full
def test_an_extension_that_needs_a_superuser_is_there_beforehand(checkout: Checkout, running: Embedded) -> None:
    (checkout.migrations / "V901__x.sql").write_text("CREATE EXTENSION IF NOT EXISTS pg_stat_statements;\n")
    assert checkout.verify("--dsn", running.dsn(ADMIN, "postgres")).code == 0


@pytest.mark.full
def test_a_killed_run_is_swept_by_the_next_and_a_living_one_is_not(checkout: Checkout, running: Embedded) -> None:
    before = state(running)
    dsn = running.dsn(ADMIN, "postgres")
    (checkout.migrations / "V901__sleep.sql").write_text("SELECT pg_sleep(60);\n")
    argv = checkout.argv("verify", "--dsn", dsn)
    with subprocess.Popen(argv, env=checkout.environment(), stdout=subprocess.DEVNULL) as killed:
        while not asleep(running):
            time.sleep(0.05)
        (checkout.migrations / "V901__sleep.sql").unlink()
        assert checkout.verify("--dsn", dsn).code == 0
        assert asleep(running)
        killed.send_signal(signal.SIGKILL)
    with running.admin() as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'devkit'")
    assert checkout.verify("--dsn", dsn).code == 0
    assert state(running) == before


def asleep(running: Embedded) -> bool:
    with running.admin() as admin:
        query = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        return admin.execute(query).fetchone() is not None


@pytest.mark.full
def test_a_server_that_goes_away_is_an_error_and_no_bug(checkout: Checkout, running: Embedded) -> None:
    (checkout.migrations / "V901__sleep.sql").write_text("SELECT pg_sleep(60);\n")
    argv = checkout.argv("verify", "--dsn", running.dsn(ADMIN, "postgres"))
    with subprocess.Popen(argv, env=checkout.environment(), stderr=subprocess.PIPE, text=True) as verifying:
        while not asleep(running):
            time.sleep(0.05)
        stop(running)
        _, said = verifying.communicate()
    assert (verifying.returncode, "Traceback" in said) == (2, False), said
    assert "lost" in said


def stop(running: Embedded) -> None:
    """End the server at once, as a crash of its machine would."""
    with running.admin() as admin:
        row = admin.execute("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)").fetchone()
    assert row
    os.kill(int(row[0]), signal.SIGQUIT)


@pytest.mark.full
def test_a_session_that_a_migration_ends_is_a_finding(checkout: Checkout, running: Embedded) -> None:
    (checkout.migrations / "V901__gone.sql").write_text("SELECT pg_terminate_backend(pg_backend_pid());\n")
    result = checkout.verify("--dsn", running.dsn(ADMIN, "postgres"))
    assert result.code == 1
    assert [finding[:2] for finding in result.found()] == [("engine-refusal", "infra/migrations/V901__gone.sql")]
