"""Hostile migrations: refused or harmless, always with a finding, and the next replay knows nothing of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from devkit.finding import Severity
from tests.everyday import first
from tests.examples import Project

CITUS = "CREATE EXTENSION citus;\n"
TABLE = (
    f"{CITUS}CREATE TABLE bets (tenant_id bigint, id int, PRIMARY KEY (tenant_id));\n"
    "SELECT create_distributed_table('bets', 'tenant_id');\n"
)
COLUMNS = ", ".join(f"c{n} int" for n in range(1700))
ALL_MEMORY = "DO $$ DECLARE x text := 'x'; BEGIN LOOP x := x || x; END LOOP; END $$;"


@dataclasses.dataclass(frozen=True)
class Row:
    """A migration, the rule of its finding, and the server's SQLSTATE. MADE stands for a file it tries to make."""

    name: str
    text: str
    rule: str
    sqlstate: str | None = None
    severity: Severity = Severity.ERROR


ROWS = (
    Row("COPY FROM PROGRAM", "CREATE TABLE a (t text);\nCOPY a FROM PROGRAM 'touch MADE';", "engine-refusal", "42501"),
    Row("COPY TO PROGRAM", "COPY (SELECT 1) TO PROGRAM 'touch MADE';", "engine-refusal", "42501"),
    Row(
        "COPY TO PROGRAM, caught",
        "DO $$ BEGIN COPY (SELECT 1) TO PROGRAM 'touch MADE'; EXCEPTION WHEN OTHERS THEN NULL; END $$;",
        "reaches-outside",
    ),
    Row("COPY TO a file", "COPY (SELECT 1) TO 'MADE';", "engine-refusal", "42501"),
    Row("pg_read_file", "SELECT pg_read_file('/etc/passwd');", "engine-refusal", "42501"),
    Row(
        "pg_read_file, caught",
        "DO $$ BEGIN PERFORM pg_read_binary_file('/etc/passwd'); EXCEPTION WHEN OTHERS THEN NULL; END $$;",
        "reaches-outside",
    ),
    Row("pg_ls_dir", "SELECT pg_ls_dir('/');", "engine-refusal", "42501"),
    Row("lo_import", "SELECT lo_import('/etc/passwd');", "engine-refusal", "42501"),
    Row("lo_export", "SELECT lo_export(lo_create(0), 'MADE');", "engine-refusal", "42501"),
    Row("dblink", "CREATE EXTENSION dblink;", "engine-refusal", "42501"),
    Row("postgres_fdw", "CREATE EXTENSION postgres_fdw;", "engine-refusal", "42501"),
    Row("an untrusted language", "CREATE EXTENSION plpython3u;", "engine-refusal", "42501"),
    Row(
        "a C function",
        "CREATE FUNCTION s(text) RETURNS int LANGUAGE c AS 'libc.so.6', 'system';",
        "engine-refusal", "42501",
    ),
    Row("LOAD", "LOAD '/tmp/other.so';", "engine-refusal", "42501"),
    Row("ALTER SYSTEM", "ALTER SYSTEM SET archive_command = 'touch MADE';", "engine-refusal", "42501"),
    Row("a second connection", "\\connect template1\nCREATE TABLE a (a int);", "psql-command"),
    Row("DROP DATABASE", "DROP DATABASE app;", "engine-refusal", "55006"),
    Row("DROP DATABASE of others", "DROP DATABASE template1;", "engine-refusal", "42501"),
    Row("CREATE DATABASE", "CREATE DATABASE other;", "engine-refusal", "42501"),
    Row("CREATE ROLE", "CREATE ROLE once;\nGRANT once TO current_user;", "reaches-outside", severity=Severity.WARNING),
    Row("a superuser", "CREATE ROLE other SUPERUSER;", "engine-refusal", "42501"),
    Row("more powers", "GRANT pg_execute_server_program TO app;", "engine-refusal", "42501"),
    Row("SET ROLE", "SET ROLE pg_monitor;", "engine-refusal", "42501"),
    Row(
        "SET ROLE to one of its own",
        "CREATE ROLE other;\nGRANT other TO current_user;\nSET ROLE other;",
        "reaches-outside", severity=Severity.WARNING,
    ),
    Row("SET SESSION AUTHORIZATION", "SET SESSION AUTHORIZATION devkit;", "engine-refusal", "42501"),
    Row("session_replication_role", "SET session_replication_role = replica;", "engine-refusal", "42501"),
    Row(
        "session_replication_role, caught",
        "DO $$ BEGIN SET session_replication_role = replica; EXCEPTION WHEN OTHERS THEN NULL; END $$;",
        "reaches-outside",
    ),
    Row("LISTEN", "LISTEN changes;", "reaches-outside", severity=Severity.WARNING),
    Row("NOTIFY", "SELECT pg_notify('changes', '');", "reaches-outside", severity=Severity.WARNING),
    Row("pg_sleep", "SELECT pg_sleep(0.01);", "reaches-outside", severity=Severity.WARNING),
    Row("its own end", "SELECT pg_terminate_backend(pg_backend_pid());", "engine-refusal", "57P01"),
    Row(
        "a fork bomb of nested EXECUTE",
        "CREATE FUNCTION f(n int) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n"
        "  EXECUTE format('SELECT f(%s)', n + 1);\n  EXECUTE format('SELECT f(%s)', n + 1);\nEND $$;\nSELECT f(1);",
        "engine-refusal", "54001",
    ),
    Row("an enormous identifier", f"CREATE TABLE {'x' * 9000} (a int);", "name-cut-short", "", Severity.WARNING),
    Row("too many columns", f"CREATE TABLE a ({COLUMNS});", "engine-refusal", "54011"),
    Row(
        "a caught refusal",
        f"{TABLE}DO $$ BEGIN CREATE UNIQUE INDEX ON bets (id); EXCEPTION WHEN OTHERS THEN NULL; END $$;",
        "caught-refusal", "0A000",
    ),
    Row(
        "a caught refusal, and silence",
        f"SET client_min_messages = error;\n{TABLE}"
        "DO $$ BEGIN CREATE UNIQUE INDEX ON bets (id); EXCEPTION WHEN feature_not_supported THEN NULL; END $$;",
        "caught-refusal", "0A000",
    ),
    Row(
        "the stand-in's own functions",
        f"{CITUS}CREATE OR REPLACE FUNCTION citus_internal.refuse(state text, message text, detail text DEFAULT NULL, "
        "hint text DEFAULT NULL) RETURNS void LANGUAGE sql AS 'SELECT';",
        "engine-refusal", "42501",
    ),
    Row("its event triggers", f"{CITUS}ALTER EVENT TRIGGER citus_command_end DISABLE;", "engine-refusal", "42501"),
    Row("its metadata", f"{TABLE}DELETE FROM pg_dist_partition;", "engine-refusal", "42501"),
)  # fmt: skip

SLOW = (
    Row(
        "temporary files",
        "SELECT count(*) FROM (SELECT md5(g::text) FROM generate_series(1, 30000000) g ORDER BY 1) s;",
        "engine-refusal", "53400",
    ),
    Row("all the memory", ALL_MEMORY, "engine-refusal", "XX000"),
)  # fmt: skip


@pytest.mark.parametrize("row", first(8, [*ROWS, *SLOW]), ids=lambda row: row.name)
def test_it_is_found_and_the_next_replay_knows_nothing_of_it(row: Row, project: Project, cache: Path) -> None:
    made = project.root / "made"
    text = row.text.replace("MADE", str(made))
    findings = project.judge(text).findings
    found = [(each.rule, each.severity) for each in findings]
    assert found
    assert set(found) == {(row.rule, row.severity)}
    if row.sqlstate is not None:
        assert {each.sqlstate or "" for each in findings} == {row.sqlstate}
    assert project.judge("CREATE ROLE once;\n-- the same names again\nCREATE TABLE bets (a int);").exit_code == 0
    assert not made.exists()
    assert [*cache.glob("postgres-*/runs/run-*")] == []
