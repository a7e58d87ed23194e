"""What the session that applies migrations sends, to a server that is like a real Citus in the way that counts."""

from __future__ import annotations

import psycopg
import pytest

from devkit.postgres.condition import read_condition, unreachable_workers
from devkit.postgres.standin.telling import is_listening
from devkit.postgres.work import Work, parts

# As Citus does, which hands a DDL command's message to its workers as it came (13.0.3).
PROPAGATES = """
CREATE FUNCTION public.propagate() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_query() LIKE '%;%' THEN
        RAISE 'cannot insert multiple commands into a prepared statement' USING ERRCODE = '42601';
    END IF;
END $$;
CREATE EVENT TRIGGER propagate ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.propagate()"""
# What 13.0.3 says while the worker v is away: nothing of what it would reach itself.
HEALTH = """
CREATE OR REPLACE FUNCTION pg_catalog.citus_check_cluster_node_health(OUT from_nodename text, OUT from_nodeport int,
    OUT to_nodename text, OUT to_nodeport int, OUT result boolean) RETURNS SETOF record LANGUAGE sql AS
    $$ VALUES ('c', 1, 'c', 1, true), ('c', 1, 'v', 1, false), ('c', 1, 'w', 1, true),
              ('v', 1, 'c', 1, NULL), ('v', 1, 'v', 1, NULL), ('v', 1, 'w', 1, NULL),
              ('w', 1, 'c', 1, true), ('w', 1, 'v', 1, false), ('w', 1, 'w', 1, true) $$"""
MESSAGE = parts(["BEGIN", "CREATE TABLE a (id int)", "CREATE TABLE b (id int)", "COMMIT"])


@pytest.mark.parametrize("is_real", [True, False])
def test_on_a_real_citus_each_statement_goes_alone(admin: psycopg.Connection, is_real: bool) -> None:
    admin.execute(PROPAGATES.encode())
    if is_real:
        admin.execute("SET citus.version = '13.0.3'")
    work = Work(admin)
    refused = work.run(MESSAGE)
    if is_real:
        assert refused is None
        assert admin.execute("SELECT to_regclass('a'), to_regclass('b')").fetchone() == ("a", "b")
    else:
        assert refused is not None
        assert refused.error.sqlstate == "42601"
        work.roll_back()


def test_who_may_not_look_into_the_schema_of_citus_is_still_answered(
    admin: psycopg.Connection, owner: psycopg.Connection
) -> None:
    assert is_listening(owner)
    assert read_condition(owner, ()).is_standin
    admin.execute("DROP EXTENSION citus CASCADE")
    admin.execute("CREATE SCHEMA citus_internal")  # as a real Citus has it: nobody else has a right on it
    assert not is_listening(owner)
    assert not read_condition(owner, ()).is_standin


def test_only_the_worker_that_is_away_is_named(admin: psycopg.Connection) -> None:
    admin.execute("SELECT citus_set_coordinator_host('c', 1), citus_add_node('w', 1)")
    admin.execute(HEALTH.encode())
    assert unreachable_workers(admin) == ("v:1",)
