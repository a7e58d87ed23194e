"""The snapshot is the same wherever it is read, and in whatever order what does not depend on each other was made."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from devkit.config import load_project
from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN
from devkit.progress import silent
from devkit.schema.reading import read_snapshot
from devkit.schema.snapshot import Snapshot, differences
from devkit.schema.text import to_text
from devkit.verify.inputs import Request, gather
from devkit.verify.verify import verify
from tests.checkout import ROOT
from tests.devkit.schema.generated import quoted
from tests.everyday import first
from tests.need import missing
from tests.server import Server, running

Unit = tuple[str, ...]  # statements in their order; units do not depend on each other

# Locales disagree on how these are ordered, and tr_TR on which of them is the lower case of which.
NAMES = ("i", "I", "ı", "İ", "a_b", "aB", "Ab", "a1", "a10", "a2", "ä", "Z", "z", "ß", "ss", "_", "a-b")
ROLES = ("reader", "Reader", "rêveur", "writer")
# How a locale orders letters, and its lower case of I: what tells a locale from one that only has its name.
LOCALES = {"C": "BZab i", "en_US.UTF-8": "abBZ i", "tr_TR.UTF-8": "aBbZ ı"}

NAMED: tuple[Unit, ...] = tuple(
    (
        f"CREATE TABLE {name} ({name} int, text text CHECK (lower(text) < 'I'), low text GENERATED ALWAYS AS"
        f" (lower(text)) STORED, CONSTRAINT {quoted(f'{bare} I')} UNIQUE ({name}))",
        f"CREATE INDEX {quoted(f'{bare} i')} ON {name} (upper(text), ({name}::text)) WHERE text > 'ä'",
        f"COMMENT ON TABLE {name} IS '{bare}'",
        f"CREATE TYPE {quoted(f'kind {bare}')} AS ENUM ('i', 'I', 'ı', 'a', 'B')",
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {name} ON {name} TO {', '.join(map(quoted, ROLES))} USING (text ILIKE 'I%')",
        f'GRANT UPDATE, SELECT ON {name} TO "Reader", reader',
        f"CREATE FUNCTION {quoted(f'low {bare}')}(text DEFAULT upper('i')) RETURNS boolean LANGUAGE sql"
        f" RETURN $1 > 'i' OR $1 LIKE 'ı%'",
        f"CREATE TABLE {quoted(f'far {bare}')} (id bigint PRIMARY KEY)",
    )
    for bare, name in ((each, quoted(each)) for each in NAMES)
)
FAR: tuple[Unit, ...] = tuple(
    (f"SELECT create_distributed_table({quoted(f'far {bare}')!r}, 'id')",) for bare in NAMES[:6]
)
LAST: Unit = (
    "CREATE PUBLICATION feed FOR TABLE " + ", ".join(map(quoted, NAMES)),
    'CREATE VIEW sorted AS SELECT text, lower(text) FROM "I" WHERE text < \'i\' ORDER BY text COLLATE "C", text',
    "CREATE TABLE parts (word text) PARTITION BY LIST (word)",
    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN ('ı', 'I', 'i', 'a', 'B')",
)

# What is kept as a value or as a text, and written out as the session likes it.
VALUES: Unit = (
    "CREATE SCHEMA app",
    "CREATE TYPE app.mood AS ENUM ('calm')",
    "CREATE FUNCTION app.lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
    "CREATE DOMAIN app.day AS date DEFAULT '2026-01-02'",
    "CREATE DOMAIN app.then AS timestamptz DEFAULT '2026-03-29 02:30:00+00' CHECK (VALUE > '2020-02-01 00:00:00+00')",
    "CREATE DOMAIN app.feeling AS app.mood DEFAULT 'calm'",
    "CREATE DOMAIN app.path AS text DEFAULT E'back\\\\slash'",
    r"""CREATE TABLE app.shown (
        id int GENERATED ALWAYS AS IDENTITY, day date DEFAULT '2026-01-02', at timestamptz DEFAULT
        '2026-03-29 02:30:00.5+00', long interval DEFAULT '1 year -2 days 03:04:05.6', raw bytea DEFAULT
        '\xde00ff5c', near float8 DEFAULT '0.30000000000000004', close real DEFAULT '1e-5', paid money
        DEFAULT '1.50', back text DEFAULT E'back\\slash ''quote''', note xml DEFAULT '<a>1</a>', mood app.mood
        DEFAULT 'calm', word text DEFAULT app.lower('x'), stamp timestamp DEFAULT '2026-01-02 03:04:05',
        "user" text DEFAULT current_user, dur text DEFAULT '3 days'::interval::text, bits bit(3) DEFAULT B'101',
        list date[] DEFAULT '{2026-01-02}', free tstzrange DEFAULT '[2026-01-02 00:00+00,)', big numeric DEFAULT 1e20,
        CHECK (raw <> '\x5c' AND day > '2025-12-31' AND long < '3 days' AND paid < '7'::money))""",
    "CREATE INDEX dear ON app.shown (day) WHERE paid > '9.5'::money AND at < '2030-01-01 00:00+00'",
    "CREATE TABLE app.days (at timestamptz, close float8) PARTITION BY RANGE (at, close)",
    "CREATE TABLE app.days_1 PARTITION OF app.days FOR VALUES FROM ('2026-01-01 00:00+00', 0.1) TO"
    " ('2026-02-01 00:00+00', '0.30000000000000004')",
    "CREATE FUNCTION app.when(day date DEFAULT '2026-01-02', mood app.mood DEFAULT 'calm', VARIADIC more interval[]"
    " DEFAULT '{1 year 2 days}') RETURNS SETOF app.shown LANGUAGE sql STABLE ROWS 7 SET DateStyle TO 'German, DMY'"
    " AS 'SELECT * FROM app.shown'",
    "CREATE VIEW app.seen AS SELECT id, E'a\\\\b' AS slash, '2026-01-02'::date AS day, '1 day 2 hours'::interval AS"
    " long, 0.1::float8 AS near, \"user\", '2.5'::money AS paid, app.lower(word) AS word FROM app.shown WHERE"
    " xmlparse(CONTENT back) IS DOCUMENT",
    "CREATE RULE quiet AS ON UPDATE TO app.shown WHERE new.day = '2026-01-02' DO INSTEAD NOTHING",
    "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$",
    "CREATE TRIGGER touched BEFORE UPDATE ON app.shown FOR EACH ROW WHEN (new.at > '2026-01-02 00:00+00')"
    " EXECUTE FUNCTION app.touch('it''s', E'a\\\\b')",
    "CREATE POLICY mine ON app.shown USING (day > '2026-01-02' AND back <> E'\\\\')",
    "CREATE STATISTICS app.both ON day, (app.lower(word)) FROM app.shown",
    "CREATE SEQUENCE app.counter OWNED BY app.shown.word",
    "CREATE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')",
    "CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
    "COMMENT ON COLUMN app.shown.day IS E'two\\nlines\\\\ ı €'",
    "CREATE TABLE app.far (id bigint, at timestamptz DEFAULT '2026-01-02 00:00+00', PRIMARY KEY (id))",
    "SELECT create_distributed_table('app.far', 'id')",
    "GRANT SELECT (day), UPDATE ON app.shown TO reader",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO reader",
)

# How a session or a server may be set; each of them shows in some text that PostgreSQL gives, or changes a plan.
SETTINGS = (
    ("DateStyle", "German, DMY"),
    ("DateStyle", "SQL, DMY"),
    ("DateStyle", "Postgres, MDY"),
    ("IntervalStyle", "iso_8601"),
    ("IntervalStyle", "sql_standard"),
    ("TimeZone", "Asia/Kathmandu"),
    ("extra_float_digits", "-15"),
    ("extra_float_digits", "3"),
    ("bytea_output", "escape"),
    ("lc_monetary", "en_US.UTF-8"),
    ("lc_monetary", "tr_TR.UTF-8"),
    ("lc_numeric", "tr_TR.UTF-8"),
    ("lc_time", "tr_TR.UTF-8"),
    ("lc_messages", "tr_TR.UTF-8"),
    ("quote_all_identifiers", "on"),
    ("standard_conforming_strings", "off"),
    ("backslash_quote", "off"),
    ("escape_string_warning", "off"),
    ("search_path", "app, public"),
    ("search_path", "app, pg_catalog"),
    ("xmloption", "document"),
    ("xmlbinary", "hex"),
    ("array_nulls", "off"),
    ("transform_null_equals", "on"),
    ("client_encoding", "LATIN1"),
    ("client_encoding", "SQL_ASCII"),
    ("default_transaction_isolation", "serializable"),
    ("default_transaction_read_only", "on"),
    ("default_transaction_deferrable", "on"),
    ("default_text_search_config", "pg_catalog.turkish"),
    ("jit", "on"),
    ("jit_above_cost", "0"),
    ("debug_parallel_query", "on"),
    ("max_parallel_workers_per_gather", "4"),
    ("parallel_setup_cost", "0"),
    ("min_parallel_table_scan_size", "0"),
    ("enable_hashagg", "off"),
    ("enable_hashjoin", "off"),
    ("enable_indexscan", "off"),
    ("enable_material", "off"),
    ("enable_mergejoin", "off"),
    ("enable_nestloop", "off"),
    ("enable_seqscan", "off"),
    ("enable_sort", "off"),
    ("enable_presorted_aggregate", "off"),
    ("enable_incremental_sort", "off"),
    ("join_collapse_limit", "1"),
    ("from_collapse_limit", "1"),
    ("geqo_threshold", "2"),
    ("plan_cache_mode", "force_generic_plan"),
    ("work_mem", "64kB"),
    ("row_security", "off"),
    ("check_function_bodies", "off"),
    ("session_replication_role", "replica"),
)
# What no database could be made with: the stand-in, or the sample, would be refused or mean something else.
ONLY_READ = {
    "standard_conforming_strings",  # how '\' is written
    "default_transaction_read_only",
    "session_replication_role",  # switches the stand-in off
    "transform_null_equals",
    "jit_above_cost",  # and what only takes time
    "debug_parallel_query",
    "row_security",
    "client_encoding",  # of one who says it
    "xmloption",  # how an xml value is written
}

# Independent of each other: any order makes the same schema.
INDEPENDENT: tuple[Unit, ...] = (
    ("CREATE SCHEMA one", "CREATE TABLE one.t (id int PRIMARY KEY, n text)", "GRANT ALL ON one.t TO reader, writer"),
    ("CREATE SCHEMA two", "CREATE TABLE two.t (id int PRIMARY KEY, n text)", "COMMENT ON TABLE two.t IS 'two'"),
    ('CREATE TABLE "B" (id serial, n int)', 'CREATE INDEX ON "B" (n)', 'CREATE INDEX ON "B" (n)'),
    ("CREATE TABLE b (id serial, n int, gone int)", "ALTER TABLE b DROP COLUMN gone", "ALTER TABLE b ADD m int"),
    ("CREATE TYPE mood AS ENUM ('b', 'a')", "CREATE TABLE moods (mood mood DEFAULT 'a')"),
    ("CREATE DOMAIN d AS int CONSTRAINT small CHECK (VALUE < 9)", "ALTER DOMAIN d SET DEFAULT 3"),
    ("CREATE TYPE pair AS (a int, b text)", "COMMENT ON TYPE pair IS 'two'"),
    ("CREATE TYPE span AS RANGE (subtype = float8)",),
    ("CREATE FUNCTION f(int) RETURNS int LANGUAGE sql RETURN 1", "GRANT EXECUTE ON FUNCTION f(int) TO writer"),
    ("CREATE FUNCTION f(text) RETURNS int LANGUAGE sql RETURN 2", "REVOKE ALL ON FUNCTION f(text) FROM PUBLIC"),
    ("CREATE PROCEDURE p() LANGUAGE sql AS ''",),
    ("CREATE SEQUENCE s", "GRANT USAGE ON SEQUENCE s TO writer", "GRANT SELECT ON SEQUENCE s TO reader"),
    ("CREATE TABLE viewed (id int)", "CREATE VIEW v AS SELECT id FROM viewed", "GRANT SELECT ON v TO reader"),
    ("CREATE TABLE kept (id int)", "CREATE MATERIALIZED VIEW k AS SELECT id FROM kept", "CREATE INDEX ON k (id)"),
    (
        "CREATE TABLE parted (day date, note text) PARTITION BY RANGE (day)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE INDEX ON parted (note)",
    ),
    ("CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",),
    ("CREATE TABLE ruled (id int)", "CREATE RULE q AS ON DELETE TO ruled DO INSTEAD NOTHING"),
    ("CREATE TABLE secret (id int)", "CREATE POLICY y ON secret TO writer, reader", "CREATE POLICY x ON secret"),
    ("CREATE TABLE stored (a int, b int)", "CREATE STATISTICS st ON a, b FROM stored"),
    ("CREATE COLLATION bytes FROM \"C\"", "CREATE TABLE sorted (n text COLLATE bytes)"),
    ("CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",),
    ("CREATE EXTENSION hstore", "CREATE TABLE things (h hstore)"),
    ("CREATE EXTENSION pg_trgm",),
    ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO devkit_later",),
    ("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO devkit_later, devkit_last",),
    ("COMMENT ON SCHEMA public IS 'ours'",),
    ("GRANT CREATE ON SCHEMA public TO writer",),
    ("CREATE TABLE fed (id int)", "CREATE PUBLICATION fed FOR TABLE fed"),
    ("CREATE TABLE r1 (id int PRIMARY KEY)", "SELECT create_reference_table('r1')"),
    ('CREATE TABLE "R" (id int PRIMARY KEY)', "SELECT create_reference_table('\"R\"')"),
    ("CREATE TABLE x1 (id bigint PRIMARY KEY)", "SELECT create_distributed_table('x1', 'id')"),
    ("CREATE TABLE x2 (id bigint PRIMARY KEY)", "SELECT create_distributed_table('x2', 'id')"),
    ('CREATE TABLE "X" (id bigint PRIMARY KEY)', "SELECT create_distributed_table('\"X\"', 'id')"),
    ("CREATE TABLE y1 (id text PRIMARY KEY)", "SELECT create_distributed_table('y1', 'id')"),
    ('CREATE TABLE "Y" (id text PRIMARY KEY)', "SELECT create_distributed_table('\"Y\"', 'id')"),
    (
        "CREATE TABLE z1 (id bigint PRIMARY KEY)",
        "SELECT create_distributed_table('z1', 'id', shard_count => 8)",
        "CREATE TABLE a1 (id bigint REFERENCES z1)",
        "SELECT create_distributed_table('a1', 'id', colocate_with => 'z1')",
    ),
    ("CREATE TABLE far (day date, id int) PARTITION BY RANGE (day)",
     "SELECT create_distributed_table('far', 'id', shard_count => 4)",
     "CREATE TABLE far_1 PARTITION OF far FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')"),
)  # fmt: skip
NO_DEFAULTS = tuple(each for each in INDEPENDENT if "DEFAULT PRIVILEGES" not in each[0])
LAST_OF_ALL: tuple[Unit, ...] = tuple(each for each in INDEPENDENT if "DEFAULT PRIVILEGES" in each[0])


@pytest.fixture(scope="module")
def server(found: Cache) -> Iterator[Server]:
    """A server with the roles that the schemas speak of, and a template that has the extension."""
    with running(found) as started:
        _prepare(started)
        yield started


@pytest.fixture(scope="module")
def plain(server: Server) -> Iterator[tuple[str, Snapshot]]:
    """A database that has the sample's schema and VALUES, and its snapshot."""
    _need_xml(server)
    with _database(server, "TEMPLATE with_citus STRATEGY FILE_COPY") as name:
        with server.admin(name) as database:
            _migrate(database)
            _run(database, VALUES)
            snapshot = read_snapshot(database)
        yield name, snapshot


