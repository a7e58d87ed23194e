"""Schemas put together by chance: every kind of object, names that need quotes, and what was altered afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

NAMES = (
    "bets",
    "Bets",
    "select",
    "a b",
    'say "hi"',
    "naïve",
    "x.y",
    "ß",
    "tab\tle",
    "line\nbreak",
    "percent%s",
    "o'clock",
)
TYPES = (
    "int",
    "bigint",
    "smallint",
    "text",
    "varchar(20)",
    "char(3)",
    "numeric(10,2)",
    "numeric",
    "boolean",
    "date",
    "time",
    "timestamptz(3)",
    "interval day to second",
    "uuid",
    "jsonb",
    "bytea",
    "int[]",
    "text[]",
    "inet",
    "bit(5)",
    "varbit(9)",
    "int4range",
    "tsvector",
    "point",
    "real",
    "double precision",
    "name",
    '"char"',
    "oid",
    "xml",
)
DEFAULTS = {
    "int": ("1", "-3", "(2 + 3) * 4", "length('abc')"),
    "bigint": ("5000000000", "nextval('{seq}')"),
    "smallint": ("7",),
    "text": ("'it''s'", "'back\\slash'", "E'new\\nline'", "current_user", "upper('x'::text)"),
    "varchar(20)": ("'v'",),
    "numeric(10,2)": ("1.50",),
    "boolean": ("true",),
    "date": ("'2026-01-02'", "CURRENT_DATE"),
    "timestamptz(3)": ("now()", "'2026-03-29 02:30:00+00'"),
    "interval day to second": ("'1 day 02:03:04.5'",),
    "uuid": ("gen_random_uuid()",),
    "jsonb": ("'{\"a\": [1, null]}'",),
    "bytea": ("'\\xdeadbeef'",),
    "int[]": ("'{1,2}'", "ARRAY[1, 2]"),
    "text[]": ("'{}'",),
    "inet": ("'10.0.0.1/8'",),
    "double precision": ("0.1",),
    "real": ("1e-5",),
    "time": ("'12:00'",),
}


def quoted(name: str) -> str:
    """The name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def statements(seed: int) -> Iterator[str]:
    """A schema, statement by statement. One that the server refuses is left out: chance does not know every rule."""
    chance = random.Random(seed)
    return iter(_Schema(chance).statements())


