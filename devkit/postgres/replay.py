"""Run migrations on a scratch database, statement by statement, and keep what is needed to explain a failure.

One transaction a file (unless the file says otherwise), each on a clean session. The first refused statement ends
its file, and the replay with it: later files would only fail for the want of it.
"""

from __future__ import annotations

import bisect
import dataclasses
import json
import threading
import time
from collections.abc import Sequence

import psycopg
from pglast import ast

from devkit.errors import DevkitError
from devkit.migrations.fileset import Migration
from devkit.migrations.statements import Statement
from devkit.migrations.transaction import in_one_transaction
from devkit.postgres.scratch import Scratch
from devkit.postgres.standin.before import facts_before
from devkit.progress import Progress

_CHECK_SECONDS = 0.2  # how often the clock is looked at
_GRACE_SECONDS = 3  # from cancelling a statement that catches the cancel to ending its session

# These make no object that could be asked for later; what they cost is not paid twice.
_NO_OBJECTS = (
    ast.InsertStmt,
    ast.UpdateStmt,
    ast.DeleteStmt,
    ast.VariableSetStmt,
    ast.TransactionStmt,
    ast.CommentStmt,
)

# Object ids come from one counter, so the newest ones after a statement tell what it made.
_WATERMARK = """SELECT greatest(
    (SELECT oid FROM pg_catalog.pg_class ORDER BY oid DESC LIMIT 1),
    (SELECT oid FROM pg_catalog.pg_constraint ORDER BY oid DESC LIMIT 1),
    (SELECT oid FROM pg_catalog.pg_trigger ORDER BY oid DESC LIMIT 1))"""


@dataclasses.dataclass(frozen=True, slots=True)
class Script:
    """A migration with its statements."""

    migration: Migration
    statements: tuple[Statement, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """What the server said, and of which statement. `position` counts characters from 1 in `query`."""

    script: Script
    statement: Statement
    sqlstate: str
    message: str
    detail: str | None
    hint: str | None
    context: str | None
    position: int | None
    query: str | None
    timed_out: bool


@dataclasses.dataclass(frozen=True, slots=True)
class History:
    """Which statement made which object: object ids rise from statement to statement."""

    marks: tuple[int, ...]
    statements: tuple[Statement | None, ...]

    def maker(self, oid: int) -> Statement | None:
        """The statement during which the object got its id; None when it was there before the replay."""
        index = bisect.bisect_left(self.marks, oid)
        return self.statements[index] if index < len(self.statements) else None


class Replay:
    """A replay on one scratch database."""

    def __init__(self, scratch: Scratch, timeout_seconds: float, progress: Progress) -> None:
        self._connection = scratch.owner
        self._terminate = scratch.terminate
        self._timeout = timeout_seconds
        self._progress = progress
        self._deadline: float | None = None
        self._timed_out = False
        self._standin = False
        self._marks: list[int] = []
        self._made_by: list[Statement | None] = []
        self.files_run = 0
        self.statements_run = 0

    @property
    def history(self) -> History:
        """What has been made so far, by which statement."""
        return History(tuple(self._marks), tuple(self._made_by))

    def run(self, scripts: Sequence[Script]) -> Failure | None:
        """Run `scripts` in order; the first failure ends it, with its file rolled back (or as it committed).

        Raises DevkitError when the server has no resources left, psycopg.OperationalError when it is gone.
        """
        done = threading.Event()
        guard = threading.Thread(target=self._watch, args=(done,), daemon=True)
        guard.start()
        try:
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
        self._clean()
        self._connection.execute("BEGIN")
        for statement in failure.script.statements:
            if statement == failure.statement:
                return
            self._run_statement(statement)

    def roll_back(self) -> None:
        """Leave the open transaction, if there is one."""
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._connection.execute("ROLLBACK")

    def _run_script(self, script: Script) -> Failure | None:
        self._clean()
        whole = in_one_transaction(script.migration.source, script.statements)
        running = script.statements[0] if script.statements else None
        try:
            if whole:
                self._connection.execute("BEGIN")
            for statement in script.statements:
                running = statement
                self._run_statement(statement)
            if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self._timed("COMMIT")  # deferred constraints speak here
        except psycopg.Error as error:
            if running is None:
                raise
            failure = self._failure(script, running, error)
            if not self._connection.closed:
                self.roll_back()
            return failure
        return None

    def _clean(self) -> None:
        """Each file finds a session as a new connection has it: no settings, temporary tables or roles of others."""
        if not self._marks:
            self._mark(None)
        self._connection.execute("DISCARD ALL")

    def _run_statement(self, statement: Statement) -> None:
        node = statement.node
        facts = facts_before(node) if node is not None else None
        if facts is not None and self._has_standin():
            self._connection.execute("SELECT citus_internal.before_statement(%s::jsonb)", (json.dumps(facts),))
        self._timed(statement.text)
        if isinstance(node, _NO_OBJECTS):
            return
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
            self._mark(statement)

    def _has_standin(self) -> bool:
        row = self._connection.execute("SELECT to_regproc('citus_internal.before_statement') IS NOT NULL").fetchone()
        return bool(row and row[0])

    def _mark(self, statement: Statement | None) -> None:
        row = self._connection.execute(_WATERMARK).fetchone()
        self._marks.append(int(row[0]) if row else 0)
        self._made_by.append(statement)

    def _timed(self, text: str) -> None:
        self._timed_out = False
        self._deadline = time.monotonic() + self._timeout
        try:
            self._connection.execute(text.encode())
        finally:
            self._deadline = None

    def _watch(self, done: threading.Event) -> None:
        """The clock is ours: a migration may set statement_timeout to 0, or catch the cancel."""
        while not done.wait(_CHECK_SECONDS):
            deadline = self._deadline
            if deadline is None or time.monotonic() < deadline:
                continue
            first, self._timed_out = not self._timed_out, True
            if first:
                self._connection.cancel_safe(timeout=_GRACE_SECONDS)
            elif time.monotonic() > deadline + _GRACE_SECONDS:
                self._terminate()
                return

    def _failure(self, script: Script, statement: Statement, error: psycopg.Error) -> Failure:
        diagnostic = error.diag
        state = error.sqlstate or ""
        if not self._timed_out:
            if not state or self._connection.closed:
                raise error
            if state.startswith("53"):  # Class 53: insufficient resources (disk full, out of memory)
                raise DevkitError(
                    f"the server has no room left at {script.migration.source.file}: {diagnostic.message_primary}",
                    "free disk space or memory there and run again; DEVKIT_CACHE=DIR moves the embedded server",
                ) from error
        inner = diagnostic.internal_position
        position = inner or diagnostic.statement_position
        return Failure(
            script, statement, state or "57014", diagnostic.message_primary or str(error), diagnostic.message_detail,
            diagnostic.message_hint, diagnostic.context, int(position) if position else None,
            diagnostic.internal_query if inner else None, self._timed_out,
        )  # fmt: skip
