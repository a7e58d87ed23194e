"""The histories of other runners, as they lie in a database: Flyway's and dbmate's tables."""

from __future__ import annotations

import dataclasses

import psycopg
from psycopg import sql

from devkit.errors import DevkitError

FLYWAY, DBMATE, PLAIN = "flyway", "dbmate", "plain"

_TABLES = """
SELECT n.nspname, c.relname,
       EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'dirty')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relname IN ('flyway_schema_history', 'schema_migrations') ORDER BY 1, 2"""


@dataclasses.dataclass(frozen=True, slots=True)
class ForeignRow:
    """One applied migration: its version as written (None: repeatable), Flyway's type and checksum, and its file."""

    version: str | None
    kind: str
    script: str
    checksum: int | None
    is_success: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Foreign:
    """What another runner has left. `origin` is flyway, dbmate, or plain, where there is no table."""

    origin: str
    rows: tuple[ForeignRow, ...]


def read_foreign(connection: psycopg.Connection) -> Foreign:
    """The history of the runner that made this database; DevkitError when there are two, or one we cannot read."""
    tables = connection.execute(_TABLES).fetchall()
    if not tables:
        return Foreign(PLAIN, ())
    if len(tables) > 1:
        names = ", ".join(f"{schema}.{table}" for schema, table, _ in tables)
        raise DevkitError(f"two histories are here: {names}", "drop the one that is not kept any more, then run again")
    ((schema, table, is_golang_migrate),) = tables
    name = sql.Identifier(schema, table)
    if table == "flyway_schema_history":
        query = sql.SQL("SELECT version, type, script, checksum, success FROM {} ORDER BY installed_rank").format(name)
        return Foreign(FLYWAY, tuple(ForeignRow(*row) for row in connection.execute(query).fetchall()))
    if is_golang_migrate:
        raise DevkitError(
            f"{schema}.{table} is golang-migrate's, which keeps no history but one number",
            "read it, drop the table, and say up to which file it stands: ./inv migrate --adopt --to VERSION",
        )
    query = sql.SQL("SELECT version::text FROM {} ORDER BY 1").format(name)
    versions = connection.execute(query).fetchall()
    return Foreign(DBMATE, tuple(ForeignRow(version, "SQL", version, None, True) for (version,) in versions))
