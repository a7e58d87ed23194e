"""Run migrations on a scratch database, statement by statement, and keep what is needed to explain a failure.

One transaction a file (unless the file says otherwise), each on a clean session. The first refused statement ends
its file, and the replay with it: later files would only fail for the want of it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence

import psycopg
from pglast import ast

from devkit.errors import DevkitError
from devkit.migrations.statements import Statement
from devkit.migrations.transaction import in_one_transaction, opening
from devkit.postgres.answering import cut_off
from devkit.postgres.hearing import Heard, Hearing
from devkit.postgres.record import NO_ROOM, Failure, History, Script, Stretch, Turned, failure_of
from devkit.postgres.scratch import Scratch
from devkit.postgres.standin.before import facts_before
from devkit.postgres.standin.telling import is_listening, tell
from devkit.progress import Progress

_CHECK_SECONDS = 0.2  # how often the clock is looked at
_ENDED = "57P01"  # admin_shutdown: what a session hears that is terminated
_GRACE_SECONDS = 3  # from cancelling a statement that catches the cancel to ending its session, and to leaving it

# What DISCARD ALL does (its own page lists it) but for the transaction it refuses to run in: each file finds the
# session as a new connection has it. In one round trip with what comes after it.
_CLEAN = """CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *;
SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD SEQUENCES; DISCARD TEMP"""

# What these did does not show in their text. Afterwards the extension may have come or gone, so whether anybody hears
# the next statement's facts is asked anew; and the objects and settings that they left are looked at.
_OPAQUE = (
    ast.CallStmt,
    ast.CreateExtensionStmt,
    ast.DoStmt,
    ast.DropStmt,
    ast.ExecuteStmt,
    ast.SelectStmt,
    ast.TransactionStmt,
)

# Object ids come from one counter, so the newest ones after a statement tell what it made.
_CATALOGS = (
    "attrdef", "cast", "class", "collation", "constraint", "default_acl", "extension", "namespace", "operator",
    "policy", "proc", "publication", "rewrite", "statistic_ext", "trigger", "ts_config", "ts_dict", "type",
)  # fmt: skip
_NEWEST = "(SELECT oid FROM pg_catalog.{catalog} ORDER BY oid DESC LIMIT 1)"
_WATERMARK = "SELECT greatest({all})".replace(
    "{all}", ", ".join(_NEWEST.replace("{catalog}", f"pg_{each}") for each in _CATALOGS)
)


class Replay:
    """A replay on one scratch database. `watched` are settings that a statement may turn without naming them."""

    def __init__(
        self, scratch: Scratch, timeout_seconds: float, progress: Progress, watched: tuple[str, ...] = ()
    ) -> None:
        self._watched = watched
        self._scratch = scratch
        self._timeout = timeout_seconds
        self._progress = progress
        self._deadline: float | None = None
        self._timed_out = False
        self._standin: bool | None = None
        self._marks: list[int] = []
        self._stretches: list[Stretch] = []
        self._since_mark: list[Statement] = []
        self._file: tuple[Statement, ...] = ()
        self._turned: list[Turned] = []
        self._again = False  # a second time, all that is said is known
        self._hearing = Hearing()
        self._hearing.listen(scratch.owner)
        self.files_run = 0
        self.statements_run = 0

    @property
    def _connection(self) -> psycopg.Connection:
        return self._scratch.owner

    @property
    def history(self) -> History:
        """What has been made so far, by which statement."""
        return History(tuple(self._marks), tuple(self._stretches))

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What the server said of statements that ran."""
        return self._hearing.heard

    @property
    def turned(self) -> tuple[Turned, ...]:
        """How the watched settings stood after statements whose text does not tell."""
        return tuple(self._turned)

    def run(self, scripts: Sequence[Script]) -> Failure | None:
        """Run `scripts` in order; the first failure ends it, with its file rolled back (or as it committed).

        Raises DevkitError when the server has no resources left, psycopg.OperationalError when it is gone.
        """
        done = threading.Event()
        guard = threading.Thread(target=self._watch, args=(done,), daemon=True)
        guard.start()
        try:
            self._mark()
            for number, script in enumerate(scripts, 1):
                self._progress(f"replaying {number}/{len(scripts)} {script.migration.name}")
                failure = self._run_script(script)
                if failure:
                    return failure
                self.files_run += 1
                self.statements_run += len(script.statements)
            return None
        finally:
            done.set()
            guard.join()

    def rerun_before(self, failure: Failure) -> None:
        """Bring back the state just before the failing statement, in an open transaction, to look at it.

        Does nothing for a file that commits as it goes: its state is still there.
        """
        if not in_one_transaction(failure.script.migration.source, failure.script.statements):
            return
        self._again = True
        self._begin(failure.script)
        for statement in failure.script.statements:
            if statement == failure.statement:
                break
            self._run_statement(statement)
        self._mark()

    def roll_back(self) -> None:
        """Leave the open transaction, if there is one."""
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._connection.execute("ROLLBACK")

    def _run_script(self, script: Script) -> Failure | None:
        running = script.statements[0] if script.statements else None
        self._file = script.statements
        try:
            if in_one_transaction(script.migration.source, script.statements):
                self._begin(script)
            for statement in script.statements:
                running = statement
                self._run_statement(statement)
            if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self._timed("COMMIT")  # deferred constraints speak here
            self._mark()
        except psycopg.Error as error:
            if running is None:
                raise
            failure = self._failure(script, running, error)
            self.roll_back()
            self._since_mark = []
            self._clean()
            return failure
        return None

    def _begin(self, script: Script) -> None:
        self._connection.execute("; ".join(opening(script.migration.source)).encode())

    def _clean(self) -> None:
        self._connection.execute(_CLEAN)

    def _run_statement(self, statement: Statement) -> None:
        node = statement.node
        opaque = isinstance(node, _OPAQUE)
        if opaque:
            self._standin = None
        self._hearing.begin(statement)
        facts = facts_before(node) if node is not None else None
        if facts is not None and self._has_standin():
            tell(self._connection, facts)
        self._timed(statement.text)
        if not self._again:
            self._hearing.end()
        self._since_mark.append(statement)
        if opaque:
            self._observe(statement)

    def _observe(self, statement: Statement) -> None:
        """Note what a statement left whose text does not tell."""
        settings = ", pg_catalog.current_setting(%s, true)" * len(self._watched)
        row = self._connection.execute(f"{_WATERMARK}{settings}".encode(), self._watched).fetchone()
        watermark, *values = row or (0, *self._watched)
        self._close_stretch(watermark)
        if not self._again:
            found = zip(self._watched, values, strict=True)
            self._turned += [Turned(statement, name, value) for name, value in found if value]

    def _has_standin(self) -> bool:
        if self._standin is None:
            self._standin = is_listening(self._connection)
        return self._standin

    def _mark(self) -> None:
        """Note the newest object id at a file's end, and leave a clean session behind."""
        if self._connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            cursor = self._connection.execute(f"{_CLEAN}; {_WATERMARK}".encode())
            while cursor.nextset():
                pass
        else:
            cursor = self._connection.execute(_WATERMARK)
        row = cursor.fetchone()
        self._close_stretch(int(row[0]) if row else 0)

    def _close_stretch(self, watermark: int) -> None:
        self._marks.append(watermark)
        self._stretches.append(Stretch(tuple(self._since_mark), self._file))
        self._since_mark = []

    def _timed(self, text: str) -> None:
        self._timed_out = False
        self._deadline = time.monotonic() + self._timeout
        try:
            self._connection.execute(text.encode())
        finally:
            self._deadline = None

    def _watch(self, done: threading.Event) -> None:
        """The clock is ours: a migration may set statement_timeout to 0, or catch the cancel; or the way there dies."""
        is_terminated = False
        while not done.wait(_CHECK_SECONDS):
            deadline = self._deadline
            if deadline is None or time.monotonic() < deadline:
                continue
            first, self._timed_out = not self._timed_out, True
            with contextlib.suppress(psycopg.Error):  # who cannot be told is cut off in the end
                if first:
                    self._connection.cancel_safe(timeout=_GRACE_SECONDS)
                elif time.monotonic() > deadline + 2 * _GRACE_SECONDS:
                    cut_off(self._connection)
                    return
                elif not is_terminated and time.monotonic() > deadline + _GRACE_SECONDS:
                    is_terminated = True
                    self._scratch.terminate()

    def _failure(self, script: Script, statement: Statement, error: psycopg.Error) -> Failure:
        diagnostic = error.diag
        state = error.sqlstate or ""
        if self._connection.closed:  # ended by our clock, or by the migration itself
            if state != _ENDED and not self._timed_out:
                raise error
            self._scratch.reopen()  # raises when it was the server that ended
        if not self._timed_out:
            if not state:
                raise error
            if state in NO_ROOM:
                raise DevkitError(
                    f"the server has no room left at {script.migration.source.file}: {diagnostic.message_primary}",
                    "free disk space or memory there and run again; DEVKIT_CACHE=DIR moves the embedded server",
                ) from error
        position = diagnostic.statement_position
        return failure_of(script, statement, error, int(position) if position else None, timed_out=self._timed_out)
