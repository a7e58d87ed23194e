"""Whether somebody waits for a lock: what makes an interleaving the same in every run."""

from __future__ import annotations

import time

import psycopg

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
_WAITING_ON_CITUS = "SELECT count(*) FROM citus_lock_waits"
_SECONDS = 60


def is_citus(connection: psycopg.Connection) -> bool:
    """Whether a real Citus answers: rows and their locks are on workers."""
    return connection.execute("SELECT to_regclass('citus_lock_waits') IS NOT NULL").fetchone() == (True,)


def until_blocked(database: str) -> None:
    """Return when one session waits for a lock of another."""
    deadline = time.monotonic() + _SECONDS
    with psycopg.connect(database, autocommit=True) as looking:
        query = _WAITING_ON_CITUS if is_citus(looking) else _WAITING
        while looking.execute(query).fetchone() != (1,):
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)
