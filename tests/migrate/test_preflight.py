"""Each thing about a server that keeps migrate from beginning: said with its cure, and nothing applied."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from devkit.postgres.cache import Cache
from tests.migrate.team import Team
from tests.server import running

TABLE = "CREATE TABLE bets (id bigint PRIMARY KEY);\n"
# as Citus answers it while w2 is away: who asks there hears nothing
HEALTH = """
CREATE FUNCTION pg_catalog.citus_check_cluster_node_health(
    OUT from_nodename text, OUT from_nodeport int, OUT to_nodename text, OUT to_nodeport int, OUT result boolean
) RETURNS SETOF record LANGUAGE sql AS $$
    VALUES ('w1', 5432, 'w1', 5432, true), ('w1', 5432, 'w2', 5432, false),
           ('w2', 5432, 'w1', 5432, NULL), ('w2', 5432, 'w2', 5432, NULL) $$"""


@pytest.fixture
def one(team: Team) -> Team:
    """One migration."""
    team.write("V1__bets.sql", TABLE)
    return team


def arrange(team: Team, *statements: str) -> None:
    """What an administrator did to the database."""
    (database,) = team.ask("SELECT current_database()")[0]
    with team.server.admin(database) as admin:
        for statement in statements:
            admin.execute(statement.replace("{database}", database).encode())


def refused(team: Team, *said: str) -> None:
    """Nothing is applied, and all of `said` is in the error."""
    result = team.migrate("--no-verify")
    assert result.code == 2, result
    for text in said:
        assert text in result.err
    assert team.ask("SELECT to_regclass('bets')::text, to_regclass('devkit_ledger.migrations')::text") == [(None, None)]


@pytest.mark.full
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("citus.enable_unsafe_triggers", "on"),
        pytest.param("citus.allow_unsafe_constraints", "true", marks=pytest.mark.full),
        pytest.param("citus.enable_ddl_propagation", "off", marks=pytest.mark.full),
        pytest.param("citus.enable_metadata_sync", "off", marks=pytest.mark.full),
        pytest.param("citus.enforce_foreign_key_restrictions", "off", marks=pytest.mark.full),
        pytest.param("session_replication_role", "replica", marks=pytest.mark.full),
        pytest.param("standard_conforming_strings", "off", marks=pytest.mark.full),
        pytest.param("check_function_bodies", "off", marks=pytest.mark.full),
    ],
)
def test_a_setting_that_lets_unsafe_things_through(one: Team, setting: str, value: str) -> None:
    arrange(one, f'ALTER DATABASE "{{database}}" SET {setting} = {value}')
    refused(one, "nothing was applied to app@local socket:5432/", f"{setting} is {value}", f"RESET {setting}")
    arrange(one, f'ALTER DATABASE "{{database}}" RESET {setting}')
    assert one.migrate().code == 0


def test_an_extension_that_is_not_the_librarys(one: Team) -> None:
    arrange(one, "CREATE EXTENSION citus", "ALTER DATABASE \"{database}\" SET citus.version = '12.1.5'")
    refused(one, "the extension citus is 13.0, the library is 12.1", "ALTER EXTENSION citus UPDATE;")


@pytest.mark.full
def test_a_library_without_its_extension(one: Team) -> None:
    arrange(one, "ALTER DATABASE \"{database}\" SET citus.version = '13.0.3'")
    refused(one, "this database lacks the extension", "CREATE EXTENSION citus;")
    one.write("V2__citus.sql", "CREATE EXTENSION citus;\n")
    assert one.migrate().code == 0  # the files make it


@pytest.mark.full
def test_an_extension_without_its_library(one: Team) -> None:
    function = "FUNCTION citus_internal.before_statement(jsonb)"
    arrange(one, "CREATE EXTENSION citus", f"ALTER EXTENSION citus DROP {function}", f"DROP {function}")
    refused(one, "its library is not loaded", "shared_preload_libraries")


def test_a_worker_that_is_switched_off(one: Team) -> None:
    node = "INSERT INTO pg_dist_node (nodeid, groupid, nodename, isactive) VALUES (2, 1, 'w1', false)"
    arrange(one, "CREATE EXTENSION citus", node)
    refused(one, "the worker w1:5432 cannot be reached", "citus_check_cluster_node_health()")


@pytest.mark.full
def test_a_worker_that_others_cannot_reach(one: Team) -> None:
    nodes = "INSERT INTO pg_dist_node (nodeid, groupid, nodename) VALUES (2, 1, 'w1'), (3, 2, 'w2')"
    arrange(one, "CREATE EXTENSION citus", nodes, "SET allow_system_table_mods = on; " + HEALTH)
    refused(one, "the worker w2:5432 cannot be reached")
    assert "w1" not in one.migrate("--no-verify").err  # w2 is away, and only that


@pytest.mark.full
def test_transactions_that_only_read(one: Team) -> None:
    arrange(one, 'ALTER DATABASE "{database}" SET default_transaction_read_only = on')
    refused(one, "default_transaction_read_only is on", "RESET default_transaction_read_only;")


@pytest.mark.full
def test_a_replica(one: Team, found: Cache) -> None:
    with running(found) as primary:
        database = primary.database("app")
        primary.stop()
        primary.stand_by()
        primary.start()
        refused(dataclasses.replace(one, server=primary, dsn=database), "this server is a replica", "name the primary")


@pytest.mark.full
def test_a_disk_that_is_nearly_full(one: Team, found: Cache, small_disk: Callable[[int], Path]) -> None:
    disk = small_disk(90)
    disk.chmod(0o1777)
    with running(dataclasses.replace(found, memory=disk)) as server:
        mine = dataclasses.replace(one, server=server, dsn=server.database("app"))
        filler = disk / "filler"
        status = os.statvfs(disk)
        filler.write_bytes(bytes(status.f_bavail * status.f_frsize - 8 * 2**20))
        refused(mine, "not even 16 MB more fit on the disk", "free some there first")
        filler.unlink()
        assert mine.migrate().code == 0


@pytest.mark.full
def test_a_role_without_rights_hears_which(one: Team) -> None:
    with one.server.admin() as admin:
        admin.execute("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN END $$")
    (database,) = one.ask("SELECT current_database()")[0]
    result = dataclasses.replace(one, dsn=one.server.dsn("stranger", database)).migrate()
    assert (result.code, "lacks a right: permission denied" in result.err) == (2, True), result
    assert "GRANT CREATE ON DATABASE" in result.err