class _Schema:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._count = 0
        self._schemas = ["public"]
        self._tables: dict[str, list[tuple[str, str]]] = {}
        self._types: list[str] = []
        self._sequences: list[str] = []
        self._functions: list[str] = []
        self._childless: set[str] = set()
        self._families: set[str] = set()

    def statements(self) -> Iterator[str]:
        """Objects that others need come first; then whatever comes."""
        makers: tuple[Callable[[], str], ...] = (
            self._table,
            self._table,
            self._table,
            self._index,
            self._index,
            self._unique,
            self._check,
            self._foreign,
            self._view,
            self._matview,
            self._function,
            self._trigger,
            self._rule,
            self._policy,
            self._grant,
            self._comment,
            self._alter,
            self._alter,
            self._alter,
            self._alter,
            self._partitioned,
            self._child,
            self._statistics,
            self._sequence,
            self._exclusion,
            self._procedure,
            self._aggregate,
            self._operator,
        )
        for make in (self._schema, self._sequence, self._enum, self._domain, self._composite, self._range):
            if self._chance.random() < 0.8:
                yield make()
        yield self._table()
        for _ in range(self._chance.randint(10, 30)):
            yield self._chance.choice(makers)()

    def _new(self) -> str:
        """A name that nothing has yet, in some schema."""
        self._count += 1
        name = f"{self._chance.choice(NAMES)}{self._count}"
        return f"{quoted(self._chance.choice(self._schemas))}.{quoted(name)}"

    def _bare(self) -> str:
        self._count += 1
        return quoted(f"{self._chance.choice(NAMES)}{self._count}")

    def _a_table(self) -> str:
        return self._chance.choice(list(self._tables) or ["public.none"])

    def _a_column(self, table: str) -> tuple[str, str]:
        return self._chance.choice(self._tables.get(table) or [("none", "int")])

    def _schema(self) -> str:
        name = f"{self._chance.choice(NAMES)}{len(self._schemas)}"
        self._schemas.append(name)
        return f"CREATE SCHEMA {quoted(name)}"

    def _sequence(self) -> str:
        name = self._new()
        self._sequences.append(name)
        options = self._chance.sample(["INCREMENT 3", "MINVALUE -5", "MAXVALUE 900", "START 7", "CACHE 2", "CYCLE"], 3)
        return f"CREATE SEQUENCE {name} AS {self._chance.choice(['int', 'bigint', 'smallint'])} {' '.join(options)}"

    def _enum(self) -> str:
        name = self._new()
        self._types.append(name)
        labels = self._chance.sample(["b", "a", "it's", "ß", "Z z"], 3)
        return "CREATE TYPE {} AS ENUM ({})".format(
            name, ", ".join("'" + each.replace("'", "''") + "'" for each in labels)
        )

    def _domain(self) -> str:
        name = self._new()
        self._types.append(name)
        more = self._chance.choice(
            ["", "NOT NULL", "DEFAULT 3", "CHECK (VALUE > 0)", 'CONSTRAINT "C c" CHECK (VALUE < 9)']
        )
        return f"CREATE DOMAIN {name} AS int {more}"

    def _composite(self) -> str:
        name = self._new()
        self._types.append(name)
        return f'CREATE TYPE {name} AS (a int, "B b" text COLLATE "C")'

    def _range(self) -> str:
        name = self._new()
        self._types.append(name)
        return f"CREATE TYPE {name} AS RANGE (subtype = {self._chance.choice(['float8', 'text', 'time'])})"

    def _columns(self) -> list[tuple[str, str]]:
        kinds = [*TYPES, *self._types]
        return [(self._bare(), self._chance.choice(kinds)) for _ in range(self._chance.randint(1, 7))]

    def _written(self, column: tuple[str, str]) -> str:
        name, kind = column
        words = [name, kind]
        if kind in {"text", "varchar(20)"} and self._chance.random() < 0.2:
            words.append('COLLATE "C"')
        defaults = DEFAULTS.get(kind, ())
        draw = self._chance.random()
        if kind in {"int", "bigint"} and draw < 0.2:
            words.append(
                self._chance.choice(["GENERATED ALWAYS AS IDENTITY (START 5)", "GENERATED BY DEFAULT AS IDENTITY"])
            )
        elif kind == "int" and draw < 0.3:
            words.append("GENERATED ALWAYS AS (1 + 2) STORED")
        elif defaults and draw < 0.7:
            default = self._chance.choice(defaults).replace(
                "{seq}", (self._sequences or ["none"])[0].replace("'", "''")
            )
            words.append(f"DEFAULT {default}")
        if self._chance.random() < 0.3:
            words.append("NOT NULL")
        return " ".join(words)

    def _table(self) -> str:
        name, columns = self._new(), self._columns()
        self._tables[name] = columns
        kind = self._chance.choice(["", "", "", "UNLOGGED "])
        more = self._chance.choice(["", "", " WITH (fillfactor = 80)"])
        return f"CREATE {kind}TABLE {name} ({', '.join(map(self._written, columns))}){more}"

    def _partitioned(self) -> str:
        name, how = self._new(), self._chance.choice(["RANGE", "LIST", "HASH"])
        self._tables[name] = [("id", "int"), ("day", "date")]
        self._families.add(name)
        bounds = {
            "RANGE": ["FROM (MINVALUE) TO ('2026-01-01')", "FROM ('2026-01-01') TO (MAXVALUE)"],
            "LIST": ["IN ('2026-01-01', NULL)", "IN ('2026-02-01')"],
            "HASH": ["WITH (MODULUS 2, REMAINDER 0)", "WITH (MODULUS 2, REMAINDER 1)"],
        }[how]
        parts = "".join(f"; CREATE TABLE {self._new()} PARTITION OF {name} FOR VALUES {bound}" for bound in bounds)
        index = self._chance.choice(
            ["", f"; CREATE INDEX ON {name} (id, day)", f"; ALTER TABLE {name} ADD PRIMARY KEY (id, day)"]
        )
        return f"CREATE TABLE {name} (id int, day date) PARTITION BY {how} (day){parts}{index}"

    def _child(self) -> str:
        parent, name = self._a_table(), self._new()
        if parent in self._childless:
            return self._table()
        self._families |= {parent, name}
        self._tables[name] = [*self._tables.get(parent, []), ("own", "int")]
        return f"CREATE TABLE {name} (own int) INHERITS ({parent})"

    def _index(self) -> str:
        table = self._a_table()
        column, _ = self._a_column(table)
        how = self._chance.choice(
            [
                "({c})",
                "({c} DESC NULLS LAST)",
                "USING hash ({c})",
                "(({c} IS NULL))",
                "({c}) WHERE {c} IS NOT NULL",
                "({c}) INCLUDE ({c})",
                "({c}) WITH (fillfactor = 60)",
                "(({c}::text) text_pattern_ops)",
            ]
        )
        return f"CREATE INDEX {self._chance.choice(['', self._bare()])} ON {table} {how.replace('{c}', column)}"

    def _unique(self) -> str:
        table = self._a_table()
        column, _ = self._a_column(table)
        what = self._chance.choice(
            [
                "UNIQUE ({c})",
                "UNIQUE NULLS NOT DISTINCT ({c})",
                "PRIMARY KEY ({c})",
                "UNIQUE ({c}) DEFERRABLE INITIALLY DEFERRED",
            ]
        )
        return f"ALTER TABLE {table} ADD CONSTRAINT {self._bare()} {what.replace('{c}', column)}"

    def _exclusion(self) -> str:
        table = self._a_table()
        column, _ = self._a_column(table)
        return f"ALTER TABLE {table} ADD EXCLUDE USING btree ({column} WITH =)"

    def _check(self) -> str:
        table = self._a_table()
        column, _ = self._a_column(table)
        more = self._chance.choice(["", " NOT VALID", " NO INHERIT"])
        if "VALID" in more and table in self._families:
            more = ""
        elif "VALID" in more:
            self._childless.add(table)  # a child's copy would be valid, and NOT VALID after a restore
        return f"ALTER TABLE {table} ADD CONSTRAINT {self._bare()} CHECK ({column} IS NOT NULL OR true){more}"

    def _foreign(self) -> str:
        table, to = self._a_table(), self._a_table()
        column, kind = self._a_column(table)
        fits = [name for name, other in self._tables.get(to, []) if other == kind] or ["none"]
        action = self._chance.choice(
            ["", "ON DELETE CASCADE", "ON UPDATE SET NULL", "MATCH FULL", "DEFERRABLE", "NOT VALID"]
        )
        target = self._chance.choice(fits)
        return (
            f"ALTER TABLE {to} ADD UNIQUE ({target}); "
            f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {to} ({target}) {action}"
        )

    def _view(self) -> str:
        table = self._a_table()
        column, _ = self._a_column(table)
        more = self._chance.choice(["", "WITH (security_barrier)", "WITH (security_invoker = true)"])
        query = self._chance.choice(
            [
                "SELECT * FROM {t}",
                "SELECT {c} AS x, count(*) FROM {t} GROUP BY {c}",
                "SELECT {c} FROM {t} WHERE {c} IS NULL",
                "WITH w AS (SELECT {c} FROM {t}) SELECT * FROM w UNION ALL SELECT {c} FROM {t}",
            ]
        )
        return f"CREATE VIEW {self._new()} {more} AS {query.replace('{t}', table).replace('{c}', column)}"

    def _matview(self) -> str:
        table, name = self._a_table(), self._new()
        column, _ = self._a_column(table)
        return f"CREATE MATERIALIZED VIEW {name} AS SELECT {column} AS x FROM {table}; CREATE INDEX ON {name} (x)"

    def _function(self) -> str:
        name = self._new()
        self._functions.append(f"{name}(int, text)")
        language = self._chance.choice(
            [
                "LANGUAGE sql STABLE AS 'SELECT 1'",
                "LANGUAGE sql RETURN 1 + a",
                "LANGUAGE plpgsql AS $x$ BEGIN RETURN 1; END $x$",
                "LANGUAGE sql BEGIN ATOMIC SELECT a; END",
                "LANGUAGE sql STRICT PARALLEL SAFE COST 9 SET work_mem = '1MB' AS 'SELECT a'",
            ]
        )
        return f"CREATE FUNCTION {name}(a int, b text DEFAULT 'it''s') RETURNS int {language}"

    def _procedure(self) -> str:
        return f"CREATE PROCEDURE {self._new()}(INOUT a int) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN a := 1; END'"

    def _aggregate(self) -> str:
        return f"CREATE AGGREGATE {self._new()} (int) (SFUNC = int4pl, STYPE = int, PARALLEL = SAFE)"

    def _operator(self) -> str:
        sign = "".join(self._chance.choices("<>=*~|", k=4))
        name = f"{quoted(self._chance.choice(self._schemas))}.{sign}"
        return f"CREATE OPERATOR {name} (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl)"

    def _trigger(self) -> str:
        table, name, function = self._a_table(), self._bare(), self._new()
        when = self._chance.choice(
            [
                "BEFORE INSERT ON {t} FOR EACH ROW",
                "AFTER UPDATE OR DELETE ON {t} FOR EACH STATEMENT",
                "AFTER INSERT ON {t} REFERENCING NEW TABLE AS n FOR EACH STATEMENT",
                "BEFORE TRUNCATE ON {t}",
                "BEFORE UPDATE ON {t} FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*)",
            ]
        ).replace("{t}", table)
        switch = self._chance.choice(
            ["", f"; ALTER TABLE {table} DISABLE TRIGGER {name}", f"; ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"]
        )
        return (
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
            f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}(){switch}"
        )

    def _rule(self) -> str:
        return f"CREATE RULE {self._bare()} AS ON INSERT TO {self._a_table()} DO ALSO NOTHING"

    def _policy(self) -> str:
        table = self._a_table()
        kind = self._chance.choice(
            ["FOR SELECT USING (true)", "AS RESTRICTIVE TO public USING (false)", "FOR INSERT WITH CHECK (true)"]
        )
        switch = self._chance.choice(
            ["", f"; ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"; ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]
        )
        return f"CREATE POLICY {self._bare()} ON {table} {kind}{switch}"

    def _grant(self) -> str:
        table = self._a_table()
        column, _ = self._a_column(table)
        schema = quoted(self._chance.choice(self._schemas))
        return self._chance.choice(
            [
                f"GRANT SELECT, INSERT ON {table} TO reader",
                f"GRANT SELECT ({column}), UPDATE ({column}) ON {table} TO public",
                f"GRANT USAGE ON SCHEMA {schema} TO reader WITH GRANT OPTION",
                f"REVOKE DELETE ON {table} FROM CURRENT_USER",
                f"REVOKE EXECUTE ON FUNCTION {(self._functions or ['none()'])[-1]} FROM public",
                f"GRANT USAGE ON SEQUENCE {(self._sequences or ['none'])[-1]} TO reader",
                f"GRANT USAGE ON TYPE {(self._types or ['none'])[-1]} TO reader",
                f"ALTER TABLE {table} OWNER TO reader",
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO reader",
            ]
        )

    def _comment(self) -> str:
        table = self._a_table()
        column, _ = self._a_column(table)
        return self._chance.choice(
            [
                f"COMMENT ON TABLE {table} IS 'it''s: two\nlines\\'",
                f"COMMENT ON COLUMN {table}.{column} IS 'column'",
                f"COMMENT ON SCHEMA {quoted(self._chance.choice(self._schemas))} IS ': '",
                f"COMMENT ON FUNCTION {(self._functions or ['none()'])[-1]} IS 'function'",
                f"COMMENT ON TYPE {(self._types or ['none'])[-1]} IS 'type'",
            ]
        )

    def _statistics(self) -> str:
        table = self._a_table()
        (one, _), (two, _) = self._a_column(table), self._a_column(table)
        return f"CREATE STATISTICS {self._new()} (ndistinct, mcv) ON {one}, {two} FROM {table}"

    def _alter(self) -> str:
        table = self._a_table()
        if table in self._families:  # pg_dump gives children what only their parent had, and in another order
            return self._comment()
        column, kind = self._a_column(table)
        new = self._bare()
        changes = [
            f"DROP COLUMN {column} CASCADE",
            f"ADD COLUMN {new} int DEFAULT 3",
            f"ALTER {column} SET NOT NULL",
            f"ALTER {column} DROP DEFAULT",
            f"ALTER {column} SET STATISTICS 50",
            f"ALTER {column} SET STORAGE EXTERNAL",
            f"ALTER {column} SET (n_distinct = 5)",
            f"RENAME COLUMN {column} TO {new}",
            "REPLICA IDENTITY FULL",
            "SET (autovacuum_enabled = off)",
            f"ALTER {column} SET COMPRESSION pglz",
            "SET LOGGED",
        ]
        change = self._chance.choice(changes)
        if change.startswith("DROP") and table in self._tables:
            self._tables[table] = [each for each in self._tables[table] if each[0] != column]
        elif change.startswith("ADD") and table in self._tables:
            self._tables[table].append((new, "int"))
        elif change.startswith("RENAME") and table in self._tables:
            self._tables[table] = [(new, kind) if each[0] == column else each for each in self._tables[table]]
        return f"ALTER TABLE {table} {change}"
