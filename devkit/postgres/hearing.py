"""What a server says beside its answers: notices and warnings, kept with the statement that was running.

The stand-in says every refusal as INFO before it raises it (lookups.sql), so one that a block catches is heard too.
"""

from __future__ import annotations

import dataclasses

import psycopg
from psycopg.errors import Diagnostic

from devkit.migrations.statements import Statement

_MOST = 20  # of a statement: a loop may say the same a million times
_OURS = "citus_internal"  # the SCHEMA that the stand-in gives to what it says of a refusal


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """A message. `refused`: the stand-in refused something, and a block caught the error."""

    statement: Statement
    sqlstate: str
    message: str
    detail: str
    hint: str
    context: str
    refused: bool


class Hearing:
    """Listens on connections; every message belongs to the statement that runs."""

    def __init__(self) -> None:
        self._running: Statement | None = None
        self._heard: list[Heard] = []
        self._now: list[Heard] = []

    @property
    def heard(self) -> tuple[Heard, ...]:
        """Everything heard of the statements that ran to their end."""
        return tuple(self._heard)

    def listen(self, connection: psycopg.Connection) -> None:
        """Hear what `connection` says from now on."""
        connection.add_notice_handler(self._note)

    def begin(self, statement: Statement) -> None:
        """What is said from now on is about `statement`."""
        self._running = statement
        self._now = []

    def end(self) -> None:
        """The statement ran to its end: keep what was said of it. Without this, the next `begin` forgets it."""
        self._heard += self._now
        self._running, self._now = None, []

    def _note(self, said: Diagnostic) -> None:
        if self._running is None or len(self._now) >= _MOST:
            return
        heard = Heard(
            self._running, said.sqlstate or "", said.message_primary or "", said.message_detail or "",
            said.message_hint or "", said.context or "", said.schema_name == _OURS,
        )  # fmt: skip
        if heard not in self._now:
            self._now.append(heard)
