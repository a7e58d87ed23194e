"""Run one migration where it counts: together with its row in the ledger, in one transaction if it can be.

The row is the transaction's last change: a second runner, whoever let it in, fails at the row's key and rolls back.
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from collections.abc import Callable

import psycopg
from pglast import ast
from psycopg import sql

from devkit.errors import DevkitError
from devkit.migrations.applied import Applied
from devkit.migrations.statements import Statement
from devkit.migrations.transaction import in_one_transaction, opening
from devkit.postgres.dsn import redacted
from devkit.postgres.ledger import SCHEMA, Claim
from devkit.postgres.lookout import Lookout
from devkit.postgres.record import NO_ROOM, Failure, Script, failure_of
from devkit.postgres.standin.before import facts_before
from devkit.postgres.standin.telling import is_listening
from devkit.postgres.work import CLEAN, Part, Refused, Work, parts

# A lock that others hold, a deadlock that fell on us, a serialization failure: the next attempt may find the way free.
_WORTH_ANOTHER = frozenset({"55P03", "40P01", "40001"})
ATTEMPTS = 8
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_EXTENSION = re.compile(r"\bextension\b", re.IGNORECASE)


@dataclasses.dataclass(slots=True)
class Applier:
    """Applies migrations through `work`, watched by `lookout`."""

    work: Work
    lookout: Lookout
    pause: Callable[[float], None] = time.sleep
    _standin: bool | None = None

    def apply_whole(self, claim: Claim, row: Applied | None) -> Failure | None:
        """Run `claim`'s script in one transaction; on a refusal nothing of it stays but a note. `row`: its old row.

        Raises psycopg.OperationalError when the connection is lost: then it committed as a whole, or not at all.
        """
        refused = self.retried(claim, lambda: self._transaction(claim, row))
        if refused is None:
            return None
        failure = self.failure(claim, refused)
        self.work.run(parts([claim.failed(redacted(failure.message))]))
        return failure

    def retried(self, claim: Claim, attempt: Callable[[], Refused | None]) -> Refused | None:
        """Make `attempt` until it succeeds or fails for good; each failed one is rolled back."""
        pause = _FIRST_PAUSE
        refused = None
        for number in range(1, ATTEMPTS + 1):
            with self.lookout.on(_label(claim, number)):
                refused = attempt()
            if refused is None:
                return None
            self.work.roll_back()
            self._standin = None
            if refused.error.sqlstate not in _WORTH_ANOTHER:
                return refused
            if number < ATTEMPTS:
                self.pause(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        return refused

    def statement(self, statement: Statement, index: int) -> tuple[Part, ...]:
        """`statement` as parts of a message: a stand-in is told beforehand what it cannot see."""
        facts = facts_before(statement.node) if self._has_standin() and statement.node is not None else None
        run = Part(statement.text, index)
        if facts is None:
            return (run,)
        told = sql.SQL("SELECT citus_internal.before_statement({}::jsonb)").format(sql.Literal(json.dumps(facts)))
        return Part(told, index), run

    def failure(self, claim: Claim, refused: Refused) -> Failure:
        """What a refusal means; DevkitError when it is about the ledger, or when the machine can do no more.

        Raises the error itself when it is a right on the ledger that is lacking.
        """
        diagnostic = refused.error.diag
        if refused.error.sqlstate in NO_ROOM:
            raise DevkitError(
                f"the server has no room left at {claim.script.migration.source.file}: {diagnostic.message_primary}",
                "free disk space or memory there, then: ./inv migrate",
            )
        if refused.part.statement is None and isinstance(refused.error, psycopg.errors.InsufficientPrivilege):
            raise refused.error
        if refused.part.statement is None and diagnostic.schema_name == SCHEMA:
            raise DevkitError(
                f"{claim.script.migration.name} was entered by somebody else meanwhile",
                "run ./inv migrate again: it looks anew",
            )
        statements = claim.script.statements
        at = len(statements) - 1 if refused.part.statement is None else refused.part.statement
        is_own = isinstance(refused.part.text, str) and refused.part.statement is not None
        return failure_of(claim.script, statements[at], refused.error, refused.position if is_own else None)

    def as_ourselves(self, *, local: bool) -> tuple[Part, ...]:
        """Back to the role that may write the ledger; `local`: until the end of the transaction."""
        scope = sql.SQL("LOCAL" if local else "SESSION")
        return parts([
            sql.SQL("SET {} SESSION AUTHORIZATION DEFAULT").format(scope),
            sql.SQL("SET {} ROLE {}").format(scope, self.work.role),
        ])  # fmt: skip

    def forget_standin(self) -> None:
        """An extension may have come or gone."""
        self._standin = None

    def _transaction(self, claim: Claim, row: Applied | None) -> Refused | None:
        script = claim.script
        message: list[Part] = [*parts(opening(script.migration.source))]
        for index, statement in enumerate(script.statements):
            message += self.statement(statement, index)
            if makes_extension(statement):  # from here on there may be somebody to tell
                refused = self.work.run(message)
                if refused:
                    return refused
                message = []
                self.forget_standin()
        old = [claim.drop_unfinished()] if row is not None else []
        entered = parts([*old, claim.insert(len(script.statements)), "COMMIT"])
        message += [*self.as_ourselves(local=False), *entered, *CLEAN]
        return self.work.run(tuple(message))

    def _has_standin(self) -> bool:
        if self._standin is None:
            if self.work.connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
                return False  # it is asked again after the transaction
            self._standin = is_listening(self.work.connection)
        return self._standin


def is_whole(script: Script, row: Applied | None) -> bool:
    """Whether the file runs in one transaction: not when it cannot, nor when a part of it is applied already."""
    started = row is not None and row.frozen > 0
    return not started and in_one_transaction(script.migration.source, script.statements)


def makes_extension(statement: Statement) -> bool:
    """Whether an extension comes or goes."""
    return bool(_EXTENSION.search(statement.text)) and isinstance(
        statement.node, ast.CreateExtensionStmt | ast.DropStmt
    )


def _label(claim: Claim, attempt: int) -> str:
    again = f", attempt {attempt} of {ATTEMPTS}" if attempt > 1 else ""
    return f"applying {claim.script.migration.name}{again}"
