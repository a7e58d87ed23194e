"""Rules of the stand-in that the recorded cases do not reach; the texts are those of Citus's source at v13.0.3."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.devkit.postgres.conftest import Run

REFERENCE = ("CREATE TABLE r (id bigint PRIMARY KEY)", "SELECT create_reference_table('r')")
PLAIN = ("CREATE TABLE a (t bigint, r bigint, v text)",)
HASH = (*PLAIN, "SELECT create_distributed_table('a', 't')")
KEYED = ("CREATE TABLE b (t bigint, r bigint REFERENCES r)", "SELECT create_distributed_table('b', 't')")


@pytest.mark.full
@pytest.mark.parametrize(
    ("before", "inside", "message"),
    [
        (
            REFERENCE,
            (*HASH, *KEYED),
            'cannot distribute relation "b" in this transaction because it has a foreign key to a reference table',
        ),
        (REFERENCE, (*KEYED, *HASH), None),
        (
            (*REFERENCE, *HASH, *KEYED),
            ("ALTER TABLE a ADD COLUMN x int", "SELECT count(*) FROM r", "ALTER TABLE b ADD COLUMN x int"),
            'cannot execute parallel DDL on table "b" after SELECT command on reference table "r" because there is a '
            'foreign key between them and "r" has been accessed in this transaction',
        ),
        ((*REFERENCE, *HASH, *KEYED), ("SELECT count(*) FROM r", "ALTER TABLE b ADD COLUMN x int"), None),
        (
            (*REFERENCE, *KEYED),
            ("SELECT count(*) FROM b", "TRUNCATE r CASCADE"),
            'cannot execute DDL on table "r" because there was a parallel SELECT access to distributed table "b" in '
            "the same transaction",
        ),
        ((*REFERENCE, *KEYED), ("TRUNCATE b, r", "TRUNCATE b"), None),
        (
            (
                "CREATE TABLE far (id bigint PRIMARY KEY)",
                "SELECT create_reference_table('far')",
                *REFERENCE,
                "ALTER TABLE r ADD FOREIGN KEY (id) REFERENCES far",
                *KEYED,
            ),
            ("SELECT count(*) FROM b", "ALTER TABLE far ADD COLUMN x int"),
            'cannot execute DDL on table "far" because there was a parallel SELECT access to distributed table "b" in '
            "the same transaction",
        ),
        (REFERENCE, ("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'", *HASH, *KEYED), None),
        (REFERENCE, ("CREATE TYPE mood AS ENUM ('a')", *HASH, *KEYED), None),
        (
            HASH,
            ("ALTER TABLE a ADD COLUMN x int", "CREATE TYPE mood AS ENUM ('a')"),
            "cannot run type command because there was a parallel operation on a distributed table in the transaction",
        ),
        (
            HASH,
            ("CREATE INDEX ON a (v)", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
            "cannot run function command because there was a parallel operation on a distributed table in the "
            "transaction",
        ),
        (
            HASH,
            ("SET LOCAL citus.create_object_propagation TO automatic", "CREATE INDEX ON a (v)", "CREATE SCHEMA s"),
            None,
        ),
        (
            (*REFERENCE, *HASH),
            ("ALTER TABLE a ADD COLUMN x int", "ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (r) REFERENCES r"),
            'cannot modify table "a" because there was a parallel operation on a distributed table in the transaction',
        ),
        (
            (*REFERENCE, *HASH),
            ("ALTER TABLE a ADD COLUMN x int", "ALTER TABLE a ADD FOREIGN KEY (r) REFERENCES r"),
            "cannot run ALTER TABLE ... ADD FOREIGN KEY command because there was a parallel operation on a "
            "distributed table in the transaction",
        ),
        (
            (*REFERENCE, *KEYED),
            ("ALTER TABLE b ADD COLUMN x int", "INSERT INTO r VALUES (1)"),
            'cannot execute DML on table "r" because there was a parallel DDL access to distributed table "b" in the '
            "same transaction",
        ),
        (
            (*REFERENCE, *KEYED),
            ("UPDATE b SET r = NULL", "ALTER TABLE r ADD COLUMN x int"),
            'cannot execute DDL on table "r" because there was a parallel DML access to distributed table "b" in the '
            "same transaction",
        ),
        ((*REFERENCE, *KEYED), ("UPDATE b SET r = NULL WHERE t = 1", "ALTER TABLE r ADD COLUMN x int"), None),
        ((*REFERENCE, *KEYED), ("INSERT INTO r VALUES (1)", "ALTER TABLE b ADD COLUMN x int"), None),
        (
            (*REFERENCE, *KEYED),
            ("UPDATE b SET r = NULL", "ALTER TABLE b ADD COLUMN x int", "ALTER TABLE r ADD COLUMN x int"),
            'cannot execute DDL on table "r" because there was a parallel DDL access to distributed table "b" in the '
            "same transaction",
        ),
        (
            (*REFERENCE, *KEYED),
            ("SELECT count(*) FROM b", "ALTER TABLE r ADD COLUMN x int"),
            'cannot execute DDL on table "r" because there was a parallel SELECT access to distributed table "b" in '
            "the same transaction",
        ),
        (
            (*REFERENCE, *KEYED),
            ("SELECT count(*) FROM b", "INSERT INTO r VALUES (1)"),
            'cannot modify table "r" because there was a parallel operation on a distributed table',
        ),
        (
            HASH,
            ("CREATE TABLE c AS WITH a AS (SELECT 1) SELECT * FROM public.a", "CREATE TYPE mood AS ENUM ('a')"),
            "cannot run type command because there was a parallel operation on a distributed table in the transaction",
        ),
        (
            HASH,
            ("INSERT INTO a (t) SELECT generate_series(1, 9)", "CREATE TYPE mood AS ENUM ('a')"),
            "cannot run type command because there was a parallel operation on a distributed table in the transaction",
        ),
        (HASH, ("INSERT INTO a (t) VALUES (1), (2)", "CREATE TYPE mood AS ENUM ('a')"), None),
        (HASH, ("SELECT count(*) FROM a WHERE t = 1", "CREATE TYPE mood AS ENUM ('a')"), None),
        (HASH, ("WITH a AS (SELECT 1) SELECT * FROM a", "CREATE TYPE mood AS ENUM ('a')"), None),
        ((*REFERENCE, *KEYED), ("SELECT * FROM r", "ALTER TABLE b ADD COLUMN x int"), None),
        (
            (*REFERENCE, *KEYED),
            ("ALTER TABLE b ADD COLUMN x int", "SELECT * FROM r"),
            'cannot execute SELECT on table "r" because there was a parallel DDL access to distributed table "b" in '
            "the same transaction",
        ),
    ],
)
def test_one_transaction_does_not_mix_parallel_and_sequential(
    run: Run, before: tuple[str, ...], inside: tuple[str, ...], message: str | None
) -> None:
    assert run(*before) == []
    assert run("BEGIN", *inside, "COMMIT") == ([message] if message else [])


@pytest.mark.full
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("ALTER TABLE a ALTER COLUMN t TYPE text", "cannot execute ALTER TABLE command involving partition"),
        ('ALTER /* , */ TABLE public."a" DROP COLUMN IF EXISTS "t"', "cannot execute ALTER TABLE command involving"),
        ("ALTER TABLE a ALTER t SET DEFAULT 1", "cannot execute ALTER TABLE command involving partition"),
        ("ALTER TABLE a ADD CHECK (t > 0), ADD x int", "cannot execute ADD CONSTRAINT command with other subcommands"),
        ("ALTER TABLE a ADD x int, ALTER v SET STORAGE plain", "alter table command is currently unsupported"),
        ("ALTER TABLE a ADD COLUMN x int, ADD COLUMN y int CHECK (y > 0)", "cannot execute ADD COLUMN command with"),
        ("ALTER TABLE a ADD COLUMN x serial", "cannot execute ADD COLUMN commands involving serial pseudotypes when"),
        ("ALTER TABLE a RENAME CONSTRAINT c TO d", "renaming constraints belonging to distributed tables is"),
        ("ALTER INDEX a_v_idx SET TABLESPACE pg_default", "alter index ... set tablespace ... is"),
        ("DROP INDEX a_v_idx, a_r_idx", "cannot drop multiple distributed objects in a single command"),
        ("CREATE INDEX ON ONLY a (v) TABLESPACE pg_default", "specifying tablespaces with CREATE INDEX statements"),
        ("CREATE STATISTICS ON r, v FROM a", "cannot create statistics without a name on a Citus table"),
        ("GRANT SELECT (v), UPDATE ON TABLE plain, a TO public", "grant/revoke on column list is"),
        ("ALTER SEQUENCE s RESTART", "Altering a distributed sequence is currently not supported."),
        ("CREATE SEQUENCE z OWNED BY a.r", "cannot create sequences that specify a distributed table"),
        ("CREATE TABLE kid () INHERITS (a)", "non-distributed tables cannot inherit distributed tables"),
        ("CREATE POLICY p ON a USING (EXISTS (SELECT))", "unexpected non-SELECT command in SubLink"),
        ("ALTER TABLE a ADD COLUMN x int, ALTER v SET NOT NULL, ENABLE ROW LEVEL SECURITY, SET LOGGED", None),
        ("ALTER TABLE a ADD COLUMN x numeric(4, 2) DEFAULT 1 NOT NULL, ALTER v SET DEFAULT 'a, b'", None),
        ("ALTER TABLE plain ALTER COLUMN v TYPE int USING 1, ADD COLUMN x serial UNIQUE", None),
        ("DROP INDEX plain_v_idx, plain_r_idx", None),
        ("GRANT SELECT ON a TO public", None),
        ("ALTER SEQUENCE s OWNER TO CURRENT_USER", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("nested", [False, True])
def test_alter_table_and_its_kin_are_read_alike_at_top_level_and_nested(
    run: Run, statement: str, message: str | None, nested: bool
) -> None:
    assert run(
        "CREATE SEQUENCE s",
        "CREATE TABLE plain (t bigint, r bigint DEFAULT 1, v text, CONSTRAINT c CHECK (t > 0))",
        "CREATE TABLE a (t bigint, r bigint DEFAULT nextval('s'), v text, CONSTRAINT c CHECK (t > 0))",
        *(f"CREATE INDEX ON {table} ({column})" for table in ("a", "plain") for column in ("v", "r")),
        "SELECT create_distributed_table('a', 't')",
    ) == []  # fmt: skip
    refused = run(f"DO $do$ BEGIN {statement}; END $do$" if nested else statement)
    assert [said.startswith(message or "-") for said in refused] == ([True] if message else [])


def test_only_new_constraints_run_into_an_index_that_an_off_switch_let_in(run: Run) -> None:
    wrong = 'cannot create constraint on "a"'
    unsafe = "SET citus.allow_unsafe_constraints TO {}"
    assert run(*HASH, unsafe.format("on"), "CREATE UNIQUE INDEX ON a (v)", unsafe.format("off")) == []
    assert run("ALTER TABLE a ADD COLUMN x int", "ALTER TABLE a ALTER v SET NOT NULL", "CREATE INDEX ON a (x)") == []
    assert run("ALTER TABLE a ADD COLUMN y int NOT NULL DEFAULT 3", "ALTER TABLE a ADD CHECK (t > 0)") == [wrong] * 2


def test_a_key_to_a_reference_table_makes_a_table_known_and_its_end_forgets_it(
    run: Run, kinds: Callable[[], dict[str, str]]
) -> None:
    assert run(*REFERENCE, "CREATE TABLE one (id bigint PRIMARY KEY, r bigint REFERENCES r)") == []
    assert run("CREATE TABLE two (id bigint REFERENCES one)") == []
    assert kinds() == {"r": "reference", "one": "local", "two": "local"}
    assert run("ALTER TABLE one DROP CONSTRAINT one_r_fkey") == []
    assert kinds() == {"r": "reference"}


def test_default_colocation_takes_the_oldest_group_that_fits(run: Run, owner: psycopg.Connection) -> None:
    """Also one that was made for somebody who wanted none: ColocationId takes the smallest id."""
    tables = {"a": "'none'", "b": "'default'", "c": "'none'", "d": "'c'"}
    for table, colocate_with in tables.items():
        call = f"SELECT create_distributed_table('{table}', 't', colocate_with := {colocate_with})"
        assert run(f"CREATE TABLE {table} (t bigint)", call) == []
    query = "SELECT string_agg(logicalrelid::text, ' ' ORDER BY 1) FROM pg_dist_partition GROUP BY colocationid"
    assert sorted(row[0] for row in owner.execute(query.encode()).fetchall()) == ["a b", "c d"]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("INSERT INTO a (v) VALUES ('x')", "cannot perform an INSERT without a partition column value"),
        ("INSERT INTO a DEFAULT VALUES", "cannot perform an INSERT without a partition column value"),
        ("INSERT INTO a VALUES (1), (NULL)", "cannot perform an INSERT with NULL in the partition column"),
        ("INSERT INTO a (v, r, t) VALUES ('x', 1, 2)", None),
        ("INSERT INTO a SELECT 1", None),
        ("UPDATE a SET (t, v) = (SELECT 1, 'x')", None),  # several at once are not looked into
        ("UPDATE a SET t = 2", "modifying the partition value of rows is not allowed"),
        ("UPDATE a SET t = 2, v = 'x' WHERE t = 2 AND v <> 'x'", None),
        ("UPDATE a SET missing = 1, t = 2", 'column "missing" of relation "a" does not exist'),
        ("DELETE FROM a", None),
    ],
)
def test_rows_stay_where_their_distribution_column_says(run: Run, statement: str, message: str | None) -> None:
    assert run(*HASH) == []
    assert run(statement) == ([message] if message else [])


WORDS = """alter table a drop trigger on create unique index if exists only add column constraint check ( ) , ; . * "q"
's' default nextval not null primary key enable disable all type int serial attach partition rename to schema grant
select statistics from owned by sequence identity /* x */ $1 é 1.5 :: tablespace set storage references stored"""

# how the statements begin that the reader looks into
HEADS = """alter table|alter view|alter index|drop trigger|alter trigger|create index|create unique|create statistics
alter sequence|drop index|grant|revoke|""".replace("\n", "|").split("|")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(head=st.sampled_from(HEADS), words=st.lists(st.sampled_from(WORDS.split()), max_size=14))
@example(head="create unique", words=[])
def test_the_reader_of_nested_statements_never_fails(owner: psycopg.Connection, head: str, words: list[str]) -> None:
    owner.execute("SELECT citus_internal.read_statement(%s)", (" ".join((head, *words)),))
