"""One read of the catalogs, each topic by a query of its own in parts/.

Sorted by bytes; no ids, no owner's name, nothing of the platform, of the locale, or of the order in which independent
files ran. Names are whole, whatever the search path.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib.resources import files

import psycopg

from devkit.finding import Place
from devkit.schema import leftovers
from devkit.schema.snapshot import Entry, Snapshot, position

_TOPICS = (
    "schemas", "tables", "columns", "constraints", "indexes", "sequences", "views", "triggers", "rules", "policies",
    "statistics", "functions", "types", "operators", "operator_classes", "extensions", "foreign",
    "grants", "comments",
)  # fmt: skip

# Topics that most databases have nothing of are asked only where a catalog holds something that initdb did not make:
# planning them would take a third of the time.
_ONLY_WITH = {
    "sequences": ("pg_sequence x WHERE true",),
    "triggers": ("pg_trigger x WHERE NOT x.tgisinternal",),
    "rules": ("pg_rewrite x WHERE x.oid >= 16384 AND x.rulename <> '_RETURN'",),
    "policies": ("pg_policy x WHERE true",),
    "statistics": ("pg_statistic_ext x WHERE true",),
    "operators": tuple(
        f"pg_{each} x WHERE x.oid >= 16384"
        for each in ("operator", "cast", "collation", "conversion", "ts_config", "ts_dict")
    ),
    "operator_classes": tuple(f"pg_{each} x WHERE x.oid >= 16384" for each in ("opfamily", "opclass", "am")),
    "foreign": ("pg_foreign_data_wrapper x WHERE true",),
}
_SOMETHING = "EXISTS (SELECT FROM pg_catalog.{rows})"
_ASKED = (
    "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL,"
    " to_regprocedure('pg_catalog.relation_is_a_known_shard(pg_catalog.regclass)') IS NOT NULL,"
    f" {leftovers.HAS_LIST}, "
) + ", ".join(" OR ".join(_SOMETHING.replace("{rows}", rows) for rows in catalogs) for catalogs in _ONLY_WITH.values())

PlaceOf = Callable[[int, str, str], Place | None]  # of an object's id, its name, and its part's


def read_snapshot(connection: psycopg.Connection, place_of: PlaceOf = lambda _oid, _object, _part: None) -> Snapshot:
    """Read `connection`'s database. The session's settings stay what they were, outside of a transaction of its own."""
    with connection.transaction():
        # what the texts of expressions, dates and intervals depend on, and how a backslash in them is written; a
        # session in LATIN1 or SQL_ASCII could not hear all of them
        connection.execute(
            "SET LOCAL search_path TO ''; SET LOCAL quote_all_identifiers TO off; SET LOCAL DateStyle TO 'ISO, YMD';"
            " SET LOCAL IntervalStyle TO postgres; SET LOCAL extra_float_digits TO 1; SET LOCAL bytea_output TO hex;"
            " SET LOCAL TimeZone TO 'UTC'; SET LOCAL lc_monetary TO 'C'; SET LOCAL standard_conforming_strings TO on;"
            " SET LOCAL client_encoding TO 'UTF8'"
        )
        row = connection.execute(_ASKED.encode()).fetchone()
        has_citus, has_shards, has_cleanup, *there = row or (False, False, False)
        empty = frozenset(topic for topic, something in zip(_ONLY_WITH, there, strict=False) if not something)
        rows = connection.execute(_query(has_citus, has_shards, has_cleanup, empty).encode()).fetchall()
    entries = (Entry(name, part, number, text, place_of(oid, name, part)) for name, part, number, text, oid in rows)
    return tuple(sorted(entries, key=position))


@functools.cache
def _query(has_citus: bool, has_shards: bool, has_cleanup: bool, without: frozenset[str]) -> str:
    fill = {
        "{is_shard}": "pg_catalog.relation_is_a_known_shard(c.oid)" if has_shards else "false",
        "{is_leftover}": leftovers.IS_TABLE if has_cleanup else "false",
        "{is_left_publication}": leftovers.IS_PUBLICATION if has_cleanup else "false",
        "{citus_kind}": _part("citus_kind") if has_citus else "CROSS JOIN (SELECT NULL::text AS kind) k",
        "{schema_kind}": (
            "CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_dist_schema d WHERE d.schemaid = n.oid)"
            " THEN 'distributed' ELSE '' END"
        )
        if has_citus
        else "''",
    }
    topics = [topic for topic in _TOPICS if topic not in without] + (["colocation"] if has_citus else [])
    query = _part("here") + "\nUNION ALL\n".join(map(_part, topics))
    for hole, text in fill.items():
        query = query.replace(hole, text)
    return query


def _part(topic: str) -> str:
    return files("devkit.schema").joinpath(f"parts/{topic}.sql").read_text("utf-8")
