"""A connection to a server that may only be starting: waited for as long as its answer says "later".

What can be reached by TCP is past the citusdata image's first, temporary server, which listens on its socket only
(docker-library/postgres, docker_temp_server_start).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import psycopg

from devkit.postgres.dsn import connection, refused, said, shown
from devkit.progress import Progress

_PAUSE = 0.25
# A laptop that sleeps must not keep a lock: the server gives its session up within a minute (over TCP).
_KEEP_ALIVE = """SELECT set_config('tcp_keepalives_idle', '20', false),
    set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '3', false)"""
_STARTING = re.compile(r"starting up|shutting down|too many clients|connection slots are reserved|not yet accepting")
_ABSENT = re.compile(r"refused|No such file|closed the connection unexpectedly")
STARTING_SECONDS, ABSENT_SECONDS = 60.0, 5.0


def connect_when_ready(
    dsn: str,
    name: str,
    progress: Progress,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> psycopg.Connection:
    """Log in to the database that `dsn` names, as `name`; DevkitError when it refuses, or does not come in time."""
    began = clock()
    while True:
        try:
            session = connection(dsn, name)
            session.execute(_KEEP_ALIVE)
        except psycopg.OperationalError as error:
            text = str(error)
            limit = STARTING_SECONDS if _STARTING.search(text) else ABSENT_SECONDS if _ABSENT.search(text) else 0.0
            if clock() - began >= limit:
                raise refused(
                    f"cannot connect to {shown(dsn)}", error,
                    "check the address, the database's name and that the server runs; "
                    "DEVKIT_DSN, PGPASSFILE or a service carries the password",
                ) from None  # fmt: skip
            progress(f"waiting for {shown(dsn)}: {said(error)}")
            sleep(_PAUSE)
        else:
            return session