@pytest.fixture(scope="module")
def named(server: Server) -> Snapshot:
    """What the sample, NAMED, FAR and LAST make in a database of the locale that devkit's own are of."""
    with _database(server, "TEMPLATE with_citus STRATEGY FILE_COPY") as name, server.admin(name) as database:
        return _named(database, 0)


@pytest.mark.full
@pytest.mark.parametrize("locale", LOCALES)
def test_the_locale_is_not_seen(server: Server, named: Snapshot, locale: str) -> None:
    words = f"TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE '{locale}'"
    with _database(server, words) as name, server.admin(name) as database:
        database.execute("CREATE EXTENSION citus")
        row = database.execute(
            "SELECT datcollate, datctype, datlocprovider, (SELECT string_agg(w, '' ORDER BY w) FROM unnest('{a,B,Z,b}'"
            "::text[]) w) || ' ' || lower('I') FROM pg_catalog.pg_database WHERE datname = current_database()"
        ).fetchone()
        assert row == (locale, locale, "c", LOCALES[locale])
        _same(named, _named(database, list(LOCALES).index(locale) + 1))


@pytest.mark.full
def test_the_settings_of_the_server_are_not_seen(found: Cache, server: Server, plain: tuple[str, Snapshot]) -> None:
    """A server that begins every session otherwise, which a database and a role are set otherwise in, too."""
    _need_locale(server, "en_US.UTF-8")
    _need_locale(server, "tr_TR.UTF-8")
    # of several values the first: money written as '1.50' means the same there
    strange = {key: value for key, value in reversed(SETTINGS) if key not in ONLY_READ}
    with running(found, *(f"{key}={value}" for key, value in strange.items())) as other:
        _prepare(other)
        with _database(other, "TEMPLATE with_citus") as name, other.admin(name) as admin:
            admin.execute(f"ALTER DATABASE {name} SET search_path TO public, app".encode())
            admin.execute(f"ALTER ROLE {ADMIN} SET IntervalStyle TO postgres_verbose")
            admin.execute(f"ALTER ROLE {ADMIN} IN DATABASE {name} SET extra_float_digits TO 0".encode())
            with other.admin(name) as database:
                _migrate(database)
                _run(database, VALUES)
                for key, value in (
                    ("DateStyle", "German, DMY"),
                    ("IntervalStyle", "postgres_verbose"),
                    ("extra_float_digits", "0"),
                    ("search_path", '"public", "app"'),  # quote_all_identifiers
                ):
                    assert database.execute(f"SHOW {key}".encode()).fetchone() == (value,)
                _same(plain[1], read_snapshot(database))


