"""Live catalogs to values: tables with their Citus kind, and what hangs on them. State is read from pg_dist_partition.

Not from citus_tables, which drops rows when a worker cannot be reached (citus_shard_sizes() is an inner join).
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

import psycopg

from devkit.postgres.citus_kind import KIND
from devkit.schema import leftovers

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_SYSTEM = "('citus', 'citus_internal', 'columnar', 'columnar_internal', 'information_schema')"

_CITUS_TABLES = """
LEFT JOIN LATERAL (
    SELECT {kind} AS kind,
           pg_catalog.column_to_column_name(p.logicalrelid, p.partkey) AS dist, p.colocationid
      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = c.oid
) k ON true""".replace("{kind}", KIND)
_NO_CITUS = "CROSS JOIN (SELECT NULL::text AS kind, NULL::text AS dist, 0 AS colocationid) k"

_TABLES = """
SELECT c.oid::bigint, n.nspname, c.relname, coalesce(k.kind, 'plain'), k.dist, c.relispartition,
       coalesce(k.colocationid, 0), d.type, t.attname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace {citus}
  LEFT JOIN LATERAL (
    SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) AS type FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = c.oid AND a.attname = k.dist) d ON true
  LEFT JOIN LATERAL (
    SELECT a.attname FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND lower(a.attname) = lower(%s)
     ORDER BY a.attnum LIMIT 1) t ON true
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN {system}
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
   AND NOT {leftover}
 ORDER BY c.oid"""

# Every live unique or exclusion index; an index that a partition inherits belongs to its parent's finding.
_KEYS = """
SELECT coalesce(con.oid, i.indexrelid)::bigint, i.indrelid::bigint, coalesce(con.conname, x.relname),
       coalesce(con.contype::text, 'i'),
       ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest((i.indkey::int2[])[:i.indnkeyatts - 1])
             WITH ORDINALITY k(num, ord) LEFT JOIN pg_catalog.pg_attribute a
             ON a.attrelid = i.indrelid AND a.attnum = k.num ORDER BY ord),
       ARRAY(SELECT a.attname::text FROM unnest((i.indkey::int2[])[i.indnkeyatts:])
             WITH ORDINALITY k(num, ord) JOIN pg_catalog.pg_attribute a
             ON a.attrelid = i.indrelid AND a.attnum = k.num ORDER BY ord)
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  LEFT JOIN pg_catalog.pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid
        AND con.contype IN ('p', 'u', 'x')
 WHERE i.indrelid = ANY(%s::oid[]) AND (i.indisunique OR i.indisexclusion) AND i.indislive
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid)
 ORDER BY i.indexrelid"""

# What Citus counts as a trigger (trigger.c:241): neither internal nor a partition's clone of its parent's.
_TRIGGERS = """
SELECT t.oid::bigint, t.tgrelid::bigint, t.tgname FROM pg_catalog.pg_trigger t
 WHERE t.tgrelid = ANY(%s::oid[]) AND NOT t.tgisinternal AND t.tgparentid = 0 ORDER BY t.oid"""

_REWRITES = """
SELECT r.oid::bigint, r.ev_class::bigint, r.rulename FROM pg_catalog.pg_rewrite r
 WHERE r.ev_class = ANY(%s::oid[]) ORDER BY r.oid"""

# A key that a partition inherits belongs to its parent's finding.
_FOREIGN_KEYS = """
SELECT k.oid::bigint, k.conrelid::bigint, k.confrelid::bigint, k.conname,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY c(num, ord)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.num ORDER BY ord)
  FROM pg_catalog.pg_constraint k
 WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY(%s::oid[]) ORDER BY k.oid"""

# smallint and integer columns whose default draws from a sequence: pg_attrdef depends on it
_SEQUENCES = """
SELECT DISTINCT f.oid::bigint, a.attrelid::bigint, a.attname, pg_catalog.format_type(a.atttypid, NULL)
  FROM pg_catalog.pg_attrdef f
  JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid
       AND d.refclassid = 'pg_class'::regclass
  JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
 WHERE f.adrelid = ANY(%s::oid[]) AND a.atttypid IN ('int2'::regtype, 'int4'::regtype) ORDER BY 1"""

# What this database, or the role that runs the migrations, carries into each new session: "name=value" texts
_STORED = """
SELECT s.setting FROM pg_catalog.pg_db_role_setting r, unnest(r.setconfig) AS s(setting)
 WHERE r.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
    OR r.setrole = (SELECT u.oid FROM pg_catalog.pg_roles u WHERE u.rolname = session_user)
 ORDER BY 1"""


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table or partitioned table. `kind`: plain, distributed, reference, local or single_shard.

    `tenant_column` is its column of the tenant column's name, in whatever case; `colocation` is 0 outside of groups.
    """

    oid: int
    schema: str
    name: str
    kind: str
    distribution_column: str | None
    is_partition: bool
    colocation: int = 0
    distribution_type: str | None = None
    tenant_column: str | None = None

    @property
    def shown(self) -> str:
        """The name for people; `public` goes without saying."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    @property
    def sql(self) -> str:
        """The name as SQL has to write it inside a string literal."""
        parts = [self.name] if self.schema == "public" else [self.schema, self.name]
        quoted = [part if _PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"' for part in parts]
        return ".".join(quoted).replace("'", "''")


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """A unique index or constraint. `kind`: p, u, x as in pg_constraint.contype, or i for a bare unique index.

    `columns` are the key columns (an expression is an empty string), `included` those of INCLUDE.
    """

    oid: int
    table: Table
    name: str
    kind: str
    columns: tuple[str, ...]
    included: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger that somebody made."""

    oid: int
    table: Table
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Rewrite:
    """A rewrite rule (CREATE RULE) of a table."""

    oid: int
    table: Table
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key from `table` to `referenced`."""

    oid: int
    table: Table
    referenced: Table
    name: str
    columns: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class SequenceColumn:
    """A smallint or integer column (`type`) whose default draws from a sequence. `oid` is the default's."""

    oid: int
    table: Table
    name: str
    type: str


