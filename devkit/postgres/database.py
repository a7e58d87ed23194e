"""A database that a person named: its condition, its ledger, the lock. Every loss becomes a DevkitError."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import psycopg

from devkit.migrations.applied import Applied
from devkit.postgres import ledger, migration_lock
from devkit.postgres.condition import PROBE_MEGABYTES, Condition, has_room, read_condition, unreachable_workers
from devkit.postgres.dsn import refused
from devkit.postgres.ledger import whoami
from devkit.postgres.ready import connect_when_ready
from devkit.progress import Progress

_NAME_BYTES = 63  # of an application_name (NAMEDATALEN)


class Database:
    """A database that somebody may be migrating. `connection` is the session that queues for the lock."""

    def __init__(self, dsn: str, name: str, session: psycopg.Connection, progress: Progress) -> None:
        self.dsn = dsn
        self.name = name
        self.progress = progress
        self.connection = session
        info = session.info
        host = info.host if not info.host.startswith("/") else "local socket"
        self.shown = f"{info.user}@{host}:{info.port}/{info.dbname}"

    def condition(self, settings: tuple[str, ...]) -> Condition:
        """What the server says of itself; `settings` are names that it may know."""
        return read_condition(self.connection, settings)

    def rows(self) -> tuple[Applied, ...]:
        """What the ledger has."""
        return ledger.read(self.connection)

    def unreachable_workers(self, condition: Condition) -> tuple[str, ...]:
        """The workers that a change would not reach."""
        return unreachable_workers(self.connection) if condition.extension else ()

    def lacks_room(self) -> str | None:
        """What a nearly full disk means, or None."""
        if has_room(self.connection):
            return None
        return f"not even {PROBE_MEGABYTES} MB more fit on the disk of {self.shown}"

    @contextlib.contextmanager
    def locked(self, wait_seconds: float) -> Iterator[None]:
        """Be the only one who migrates this database; DevkitError names the one who is."""
        migration_lock.acquire(self.connection, migration_lock.QUEUE, wait_seconds, self.progress)
        try:
            yield
        finally:
            with contextlib.suppress(psycopg.Error):
                migration_lock.release(self.connection, migration_lock.QUEUE)


@contextlib.contextmanager
def opened(dsn: str, verb: str, progress: Progress) -> Iterator[Database]:
    """Log in to the database that `dsn` names; every refusal that nobody else explains becomes a DevkitError."""
    name = f"{whoami()} ./inv {verb} {os.getpid()}".encode()[:_NAME_BYTES].decode("utf-8", "ignore")
    with contextlib.closing(connect_when_ready(dsn, name, progress)) as session:
        database = Database(dsn, name, session, progress)
        try:
            yield database
        except psycopg.errors.InsufficientPrivilege as error:
            raise refused(
                f"{database.shown} lacks a right", error,
                "give it to this role, for the ledger: GRANT CREATE ON DATABASE …; or, where it is another role's: "
                "GRANT USAGE ON SCHEMA devkit_ledger TO …; "
                "GRANT SELECT, INSERT, UPDATE, DELETE ON devkit_ledger.migrations TO …",
            ) from None  # fmt: skip
        except psycopg.OperationalError as error:
            raise refused(
                f"lost {database.shown}", error,
                "what was committed stays, the rest is not there: run the same command again, it goes on from there",
            ) from None  # fmt: skip
        except psycopg.Error as error:
            raise refused(f"{database.shown} refused what devkit itself asked", error, "run it again") from None