@pytest.mark.parametrize(("key", "value"), first(20, SETTINGS), ids=str)
def test_a_setting_of_the_session_is_not_seen(
    server: Server, plain: tuple[str, Snapshot], key: str, value: str
) -> None:
    name, expected = plain
    if key.startswith("lc_"):
        _need_locale(server, value)
    with server.admin(name) as database:
        database.execute("SELECT set_config(%s, %s, false)", (key, value))
        before = database.execute(f"SHOW {key}".encode()).fetchone()
        _same(expected, read_snapshot(database))
        assert database.execute(f"SHOW {key}".encode()).fetchone() == before


def test_whoever_reads_it_sees_the_same(server: Server) -> None:
    """Its owner, a superuser, and one who may do nothing there."""
    _need_xml(server)
    with _database(server, "OWNER writer TEMPLATE with_citus STRATEGY FILE_COPY") as name:
        with psycopg.connect(server.dsn("writer", name), autocommit=True) as owner:
            _migrate(owner)
            _run(owner, VALUES)
            expected = read_snapshot(owner)
        for role in (ADMIN, "reader"):
            with psycopg.connect(server.dsn(role, name), autocommit=True) as database:
                _same(expected, read_snapshot(database))


@pytest.fixture(scope="module")
def in_order(server: Server) -> Snapshot:
    """What INDEPENDENT makes in the order in which it is written."""
    return _made(server, NO_DEFAULTS, LAST_OF_ALL)


