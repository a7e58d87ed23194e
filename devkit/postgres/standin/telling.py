"""Telling the stand-in what it cannot see of a statement, where there is one to tell."""

from __future__ import annotations

import json

import psycopg

from devkit.postgres.standin.before import Facts

# From the catalogs, not by to_regproc: a real Citus lets nobody but superusers look into that schema.
IS_THERE = """EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname = 'citus_internal' AND p.proname = 'before_statement')"""
_ASKED = f"SELECT {IS_THERE}"
_TOLD = "SELECT citus_internal.before_statement(%s::jsonb)"


def is_listening(connection: psycopg.Connection) -> bool:
    """Whether the session's database has the stand-in; no while a failed transaction is open: nobody can ask in one."""
    if connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
        return False
    row = connection.execute(_ASKED).fetchone()
    return bool(row and row[0])


def tell(connection: psycopg.Connection, facts: Facts) -> None:
    """Tell the facts of the next statement; psycopg.Error with the refusal when Citus refuses it by them."""
    connection.execute(_TOLD, (json.dumps(facts),))
