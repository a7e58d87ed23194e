"""The connection that everything here needs."""

from __future__ import annotations

import psycopg
from psycopg import IsolationLevel


def connect(dsn: str) -> psycopg.Connection:
    """A connection whose transactions are READ COMMITTED, whatever the default of the role is.

    Each statement must see what was committed while it waited for a lock: in REPEATABLE READ a second delivery would
    end with a serialization failure, and a recount would count what was there when its transaction began.
    """
    connection = psycopg.connect(dsn, autocommit=True)
    connection.isolation_level = IsolationLevel.READ_COMMITTED
    return connection
