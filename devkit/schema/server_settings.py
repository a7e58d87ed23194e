"""What a server has set that changes what the same SQL means on it."""

from __future__ import annotations

import psycopg

_SETTINGS = (
    "TimeZone",  # which day a time without a zone falls on
    "DateStyle",  # whether 01/02/2026 is in January
    "IntervalStyle",  # what the sign of '-1 2:03' holds for
    "standard_conforming_strings",  # whether a backslash in '…' is one
    "transform_null_equals",  # whether x = NULL asks for NULL
    "default_transaction_isolation",  # what a backfill sees of others' writes
    "default_text_search_config",  # what to_tsvector in an index makes of a word
    "lc_monetary",  # what money reads and prints
    "lc_numeric",  # what to_char writes for D and G
    "lc_time",  # what to_char calls a month
    "search_path",  # which table a name without its schema is
    "citus.shard_count",  # how many shards a table gets
    "citus.shard_replication_factor",  # how many copies of each
    "citus.enable_schema_based_sharding",  # whether CREATE SCHEMA distributes
)

# What CREATE DATABASE fixed: encoding, and how texts are ordered and folded. The collation's version is the library's,
# which orders the same locale otherwise in other releases. Columns that a release does not have are left out.
_DATABASE = """
SELECT v.name, v.value FROM pg_catalog.pg_database d, LATERAL pg_catalog.to_jsonb(d) j, LATERAL (VALUES
    ('encoding', pg_catalog.pg_encoding_to_char(d.encoding)::text),
    ('collation', d.datcollate::text), ('character classes', d.datctype::text),
    ('locale provider', j ->> 'datlocprovider'), ('locale', coalesce(j ->> 'datlocale', j ->> 'daticulocale')),
    ('collation version', {version})) v(name, value)
WHERE d.datname = pg_catalog.current_database() AND v.value IS NOT NULL
"""
_VERSION = "pg_catalog.pg_database_collation_actual_version(d.oid)"
_HAS_VERSIONS = 150_000

# reset_val is what a session begins with, whatever was SET in this one.
_BEGUN_WITH = "SELECT name, reset_val FROM pg_catalog.pg_settings WHERE name = ANY(%s) AND reset_val IS NOT NULL"


def sql_settings(connection: psycopg.Connection) -> dict[str, str]:
    """The settings of `connection`'s server and database, with their values, without those that it does not know."""
    version = _VERSION if connection.info.server_version >= _HAS_VERSIONS else "NULL::text"
    rows = connection.execute(_DATABASE.format(version=version).encode()).fetchall()
    rows += connection.execute(_BEGUN_WITH, (list(_SETTINGS),)).fetchall()
    return {str(name): str(value) for name, value in rows}