Made = Table | Key | Trigger | Rewrite | ForeignKey | SequenceColumn


@dataclasses.dataclass(frozen=True, slots=True)
class Catalog:
    """What a database holds, as far as the rules ask. `has_citus`: the extension was created in it."""

    has_citus: bool = False
    tables: tuple[Table, ...] = ()
    keys: tuple[Key, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    narrow_sequences: tuple[SequenceColumn, ...] = ()

    def count(self, kind: str) -> int:
        """How many tables are of `kind`, partitions not counted."""
        return sum(table.kind == kind and not table.is_partition for table in self.tables)

    def largest_group(self, column: str) -> int | None:
        """The colocation group that most tables distributed by `column` are in; None without such a table."""
        groups = Counter(
            table.colocation
            for table in self.tables
            if table.kind == "distributed" and not table.is_partition and table.distribution_column == column
        )
        return min(groups, key=lambda group: (-groups[group], group)) if groups else None


def read_catalog(connection: psycopg.Connection, tenant_column: str = "") -> Catalog:
    """Read `connection`'s database as it is now, an open transaction's changes included."""
    asked = f"SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL, {leftovers.HAS_LIST}"
    has_citus, has_list = connection.execute(asked.encode()).fetchone() or (False, False)
    query = _TABLES.format(
        citus=_CITUS_TABLES if has_citus else _NO_CITUS,
        system=_SYSTEM,
        leftover=leftovers.IS_TABLE if has_list else "false",
    )
    tables = {each[0]: Table(*each) for each in connection.execute(query, (tenant_column,)).fetchall()}
    of = list(tables)
    keys = connection.execute(_KEYS, (of,)).fetchall()
    triggers = connection.execute(_TRIGGERS, (of,)).fetchall()
    rewrites = connection.execute(_REWRITES, (of,)).fetchall()
    foreign = connection.execute(_FOREIGN_KEYS, (of,)).fetchall()
    narrow = connection.execute(_SEQUENCES, (of,)).fetchall()
    return Catalog(
        has_citus,
        tuple(tables.values()),
        tuple(Key(oid, tables[at], name, kind, tuple(cols), tuple(inc)) for oid, at, name, kind, cols, inc in keys),
        tuple(Trigger(oid, tables[at], name) for oid, at, name in triggers),
        tuple(Rewrite(oid, tables[at], name) for oid, at, name in rewrites),
        tuple(
            ForeignKey(o, tables[at], tables[to], name, tuple(cols))
            for o, at, to, name, cols in foreign
            if to in tables
        ),
        tuple(SequenceColumn(oid, tables[at], name, kind) for oid, at, name, kind in narrow),
    )


def stored_settings(connection: psycopg.Connection) -> tuple[tuple[str, str], ...]:
    """The settings, with their values, that sessions of this role or in this database begin with."""
    rows = connection.execute(_STORED).fetchall()
    return tuple((text.partition("=")[0], text.partition("=")[2]) for (text,) in rows)


def current_settings(connection: psycopg.Connection, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those of `names` that this session knows, with their values."""
    query = "SELECT n, current_setting(n, true) FROM unnest(%s::text[]) n WHERE current_setting(n, true) IS NOT NULL"
    return tuple(connection.execute(query, (list(names),)).fetchall())
