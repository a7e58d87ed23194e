"""An engine asked: the statements of a case, one by one, in a fresh database."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

import msgspec
import pglast
import psycopg
from pglast.parser import ParseError

from devkit.errors import DevkitError
from devkit.postgres.citus_kind import KIND
from devkit.postgres.standin.before import facts_before
from devkit.postgres.standin.telling import is_listening, tell


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a server said instead of running a statement. `source_function` is the function of its source that spoke."""

    sqlstate: str
    message: str
    detail: str | None = None
    hint: str | None = None
    source_function: str | None = None


class CitusTable(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A Citus table: its kind (distributed, reference, local, single_shard), its distribution column.

    `colocated_with` is the alphabetically first table of its colocation group, itself perhaps.
    """

    kind: str
    column: str | None = None
    colocated_with: str | None = None


Verdict = Literal["ok"] | Refusal


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said to the statements that it was asked, and the Citus tables afterwards."""

    verdicts: tuple[Verdict, ...]
    tables: dict[str, CitusTable]


_TABLES = """
SELECT n.nspname || '.' || c.relname, {kind},
       pg_catalog.column_to_column_name(p.logicalrelid, p.partkey),
       CASE WHEN p.colocationid <> 0
            THEN min((n.nspname || '.' || c.relname) COLLATE "C") OVER (PARTITION BY p.colocationid) END
  FROM pg_catalog.pg_dist_partition p JOIN pg_catalog.pg_class c ON c.oid = p.logicalrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace""".replace("{kind}", KIND)


def ask(connection: psycopg.Connection, statements: Sequence[str], *, whole: bool) -> Answer:
    """What the server says to each of `statements`; to all of them, or (not `whole`) up to the first that it refuses.

    DevkitError when the server goes away meanwhile.
    """
    verdicts: list[Verdict] = []
    for statement in statements:
        verdicts.append(_run(connection, statement))
        if not whole and verdicts[-1] != "ok":
            break
    return Answer(tuple(verdicts), _tables(connection))


def _run(connection: psycopg.Connection, statement: str) -> Verdict:
    try:
        _announce(connection, statement)
        connection.execute(statement.encode())
    except psycopg.Error as error:
        if connection.closed:
            raise DevkitError(f"the server went away at: {statement}", "look at its log, and run again") from error
        said = error.diag
        return Refusal(
            error.sqlstate or "",
            said.message_primary or str(error),
            said.message_detail,
            said.message_hint,
            said.source_function,
        )
    return "ok"


def _announce(connection: psycopg.Connection, statement: str) -> None:
    """Tell the stand-in what no catalog shows of a statement, as whoever runs migrations does."""
    try:
        parsed = pglast.parse_sql(statement)
    except ParseError:
        return  # the server will say so in its own words
    facts = facts_before(parsed[0].stmt) if parsed else None
    if facts is not None and is_listening(connection):
        tell(connection, facts)


def _tables(connection: psycopg.Connection) -> dict[str, CitusTable]:
    """The Citus tables, by their names as they are written, without quotes."""
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        connection.execute("ROLLBACK")  # whatever a case leaves open did not happen
    connection.execute("RESET ALL")
    there = connection.execute("SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL").fetchone()
    rows = connection.execute(_TABLES).fetchall() if there and there[0] else []
    return {name: CitusTable(kind, column, group) for name, kind, column, group in rows}
