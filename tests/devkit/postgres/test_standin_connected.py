"""What a table needs, what hangs on it, and what goes with it when its kind changes; texts of Citus at v13.0.3."""

from __future__ import annotations

import psycopg
import pytest

from tests.devkit.postgres.conftest import Run

A = ("CREATE TABLE a (t bigint, x int, PRIMARY KEY (t, x))", "SELECT create_distributed_table('a', 't')")
REFERENCE = ("CREATE TABLE r (id int PRIMARY KEY)", "SELECT create_reference_table('r')")
LOCAL = ("CREATE TABLE l (id int PRIMARY KEY)", "SELECT citus_add_local_table_to_metadata('l')")
FUNCTION = "CREATE FUNCTION f(plain) RETURNS int LANGUAGE sql AS 'SELECT 1'"
NEEDS = '"table t" has dependency to "table plain" that is not in Citus\' metadata'
CIRCLE = "Citus can not handle circular dependencies between distributed objects"


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (("CREATE TABLE t (id int, x int DEFAULT f(NULL))", "SELECT create_distributed_table('t', 'id')"), NEEDS),
        (("CREATE TABLE t (id int CHECK (f(NULL) > id))", "SELECT create_distributed_table('t', 'id')"), NEEDS),
        (("CREATE TABLE t (id int, p plain)", "SELECT create_reference_table('t')"), NEEDS),
        (("CREATE TABLE t (id int)", "SELECT create_distributed_table('t', 'id')",
          "ALTER TABLE t ADD COLUMN x int DEFAULT f(NULL)"), NEEDS),
        (("CREATE TABLE t (id int)", "CREATE POLICY p ON t USING (id = f(NULL))",
          "SELECT create_distributed_table('t', 'id')"), NEEDS),
        (("SET citus.enable_metadata_sync TO off", "CREATE TABLE t (id int, x int DEFAULT f(NULL))",
          "SELECT create_distributed_table('t', 'id')"), None),
        (("SELECT create_reference_table('plain')", "CREATE TABLE t (id int, x int DEFAULT f(NULL))",
          "SELECT create_distributed_table('t', 'id')"), None),
        (("CREATE TYPE span AS RANGE (subtype = int)", "CREATE TYPE pair AS (a span, b int)",
          "CREATE TABLE t (id int, p pair[])", "SELECT create_distributed_table('t', 'id')"),
         '"table t" has dependency on unsupported object "type span"'),
        (("CREATE TYPE mood AS ENUM ('a')", "CREATE DOMAIN good AS mood CHECK (value = 'a')",
          "CREATE TABLE t (id int, m good[])", "SELECT create_distributed_table('t', 'id')"), None),
        (("CREATE TABLE t (id int)", "CREATE FUNCTION g(t) RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "ALTER TABLE t ADD CHECK (g(NULL) > id)", "SELECT create_distributed_table('t', 'id')"), CIRCLE),
    ],
)  # fmt: skip
def test_a_table_needs_only_what_citus_can_make_on_every_node(
    run: Run, before: tuple[str, ...], message: str | None
) -> None:
    assert run("CREATE TABLE plain (id int)", FUNCTION, *before) == ([message] if message else [])


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (("ALTER EXTENSION plpgsql ADD VIEW v",), "cannot alter table because an extension depends on it"),
        ((), None),
    ],
)
def test_what_an_extension_holds_is_not_made_anew(
    admin: psycopg.Connection, run: Run, before: tuple[str, ...], message: str | None
) -> None:
    assert run(*A, "CREATE VIEW v AS SELECT * FROM a") == []
    for statement in before:
        admin.execute(statement.encode())
    assert run("SELECT undistribute_table('a')") == ([message] if message else [])


