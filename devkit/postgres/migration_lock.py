"""The migration lock: two advisory locks of the database, polled, so that no waiter is a transaction others wait for.

A blocking waiter holds a snapshot, and CREATE INDEX CONCURRENTLY waits for every snapshot: a deadlock (facts of
flyway#1654, golang-migrate#960). The first lock is held by a session that does nothing else, so no migration can give
it away; the second by the session that works, so it is still held while the server works for a runner that is gone.
"""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable

import psycopg

from devkit.errors import DevkitError
from devkit.progress import Progress

CLASS = 0x64766B74  # "dvkt": pg_locks.classid
QUEUE, WORK = 1, 2  # pg_locks.objid
_FIRST_POLL, _LONGEST_POLL = 0.025, 2.0

_HOLDER = """
SELECT a.pid, coalesce(nullif(a.application_name, ''), a.usename::text),
       coalesce(extract(epoch FROM now() - a.backend_start)::int, 0), coalesce(a.query, '')
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %s AND l.objid = %s AND l.objsubid = 2
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())"""


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """Who has a lock: the server's process, the session's name, its age in seconds, its last statement."""

    pid: int
    name: str
    seconds: int
    query: str

    def __str__(self) -> str:
        return f"{self.name} (server process {self.pid}, connected for {self.seconds} s)"


def acquire(
    connection: psycopg.Connection,
    lock: int,
    wait_seconds: float,
    progress: Progress,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Take `lock` for the session of `connection`, polling; DevkitError names the holder when the time is over."""
    deadline, pause = clock() + wait_seconds, _FIRST_POLL
    while not try_acquire(connection, lock):
        holder = find_holder(connection, lock)
        if holder is not None:
            progress(f"waiting for {holder} to finish migrating")
        if clock() > deadline:
            raise _too_long(lock, holder, wait_seconds)
        sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads the pollers, guards nothing
        pause = min(pause * 1.5, _LONGEST_POLL)


def try_acquire(connection: psycopg.Connection, lock: int) -> bool:
    """Take `lock` if it is free, or ours already."""
    row = connection.execute("SELECT pg_catalog.pg_try_advisory_lock(%s, %s)", (CLASS, lock)).fetchone()
    return bool(row and row[0])


def release(connection: psycopg.Connection, lock: int) -> None:
    """Give `lock` back."""
    connection.execute("SELECT pg_catalog.pg_advisory_unlock(%s, %s)", (CLASS, lock))


def find_holder(connection: psycopg.Connection, lock: int) -> Holder | None:
    """Who has `lock` now."""
    row = connection.execute(_HOLDER, (CLASS, lock)).fetchone()
    return Holder(*row) if row else None


def _too_long(lock: int, holder: Holder | None, wait_seconds: float) -> DevkitError:
    waited = f"waited {wait_seconds:.0f} s for the migration lock"
    if holder is None:
        return DevkitError(f"{waited}, which goes from hand to hand", "run the same command again")
    return DevkitError(
        f"{waited}, which {holder} holds: {_doing(lock, holder)}",
        "wait for it and run again; if nobody is there any more, end that session: "
        f"SELECT pg_terminate_backend({holder.pid});",
    )


def _doing(lock: int, holder: Holder) -> str:
    if lock == QUEUE:
        return "another ./inv migrate"
    statement = " ".join(holder.query.split())[:80]
    return f"the server still works for a run that is gone ({statement})"
