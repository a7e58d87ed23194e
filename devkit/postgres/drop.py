"""Dropping a database of ours, whatever is left in it: Citus cut short while it copies shards leaves a subscription.

PostgreSQL drops no database that has one, nor one whose replication slot is still read from, not even WITH (FORCE).
"""

from __future__ import annotations

import contextlib
import time

import psycopg
from psycopg import sql

from devkit.postgres.dsn import connection

_ATTEMPTS, _PAUSE = 10, 0.3  # who reads from a slot ends a moment after its subscription

_SUBSCRIPTIONS = """
SELECT subname FROM pg_catalog.pg_subscription
 WHERE subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())"""
_READERS = """
SELECT pg_catalog.pg_terminate_backend(active_pid) FROM pg_catalog.pg_replication_slots
 WHERE database = %s AND active_pid IS NOT NULL"""


def drop_database(admin: psycopg.Connection, dsn: str, name: str) -> None:
    """Drop `name`, if it is there, through `admin`, a session on the server of `dsn`.

    Raises psycopg.errors.ObjectInUse when what is left in it is not ours to take away.
    """
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            admin.execute(drop)
        except psycopg.errors.ObjectInUse:
            if attempt == _ATTEMPTS:
                raise
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                _release(admin, dsn, name)
            time.sleep(_PAUSE)
        else:
            return


def _release(admin: psycopg.Connection, dsn: str, name: str) -> None:
    """Take away the subscriptions in it, and end those who read from its slots."""
    with connection(psycopg.conninfo.make_conninfo(dsn, dbname=name)) as inside:
        for (subscription,) in inside.execute(_SUBSCRIPTIONS).fetchall():
            for command in ("ALTER SUBSCRIPTION {} DISABLE", "ALTER SUBSCRIPTION {} SET (slot_name = NONE)",
                            "DROP SUBSCRIPTION {}"):  # fmt: skip
                inside.execute(sql.SQL(command).format(sql.Identifier(subscription)))
    admin.execute(_READERS, (name,))
