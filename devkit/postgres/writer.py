"""The session that applies migrations to a database, and enters those that are there already."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from devkit.errors import DevkitError
from devkit.migrations.applied import Applied, Decisions
from devkit.postgres import ledger, migration_lock
from devkit.postgres.apply import Applier, is_whole
from devkit.postgres.database import Database
from devkit.postgres.ledger import Claim, whoami
from devkit.postgres.lookout import Lookout
from devkit.postgres.ready import connect_when_ready
from devkit.postgres.record import Failure, Script
from devkit.postgres.steps import Steps
from devkit.postgres.work import Work


@contextlib.contextmanager
def writing(database: Database, wait_seconds: float) -> Iterator[Writer]:
    """A session that may change `database`, once nobody works for an earlier run any more."""
    ledger.make(database.connection)
    with contextlib.closing(connect_when_ready(database.dsn, database.name, database.progress)) as session:
        migration_lock.acquire(session, migration_lock.WORK, wait_seconds, database.progress)
        lookout = Lookout(database.connection, session.info.backend_pid, database.progress)
        work = Work(session)
        with lookout.watching():
            yield Writer(work, lookout)


class Writer:
    """Applies migrations, and enters those that are there already."""

    def __init__(self, work: Work, lookout: Lookout) -> None:
        self._work = work
        self._applier = Applier(work, lookout)
        self._by_whom = whoami()

    @property
    def blockers(self) -> tuple[str, ...]:
        """The sessions that stood in the way when somebody last looked."""
        return self._applier.lookout.blockers

    def apply(self, script: Script, row: Applied | None, decisions: Decisions) -> Failure | None:
        """Run `script`, or what is left of it; the refusal, or None when all of it is there."""
        self._hold_lock(script)
        claim = Claim(script, self._by_whom)
        if is_whole(script, row):
            return self._applier.apply_whole(claim, row)
        return Steps(self._applier, claim, decisions).apply(row)

    def enter(self, scripts: Iterable[Script], origin: str) -> None:
        """Enter `scripts` as applied, all or none: the database was taken over from `origin` with what they make."""
        with self._work.connection.transaction():
            for script in scripts:
                claim = Claim(script, self._by_whom, origin)
                self._work.connection.execute(claim.insert(len(script.statements)))

    def _hold_lock(self, script: Script) -> None:
        """Nobody may have taken the lock since the file before."""
        if not self._work.holds_lock:
            raise DevkitError(
                f"another run has taken the lock before {script.migration.name}",
                "run ./inv migrate again: it waits its turn",
            )
