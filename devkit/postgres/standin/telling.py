"""Telling the stand-in what it cannot see of a statement, where there is one to tell."""

from __future__ import annotations

import json

import psycopg

from devkit.postgres.standin.before import Facts

_TOLD = "SELECT citus_internal.before_statement(%s::jsonb)"


def is_listening(connection: psycopg.Connection) -> bool:
    """Whether the session's database has the stand-in; no while a failed transaction is open: nobody can ask in one."""
    if connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
        return False
    row = connection.execute("SELECT to_regproc('citus_internal.before_statement') IS NOT NULL").fetchone()
    return bool(row and row[0])


def tell(connection: psycopg.Connection, facts: Facts) -> None:
    """Tell the facts of the next statement; psycopg.Error with the refusal when Citus refuses it by them."""
    connection.execute(_TOLD, (json.dumps(facts),))
