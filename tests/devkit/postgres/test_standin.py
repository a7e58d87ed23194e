"""The stand-in beyond the oracle: who may do what, nested statements, and nothing left by a refusal."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pglast
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.install import ADMIN
from devkit.postgres.standin.before import facts_before
from devkit.postgres.standin.telling import tell
from devkit.progress import silent

TABLE = "CREATE TABLE {} (tenant_id bigint NOT NULL, id bigint NOT NULL, name text, PRIMARY KEY (tenant_id, id))"
FUNCTION = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'"
Run = Callable[[str], None]


@pytest.fixture(scope="module")
def running(found: Cache) -> Iterator[Embedded]:
    """A server with a template owned by nobody in particular, and two ordinary roles."""
    with server(found, silent) as started:
        with started.admin() as admin:
            admin.execute("CREATE ROLE owner LOGIN")
            admin.execute("CREATE ROLE other LOGIN")
        yield started


@pytest.fixture
def database(running: Embedded) -> Iterator[str]:
    """A fresh database of the owner's."""
    with running.admin() as admin:
        admin.execute("CREATE DATABASE fresh OWNER owner STRATEGY FILE_COPY")
    yield "fresh"
    with running.admin() as admin:
        admin.execute("DROP DATABASE fresh WITH (FORCE)")


@pytest.fixture
def owner(running: Embedded, database: str) -> Iterator[psycopg.Connection]:
    """The owner's connection, with the extension and a distributed and a plain table."""
    with psycopg.connect(running.dsn("owner", database), autocommit=True) as connection:
        for statement in (
            "CREATE EXTENSION citus",
            FUNCTION,
            TABLE.format("bets"),
            TABLE.format("plain"),
            "SELECT create_distributed_table('bets', 'tenant_id')",
        ):
            connection.execute(statement.encode())
        yield connection


def refused(connection: psycopg.Connection, statement: str) -> tuple[str | None, str | None]:
    """(SQLSTATE, message) of the refusal of a statement, run as the replay runs it."""
    with pytest.raises(psycopg.Error) as raised:
        run(connection, statement)
    return raised.value.sqlstate, raised.value.diag.message_primary


def run(connection: psycopg.Connection, statement: str) -> None:
    facts = facts_before(pglast.parse_sql(statement)[0].stmt)
    if facts is not None:
        tell(connection, facts)
    connection.execute(statement.encode())


TRIGGERS = ("XX000", "triggers are not supported on distributed tables")
INDEXES = ("0A000", "creating unique indexes on non-partition columns is currently unsupported")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO pg_dist_partition (logicalrelid, partmethod) VALUES ('plain', 'h')",
        "DELETE FROM pg_dist_partition",
        "UPDATE pg_dist_colocation SET shardcount = 1",
        "ALTER EVENT TRIGGER citus_command_end DISABLE",
        "DROP EVENT TRIGGER citus_drop",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION citus_internal.check_trigger_command(oid) RETURNS void LANGUAGE sql AS ''",
    ],
)
def test_the_owner_of_the_database_cannot_get_around_it(owner: psycopg.Connection, statement: str) -> None:
    state, _ = refused(owner, statement)
    assert state == "42501"


def test_nobody_distributes_the_table_of_somebody_else(
    running: Embedded, database: str, owner: psycopg.Connection
) -> None:
    owner.execute("GRANT ALL ON plain TO other")
    with psycopg.connect(running.dsn("other", database), autocommit=True) as other:
        for call in ("create_distributed_table('plain', 'tenant_id')", "create_reference_table('plain')"):
            assert refused(other, f"SELECT {call}") == ("42501", "must be owner of table plain")
        forged = "SELECT citus_internal.write_table('plain', 'h', NULL, 1, 's', false)"
        assert refused(other, forged)[0] == "42501"
        assert refused(other, "SELECT citus_internal.forget_table('bets'::regclass)")[0] == "42501"


@pytest.mark.full
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON bets EXECUTE FUNCTION touch()", TRIGGERS),
        ("DROP TRIGGER IF EXISTS missing ON bets", TRIGGERS),
        ('DROP /* a */ TRIGGER IF EXISTS "mis sing" ON /* b */ public."bets"', TRIGGERS),
        ("ALTER TABLE bets DISABLE TRIGGER ALL", TRIGGERS),
        ("ALTER TABLE IF EXISTS ONLY bets ENABLE ALWAYS TRIGGER missing", TRIGGERS),
        ("CREATE UNIQUE INDEX i ON bets (id)", INDEXES),
        ("ALTER TABLE bets ADD UNIQUE (id)", ("0A000", 'cannot create constraint on "bets"')),
    ],
)
@pytest.mark.parametrize("form", ["top", "do", "execute", "function"])
def test_a_refusal_is_the_same_at_top_level_and_nested(
    owner: psycopg.Connection, form: str, body: str, expected: tuple[str, str]
) -> None:
    quoted = body.replace("'", "''")
    statements = {
        "top": [body],
        "do": [f"DO $do$ BEGIN {body}; END $do$"],
        "execute": [f"DO $do$ BEGIN EXECUTE '{quoted}'; END $do$"],
        "function": [
            f"CREATE FUNCTION nested() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN {body}; END $f$",
            "SELECT nested()",
        ],
    }[form]
    for statement in statements[:-1]:
        run(owner, statement)
    assert refused(owner, statements[-1]) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON plain EXECUTE FUNCTION touch()",
        "DO $$ BEGIN DROP TRIGGER IF EXISTS missing ON plain; END $$",
        "CREATE UNIQUE INDEX ON plain (id)",
        "ALTER TABLE bets ADD COLUMN more text NOT NULL DEFAULT ''",
        "TRUNCATE bets",
        "ALTER TABLE bets RENAME COLUMN tenant_id TO brand_id",
        "CREATE INDEX ON bets (name)",
    ],
)
def test_what_citus_accepts_is_accepted(owner: psycopg.Connection, statement: str) -> None:
    run(owner, statement)