def test_the_reverse_order_makes_the_same(server: Server, in_order: Snapshot) -> None:
    _same(in_order, _made(server, NO_DEFAULTS[::-1], LAST_OF_ALL[::-1]))


@pytest.mark.full
@pytest.mark.parametrize("seed", first(6, range(200)))
def test_the_order_of_what_is_independent_is_not_seen(server: Server, in_order: Snapshot, seed: int) -> None:
    chance = random.Random(seed)
    units, last = list(NO_DEFAULTS), list(LAST_OF_ALL)
    chance.shuffle(units)
    chance.shuffle(last)
    _same(in_order, _made(server, units, last, chance))


def test_a_dropped_column_leaves_no_gap(server: Server) -> None:
    """Numbers of columns are kept in keys, statistics, publications, triggers and policies."""
    rest: Unit = (
        "ALTER TABLE t ADD PRIMARY KEY (a, b)",
        "CREATE INDEX ON t ((b + 1), a) INCLUDE (c)",
        "ALTER INDEX t_expr_a_c_idx ALTER 1 SET STATISTICS 7",
        "CREATE STATISTICS st ON b, c, (a + 1) FROM t",
        "CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (b > 1)",
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
        "CREATE TRIGGER tr BEFORE UPDATE OF c, b ON t FOR EACH ROW EXECUTE FUNCTION g()",
        "CREATE POLICY po ON t USING (c > 1)",
        "GRANT SELECT (b) ON t TO reader",
        "COMMENT ON COLUMN t.c IS 'third'",
        "CREATE TABLE o (a int, b int, FOREIGN KEY (a, b) REFERENCES t)",
        "CREATE VIEW v AS SELECT * FROM t",
    )
    gap: Unit = ("CREATE TABLE t (x int, a int, y int, b int, c int)", "ALTER TABLE t DROP x, DROP y")
    without = _made(server, [("CREATE TABLE t (a int, b int, c int)", *rest)], [])
    _same(without, _made(server, [(*gap, *rest)], []))