OWN_KEY = (
    "cannot cascade operation via foreign keys as partition table public.p1 involved in a foreign key relationship "
    "that is not inherited from its parent table"
)


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        (
            (*REFERENCE, "ALTER TABLE p1 ADD FOREIGN KEY (x) REFERENCES r", "SELECT undistribute_table('p', true)"),
            OWN_KEY,
        ),
        ((*REFERENCE, "ALTER TABLE p1 ADD FOREIGN KEY (x) REFERENCES r", "SELECT undistribute_table('p')"), OWN_KEY),
        (
            (*REFERENCE, "ALTER TABLE p1 ADD FOREIGN KEY (x) REFERENCES r", "SELECT undistribute_table('r', true)"),
            OWN_KEY,
        ),
        ((*REFERENCE, "ALTER TABLE p ADD FOREIGN KEY (x) REFERENCES r", "SELECT undistribute_table('r', true)"), None),
    ],
)
def test_a_partition_with_a_key_of_its_own_cannot_be_taken_along(
    run: Run, inside: tuple[str, ...], message: str | None
) -> None:
    partitioned = (
        "CREATE TABLE p (t bigint, x int) PARTITION BY RANGE (x)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9)",
        "SELECT create_distributed_table('p', 't')",
    )
    assert run(*partitioned, *inside) == ([message] if message else [])


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("ALTER TABLE p1 ADD FOREIGN KEY (x) REFERENCES p1 (x)", OWN_KEY),
        ("SELECT 1", None),
        (
            "ALTER TABLE p ADD COLUMN y plain",
            '"table p1" has dependency to "table plain" that is not in Citus\' metadata',
        ),
    ],
)
def test_a_partitioned_table_is_added_to_the_metadata_with_its_partitions(
    run: Run, inside: str, message: str | None
) -> None:
    partitioned = (
        "CREATE TABLE plain (id int)",
        "CREATE TABLE p (t bigint, x int UNIQUE) PARTITION BY RANGE (x)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9)",
    )
    assert run(*partitioned, inside, "SELECT citus_add_local_table_to_metadata('p')") == ([message] if message else [])
    assert run("CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (19) PARTITION BY RANGE (x)") == (
        [] if message else ["distributing multi-level partitioned tables is not supported"]
    )


def test_a_partition_with_its_parents_key_is_attached(run: Run) -> None:
    assert (
        run(
            *REFERENCE,
            "CREATE TABLE p (t bigint, x int REFERENCES r) PARTITION BY RANGE (x)",
            "SELECT create_distributed_table('p', 't')",
            "CREATE TABLE p1 (t bigint, x int REFERENCES r)",
            "SELECT create_distributed_table('p1', 't')",
            "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (9)",
        )
        == []
    )


def test_keys_between_distributed_tables_do_not_survive_the_change_of_one(run: Run, owner: psycopg.Connection) -> None:
    keyed = (
        "CREATE TABLE b (t bigint, x int REFERENCES r)",
        "SELECT create_distributed_table('b', 't')",
        "ALTER TABLE b ADD FOREIGN KEY (t, x) REFERENCES a",
    )
    assert run(*REFERENCE, *A, *keyed) == []
    keys = b"SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'b'::regclass ORDER BY 1"
    assert run("SELECT alter_distributed_table('b', shard_count := 8, cascade_to_colocated := true)") == []
    assert owner.execute(keys).fetchall() == [("b_t_x_fkey",), ("b_x_fkey",)]
    assert run("SELECT alter_distributed_table('a', shard_count := 4, cascade_to_colocated := false)") == []
    assert owner.execute(keys).fetchall() == [("b_x_fkey",)]


