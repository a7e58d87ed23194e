"""Live catalogs to values: tables with their Citus kind, keys, triggers. State is read from pg_dist_partition.

Not from citus_tables, which drops rows when a worker cannot be reached (citus_shard_sizes() is an inner join).
"""

from __future__ import annotations

import dataclasses

import psycopg

_SYSTEM = "('citus', 'citus_internal', 'columnar', 'columnar_internal', 'information_schema')"

# Kinds as metadata_cache.c:555 tells them apart (partmethod, repmodel, colocationid).
_CITUS_TABLES = """
LEFT JOIN LATERAL (
    SELECT CASE WHEN p.partmethod IN ('h', 'r', 'a') THEN 'distributed'
                WHEN p.repmodel = 't' THEN 'reference'
                WHEN p.colocationid = 0 THEN 'local'
                ELSE 'single_shard' END AS kind,
           pg_catalog.column_to_column_name(p.logicalrelid, p.partkey) AS dist
      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = c.oid
) k ON true"""
_NO_CITUS = "CROSS JOIN (SELECT NULL::text AS kind, NULL::text AS dist) k"

_TABLES = """
SELECT c.oid::bigint, n.nspname, c.relname, coalesce(k.kind, 'plain'), k.dist, c.relispartition
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace {citus}
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN {system}
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
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


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table or partitioned table. `kind`: plain, distributed, reference, local or single_shard."""

    oid: int
    schema: str
    name: str
    kind: str
    distribution_column: str | None
    is_partition: bool

    @property
    def shown(self) -> str:
        """The name for people; `public` goes without saying."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


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
class Catalog:
    """What a database holds, as far as the rules ask."""

    tables: tuple[Table, ...]
    keys: tuple[Key, ...]
    triggers: tuple[Trigger, ...]

    def count(self, kind: str) -> int:
        """How many tables are of `kind`, partitions not counted."""
        return sum(table.kind == kind and not table.is_partition for table in self.tables)


def read_catalog(connection: psycopg.Connection) -> Catalog:
    """Read `connection`'s database as it is now, an open transaction's changes included."""
    row = connection.execute("SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL").fetchone()
    citus = _CITUS_TABLES if row and row[0] else _NO_CITUS
    query = _TABLES.format(citus=citus, system=_SYSTEM)
    tables = {each[0]: Table(*each) for each in connection.execute(query.encode()).fetchall()}
    oids = list(tables)
    keys = connection.execute(_KEYS, (oids,)).fetchall()
    triggers = connection.execute(_TRIGGERS, (oids,)).fetchall()
    return Catalog(
        tuple(tables.values()),
        tuple(Key(oid, tables[of], name, kind, tuple(cols), tuple(inc)) for oid, of, name, kind, cols, inc in keys),
        tuple(Trigger(oid, tables[of], name) for oid, of, name in triggers),
    )


def citus_version(connection: psycopg.Connection) -> str | None:
    """The major.minor of the citus extension that the server offers, as 13.0; None when it offers none."""
    row = connection.execute(
        "SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'citus'"
    ).fetchone()
    return str(row[0]).partition("-")[0] if row else None