def test_a_refused_concurrent_index_leaves_no_invalid_one(owner: psycopg.Connection) -> None:
    assert refused(owner, "CREATE UNIQUE INDEX CONCURRENTLY i ON bets (id)") == INDEXES
    assert owner.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid").fetchone() == (0,)
    run(owner, "ALTER TABLE bets ADD CONSTRAINT named CHECK (id > 0)")


def test_it_speaks_under_replica_too(running: Embedded, database: str, owner: psycopg.Connection) -> None:
    del owner
    with psycopg.connect(running.dsn(ADMIN, database), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        assert refused(admin, "CREATE TRIGGER t AFTER INSERT ON bets EXECUTE FUNCTION touch()") == TRIGGERS


def test_names_of_any_kind_and_renamed_tables_are_followed(owner: psycopg.Connection) -> None:
    for statement in (
        'CREATE SCHEMA "Risk"',
        TABLE.format('"Risk"."Bet ""Events"""'),
        'SELECT create_distributed_table(\'"Risk"."Bet ""Events"""\', \'tenant_id\')',
        'ALTER TABLE "Risk"."Bet ""Events""" RENAME TO "Other"',
        'ALTER TABLE "Risk"."Other" SET SCHEMA public',
    ):
        run(owner, statement)
    assert refused(owner, 'CREATE TRIGGER t AFTER INSERT ON "Other" EXECUTE FUNCTION touch()') == TRIGGERS
    assert refused(owner, 'DO $$ BEGIN DROP TRIGGER IF EXISTS x ON "Other"; END $$') == TRIGGERS


def kinds(connection: psycopg.Connection) -> set[tuple[str, str, str]]:
    query = "SELECT table_name::text, citus_table_type, distribution_column FROM citus_tables"
    return {(name, kind, column) for name, kind, column in connection.execute(query).fetchall()}


def test_partitions_belong_to_their_parent(owner: psycopg.Connection) -> None:
    columns = "(tenant_id bigint NOT NULL, at date NOT NULL, PRIMARY KEY (tenant_id, at))"
    for statement in (
        f"CREATE TABLE log {columns} PARTITION BY RANGE (at)",
        "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "SELECT create_distributed_table('log', 'tenant_id')",
        "CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
        f"CREATE TABLE log_3 {columns}",
        "ALTER TABLE log ATTACH PARTITION log_3 FOR VALUES FROM ('2026-03-01') TO ('2026-04-01')",
    ):
        run(owner, statement)
    assert {name for name, _, _ in kinds(owner)} == {"bets", "log", "log_1", "log_2", "log_3"}
    run(owner, "DROP TABLE log_1")
    run(owner, "ALTER TABLE log DETACH PARTITION log_2")
    assert {name for name, _, _ in kinds(owner)} == {"bets", "log", "log_2", "log_3"}
    run(owner, "DROP TABLE log")
    assert {name for name, _, _ in kinds(owner)} == {"bets", "log_2"}


def test_metadata_goes_with_the_table_the_schema_and_the_extension(owner: psycopg.Connection) -> None:
    for statement in (
        "CREATE SCHEMA s",
        TABLE.format("s.a"),
        "SELECT create_reference_table('s.a')",
        "DROP SCHEMA s CASCADE",
    ):
        run(owner, statement)
    assert kinds(owner) == {("bets", "distributed", "tenant_id")}
    run(owner, "SELECT undistribute_table('bets')")
    assert kinds(owner) == set()
    run(owner, "CREATE TRIGGER t AFTER INSERT ON bets EXECUTE FUNCTION touch()")
    run(owner, "DROP EXTENSION citus")
    run(owner, "CREATE EXTENSION citus")
    assert kinds(owner) == set()


def test_a_rolled_back_distribution_never_was(owner: psycopg.Connection) -> None:
    for statement in ("BEGIN", "SELECT create_distributed_table('plain', 'id')", "ROLLBACK"):
        owner.execute(statement.encode())
    assert kinds(owner) == {("bets", "distributed", "tenant_id")}


NAMESPACES = [uuid.NAMESPACE_DNS, uuid.NAMESPACE_URL, uuid.NAMESPACE_OID, uuid.NAMESPACE_X500]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(namespace=st.sampled_from(NAMESPACES), name=st.text(max_size=200).filter(lambda text: "\0" not in text))
def test_uuids_of_names_are_the_real_ones(owner: psycopg.Connection, namespace: uuid.UUID, name: str) -> None:
    owner.execute('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')
    query = "SELECT uuid_generate_v3(%s, %s), uuid_generate_v5(%s, %s)"
    expected = (uuid.uuid3(namespace, name), uuid.uuid5(namespace, name))
    assert owner.execute(query, (namespace, name, namespace, name)).fetchone() == expected


def test_random_uuids_have_their_version_and_namespaces_are_right(owner: psycopg.Connection) -> None:
    owner.execute('CREATE EXTENSION "uuid-ossp"')
    versions = owner.execute("SELECT uuid_generate_v1(), uuid_generate_v1mc(), uuid_generate_v4()").fetchone()
    assert versions is not None
    assert [each.version for each in versions] == [1, 1, 4]
    row = owner.execute("SELECT uuid_ns_dns(), uuid_ns_url(), uuid_ns_oid(), uuid_ns_x500(), uuid_nil()").fetchone()
    assert row == (*NAMESPACES, uuid.UUID(int=0))
