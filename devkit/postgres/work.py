"""The session that changes the database: whole messages out, one result a statement back.

The server runs the statements of a message in order and stops at the first that it refuses, so the number of results
says which one that was. A file in one message costs one round trip. On a real Citus each statement is a message: it
sends the text of a DDL command to the workers as it came, with all that came beside it, and they refuse several in one
(`cannot insert multiple commands into a prepared statement`, tried with 13.0.3).
"""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Iterable, Iterator, Sequence

import psycopg
from psycopg import generators, pq, sql
from psycopg.errors import error_from_result

from devkit.postgres import migration_lock

FAULT = "DEVKIT_FAULT"  # for tests: "before:7" or "inside:7" ends this process by SIGKILL at its seventh message
LOCK_TIMEOUT = "2s"  # a statement that waits for a lock makes everybody behind it wait, too

# A new connection's state again, as a replay has it (replay.py), then ours: the server notices within a second that a
# runner is gone, and within a minute that a laptop sleeps (ready.py); and the lock, which a migration may give away.
_CLEAN = (
    "CLOSE ALL", "SET SESSION AUTHORIZATION DEFAULT", "RESET ALL", "DEALLOCATE ALL", "UNLISTEN *", "DISCARD SEQUENCES",
    "DISCARD TEMP",
    f"""SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', false),
       set_config('client_connection_check_interval', '1s', false), set_config('tcp_keepalives_idle', '20', false),
       set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '3', false),
       pg_catalog.pg_try_advisory_lock({migration_lock.CLASS}, {migration_lock.WORK})""",
)  # fmt: skip
_GOOD = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK, pq.ExecStatus.EMPTY_QUERY})
_END = "\n;\n"  # a statement may end in a comment


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One statement of a message; `statement` is the index of the migration's statement that it belongs to."""

    text: str | sql.Composable
    statement: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """A part that the server refused, with its error; `position` counts characters of the part from 1."""

    part: Part
    error: psycopg.Error
    position: int | None


def parts(texts: Iterable[str | sql.Composable]) -> tuple[Part, ...]:
    """Statements of our own, one part each."""
    return tuple(Part(text) for text in texts)


class Work:
    """A connection in autocommit, in the state that every file begins with.

    `role` is whom it acts as by itself; `holds_lock`: the work lock was ours when it was last brought into that state.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.holds_lock = False
        self._messages = 0
        self._fault, _, number = os.environ.get(FAULT, "").partition(":")
        self._fatal = int(number or 0)
        # The stand-in is SQL, and has no setting of its library's.
        asked = connection.execute("SELECT current_setting('role'), current_setting('citus.version', true) IS NOT NULL")
        ((role, self._is_citus),) = asked.fetchall()
        self.role: sql.Composable = sql.SQL("NONE") if role == "none" else sql.Identifier(role)
        self.run(CLEAN)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, failed or not."""
        return self.connection.info.transaction_status != pq.TransactionStatus.IDLE

    def run(self, message: Sequence[Part]) -> Refused | None:
        """Send `message` and wait for its end; the part that was refused, or None.

        Raises psycopg.OperationalError when the connection is lost.
        """
        for piece in self._pieces(message):
            refused = self._send(piece)
            if refused:
                return refused
        return None

    def roll_back(self) -> None:
        """Leave the open transaction, if there is one."""
        if self.in_transaction:
            self.run(parts(["ROLLBACK"]))

    def _pieces(self, message: Sequence[Part]) -> Iterator[Sequence[Part]]:
        """The whole of it; on a real Citus each statement by itself, and under a fault: so that it ends between two."""
        if not self._fault and not self._is_citus:
            yield message
            return
        ours = len(message) - len(CLEAN) if message[-len(CLEAN) :] == CLEAN else len(message)
        yield from ((part,) for part in message[:ours])
        if message[ours:]:
            yield message[ours:]

    def _send(self, message: Sequence[Part]) -> Refused | None:
        texts = [self._text(part) for part in message]
        self._messages += 1
        fatal = self._messages == self._fatal
        if fatal and self._fault == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        pgconn = self.connection.pgconn
        pgconn.send_query(_END.join(texts).encode())
        if fatal:
            pgconn.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        results = self.connection.wait(generators.execute(pgconn))
        for index, result in enumerate(results):
            if result.status not in _GOOD:
                error = error_from_result(result)
                if self.connection.closed:
                    raise error
                before = sum(len(text) + len(_END) for text in texts[:index])
                return Refused(message[index], error, _position(error, before))
        if message[-1] is CLEAN[-1]:
            self.holds_lock = results[-1].get_value(0, 5) == b"t"
        return None

    def _text(self, part: Part) -> str:
        return part.text if isinstance(part.text, str) else part.text.as_string(self.connection)


def _position(error: psycopg.Error, before: int) -> int | None:
    written = error.diag.statement_position
    return int(written) - before if written else None


CLEAN = parts(_CLEAN)