@pytest.mark.full
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("'a', 'none'", None),
        ("'b', 'a'", None),
        ("'narrow', 'a'", "cannot colocate tables a and narrow"),
        ("'few', 'a'", "cannot colocate tables a and few"),
        ("'l', 'a'", "local tables cannot be colocated with other tables"),
        ("'a', 'l'", "local tables cannot be colocated with other tables"),
        ("'r', 'none'", "relation r should be a hash or single shard distributed table"),
        ("'a', 'r'", "relation r should be a hash or single shard distributed table"),
        ("'s.one', 'a'", "s.one is not allowed for update_distributed_table_colocation because it belongs to a "
                         "distributed schema"),
        ("'a', 's.one'", "s.one is not allowed for colocate_with because it belongs to a distributed schema"),
    ],
)  # fmt: skip
def test_colocation_is_changed_by_name(run: Run, owner: psycopg.Connection, call: str, message: str | None) -> None:
    tables = (
        "CREATE TABLE b (t bigint)", "SELECT create_distributed_table('b', 't', colocate_with => 'none')",
        "CREATE TABLE narrow (t int)", "SELECT create_distributed_table('narrow', 't')",
        "CREATE TABLE few (t bigint)", "SELECT create_distributed_table('few', 't', shard_count => 2)",
        "CREATE SCHEMA s", "CREATE TABLE s.one (t bigint)", "SELECT citus_schema_distribute('s')",
    )  # fmt: skip
    assert run(*A, *REFERENCE, *LOCAL, *tables) == []
    assert run(f"SELECT update_distributed_table_colocation({call})") == ([message] if message else [])
    rows = owner.execute("SELECT logicalrelid::text, colocationid FROM pg_dist_partition").fetchall()
    groups: dict[str, int] = dict(rows)
    assert (groups["a"] == groups["b"]) == (call == "'b', 'a'")


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("CREATE STATISTICS s ON (x + 1), t FROM a", "only simple column references are allowed in CREATE STATISTICS"),
        ("CREATE STATISTICS s ON x, t FROM a", None),
        ("CREATE STATISTICS ON x, t FROM a", "cannot create statistics without a name on a Citus table"),
        ("CLUSTER VERBOSE a USING a_pkey", "cannot run CLUSTER command"),
        ("CLUSTER a USING a_pkey", None),
        ("ALTER VIEW v ALTER COLUMN x SET DEFAULT 1",
         "Citus doesn't support setting or resetting default values for a column of view"),
        ("ALTER VIEW own ALTER COLUMN id SET DEFAULT 1", None),
        ("ALTER TABLE r ADD FOREIGN KEY (id) REFERENCES l ON DELETE CASCADE",
         "cannot define foreign key constraint, foreign keys from reference tables to local tables can only be defined "
         "with NO ACTION or RESTRICT behaviors"),
        ("CREATE TABLE s.typed OF pair", "cannot create tables in a distributed schema using CREATE TABLE OF syntax"),
        ("SELECT citus_schema_distribute(1::regnamespace)", "schema with OID 1 does not exist"),
        ("SELECT truncate_local_data_after_distributing_table('a')", None),
        ("SELECT create_distributed_table('plain', 'id', shard_count => 4, colocate_with => 'none')", None),
    ],
)  # fmt: skip
def test_single_statements(run: Run, inside: str, message: str | None) -> None:
    before = (
        *A, *REFERENCE, *LOCAL, "CREATE VIEW v AS SELECT * FROM a", "INSERT INTO r VALUES (1)",
        "CREATE TABLE plain (id int)", "CREATE VIEW own AS SELECT * FROM plain", "CREATE TYPE pair AS (a int, b int)",
        "CREATE SCHEMA s", "SELECT citus_schema_distribute('s')",
    )  # fmt: skip
    assert run(*before) == []
    assert run(inside) == ([message] if message else [])


@pytest.mark.parametrize(("nodes", "refused"), [(0, True), (1, True), (2, False)])
def test_replicas_need_nodes(admin: psycopg.Connection, run: Run, nodes: int, *, refused: bool) -> None:
    for number in range(nodes):
        admin.execute("SELECT citus_add_node('localhost', %s)", (7000 + number,))
    assert run("SET citus.shard_replication_factor TO 2", *A) == (
        ["replication_factor (2) exceeds number of worker nodes (1)"] if refused else []
    )