def test_the_order_of_the_folders_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """File systems give names in whatever order they like."""
    request = _request()
    inputs = gather(request)
    asked = _backwards(monkeypatch)
    assert gather(request) == inputs
    assert request.migrations in asked
    assert request.manifests in asked


@pytest.mark.full
def test_the_order_of_the_folder_is_not_in_the_verdict(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request, env = _request(), {"DEVKIT_CACHE": str(cache)}
    first_verdict = verify(request, env, silent)
    inputs = gather(request)
    with monkeypatch.context() as patched:
        _backwards(patched)
        backwards = gather(request)
    again = verify(request, env, silent, backwards)
    assert backwards == inputs
    assert first_verdict.schema is not None
    assert again.schema is not None
    _same(first_verdict.schema, again.schema)
    # the place where it was made does not count when entries are compared
    assert [each.place for each in again.schema] == [each.place for each in first_verdict.schema]
    assert again.findings == first_verdict.findings


def _request() -> Request:
    return Request(load_project(ROOT), ROOT / "infra/migrations", ROOT / "infra/k8s", use_cache=False)


def _backwards(monkeypatch: pytest.MonkeyPatch) -> set[object]:
    """Folders are listed from their end; returns those that were, which fills up."""
    listed, scanned = os.listdir, os.scandir
    asked: set[object] = set()

    def listing(folder: Path) -> list[str]:
        asked.add(folder)
        return sorted(listed(folder), reverse=True)

    @contextlib.contextmanager
    def scanning(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
        asked.add(Path(folder))
        with scanned(folder) as entries:
            yield iter(sorted(entries, key=lambda each: each.name, reverse=True))

    monkeypatch.setattr(os, "listdir", listing)
    monkeypatch.setattr(os, "scandir", scanning)
    return asked


def _same(expected: Snapshot, got: Snapshot) -> None:
    assert differences(expected, got) == ()
    assert got == expected
    assert to_text(got) == to_text(expected)


def _prepare(server: Server) -> None:
    with server.admin() as admin:
        for role in (*ROLES, "devkit_later", "devkit_last"):
            admin.execute(f"CREATE ROLE {quoted(role)} LOGIN".encode())
        admin.execute("CREATE DATABASE with_citus")
    with server.admin("with_citus") as template:
        template.execute("CREATE EXTENSION citus")


@contextlib.contextmanager
def _database(server: Server, words: str) -> Iterator[str]:
    """A database made with `words`; without the locale that they name, the test cannot be."""
    name = f"same_{secrets.token_hex(4)}"
    with server.admin("postgres") as admin:
        try:
            admin.execute(f"CREATE DATABASE {name} {words}".encode())
        except psycopg.errors.WrongObjectType as error:  # what PostgreSQL calls a locale that the system does not have
            missing(f"{error.diag.message_primary}: Debian's package locales-all has it")
        try:
            yield name
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _need_locale(server: Server, locale: str) -> None:
    with server.admin() as admin:
        try:
            admin.execute("SELECT set_config('lc_monetary', %s, false)", (locale,))
        except psycopg.errors.InvalidParameterValue:
            missing(f"the locale {locale} is not installed here: Debian's package locales-all has it")


def _need_xml(server: Server) -> None:
    with server.admin() as admin:
        try:
            admin.execute("SELECT xmlparse(CONTENT '')")
        except psycopg.errors.FeatureNotSupported:
            missing("libxml2.so.2 is not installed here: Debian's package libxml2 has it")


def _migrate(database: psycopg.Connection) -> None:
    """Each of the sample's files in a transaction of its own, in the order in which verify replays them."""
    for each in order(read_folder(ROOT / "infra/migrations"), "infra/migrations").migrations:
        with database.transaction():
            database.execute(each.source.text.encode())


def _run(database: psycopg.Connection, statements: Sequence[str]) -> None:
    for each in statements:
        database.execute(each.encode())


def _named(database: psycopg.Connection, seed: int) -> Snapshot:
    """The sample, then NAMED and FAR in an order that `seed` gives, and LAST."""
    _migrate(database)
    chance = random.Random(seed)
    for units in (NAMED, FAR):
        for unit in chance.sample(units, len(units)):
            _run(database, unit)
    tables = list(NAMES)
    chance.shuffle(tables)
    _run(database, (f"CREATE PUBLICATION feed FOR TABLE {', '.join(map(quoted, tables))}", *LAST[1:]))
    return read_snapshot(database)


def _made(server: Server, units: Sequence[Unit], last: Sequence[Unit], chance: random.Random | None = None) -> Snapshot:
    """What the units make; with `chance`, their statements are mixed, though each unit's stay in their order."""
    with server.admin("with_citus") as database, database.transaction(force_rollback=True):
        database.execute("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")
        _run(database, _mixed(units, chance) if chance else [each for unit in units for each in unit])
        _run(database, [each for unit in last for each in unit])
        return read_snapshot(database)


def _mixed(units: Sequence[Unit], chance: random.Random) -> list[str]:
    turns = [number for number, unit in enumerate(units) for _ in unit]
    chance.shuffle(turns)
    left = [iter(unit) for unit in units]
    return [next(left[number]) for number in turns]
