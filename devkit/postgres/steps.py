"""Run a migration that no transaction can hold: each statement commits with its progress, and a stopped file goes on.

A statement that must run alone is announced in the ledger before it runs. When the runner ends in between, its probe
tells whether it happened; where nobody can tell, a person decides.
"""

from __future__ import annotations

from pglast import ast, enums

from devkit.errors import DevkitError
from devkit.migrations.applied import Applied, Decisions
from devkit.migrations.probe import AGAIN, BUSY, DONE, Probe, outside, probe
from devkit.migrations.statements import Statement
from devkit.migrations.transaction import opening
from devkit.postgres.apply import Applier, makes_extension
from devkit.postgres.dsn import redacted
from devkit.postgres.ledger import Claim
from devkit.postgres.record import Failure
from devkit.postgres.work import CLEAN, LOCK_TIMEOUT, Part, Refused, parts

_HEAD = 60  # characters of a statement that name it
_ENDS = frozenset({enums.TransactionStmtKind.TRANS_STMT_COMMIT, enums.TransactionStmtKind.TRANS_STMT_PREPARE})


class Steps:
    """One file, statement by statement. `done` of its statements are committed."""

    def __init__(self, applier: Applier, claim: Claim, decisions: Decisions) -> None:
        self._applier = applier
        self._work = applier.work
        self._claim = claim
        self._decisions = decisions
        self._statements = claim.script.statements
        self._waits_as_it_says = any(_sets_lock_timeout(each) for each in self._statements)
        self._done = 0

    def apply(self, row: Applied | None) -> Failure | None:
        """Run what is left; the failure leaves what was committed. `row` is the file's row of an attempt that stopped.

        Raises DevkitError when a person has to decide, psycopg.OperationalError when the connection is lost.
        """
        self._send(parts([self._claim.begin()]))
        if row is not None:
            self._done = row.applied
            self._restore_session()
            if row.running:
                self._settle()
        for index in range(self._done, len(self._statements)):
            refused = self._step(index)
            if refused:
                return self._failed(refused)
        if self._work.in_transaction:  # the file forgot its COMMIT
            refused = self._work.run(self._commit(len(self._statements), "COMMIT"))
            if refused:
                return self._failed(refused)
        self._send(CLEAN)
        return None

    def _step(self, index: int) -> Refused | None:
        statement = self._statements[index]
        if isinstance(statement.node, ast.TransactionStmt):
            return self._transaction_command(statement, index)
        if self._work.in_transaction:
            with self._applier.lookout.on(self._label(index)):
                return self._work.run(self._applier.statement(statement, index))
        if outside(statement):
            return self._alone(statement, index)
        refused = self._applier.retried(self._claim, lambda: self._work.run(self._wrapped(statement, index)))
        if refused is None:
            self._done = index + 1
            if makes_extension(statement):
                self._applier.forget_standin()
        return refused

    def _wrapped(self, statement: Statement, index: int) -> tuple[Part, ...]:
        begin = parts(opening(self._claim.script.migration.source))
        return (*begin, *self._applier.statement(statement, index), *self._commit(index + 1, "COMMIT"))

    def _transaction_command(self, statement: Statement, index: int) -> Refused | None:
        ends = self._work.in_transaction and statement.node.kind in _ENDS  # type: ignore[union-attr]  # pglast is untyped
        message = self._commit(index + 1, statement.text, index) if ends else (Part(statement.text, index),)
        refused = self._work.run(message)
        if refused is None and (ends or not self._work.in_transaction):
            if not ends:
                self._note(index + 1)
            self._done = index + 1
        return refused

    def _commit(self, done: int, command: str, index: int | None = None) -> tuple[Part, ...]:
        """The end of a transaction, with the progress that it makes."""
        told = parts([self._claim.progress(done)])
        return (*self._applier.as_ourselves(local=True), *told, Part(command, index))

    def _alone(self, statement: Statement, index: int) -> Refused | None:
        asked = probe(statement)
        if asked:
            answer, mends = self._ask(asked, statement)
            self._must(*mends if answer == AGAIN else ())
        self._note(index, running=True)
        told = self._applier.statement(statement, index)[:-1]
        if not self._waits_as_it_says:  # CREATE INDEX CONCURRENTLY waits for transactions, and nobody waits behind it
            self._must("SET lock_timeout = 0")
        with self._applier.lookout.on(self._label(index)):
            refused = (self._work.run(told) if told else None) or self._work.run((Part(statement.text, index),))
        if not self._waits_as_it_says:
            self._must(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        if refused is None:
            self._note(index + 1)
            self._done = index + 1
        return refused

    def _failed(self, refused: Refused) -> Failure:
        self._work.roll_back()
        failure = self._applier.failure(self._claim, refused)
        statement = failure.statement
        never_began = refused.position is not None or not outside(statement)
        unsettled = not never_began and self._left_half_way(statement)
        self._note(self._done, running=unsettled, error=redacted(failure.message))
        return failure

    def _left_half_way(self, statement: Statement) -> bool:
        """After its failure: take away what a statement left, so that it may be mended; True when that cannot be."""
        asked = probe(statement)
        if asked is None:
            return True
        answer, mends = self._ask(asked, statement)
        self._must(*mends if answer == AGAIN else ())
        return answer == DONE

    def _settle(self) -> None:
        """Find out whether the statement under way happened, and go on from there."""
        number = self._done + 1
        statement = self._statements[self._done]
        key = (self._claim.version, number)
        asked = probe(statement)
        if key in self._decisions.done:
            answer = DONE
        elif key in self._decisions.again:
            answer = AGAIN
        elif asked is None:
            raise self._nobody_can_tell(statement, number)
        else:
            answer, mends = self._ask(asked, statement)
            self._must(*mends)
        self._done += int(answer == DONE)
        self._note(self._done)

    def _ask(self, asked: Probe, statement: Statement) -> tuple[str, tuple[str, ...]]:
        """What the catalogs say: DONE or AGAIN, and the commands that clear up what was left half-way."""
        row = self._work.connection.execute(asked.query.encode(), asked.parameters or None).fetchone()
        answer, mends = row or (AGAIN, ())
        if answer == BUSY:
            raise DevkitError(
                f"{_where(statement)}: somebody else is building this index right now",
                "wait until it is built (pg_stat_progress_create_index shows it), then: ./inv migrate",
            )
        return str(answer), tuple(mends)

    def _restore_session(self) -> None:
        """What earlier statements of the file set for its session went with it: set it again."""
        for statement in self._statements[: self._done]:
            node = statement.node
            if isinstance(node, ast.PrepareStmt) or (isinstance(node, ast.VariableSetStmt) and not node.is_local):
                self._must(statement.text)

    def _note(self, done: int, *, running: bool = False, error: str | None = None) -> None:
        told = self._claim.progress(done, running=running, error=error)
        self._send((*parts(["BEGIN"]), *self._applier.as_ourselves(local=True), *parts([told, "COMMIT"])))

    def _must(self, *texts: str) -> None:
        """Run each of `texts` by itself."""
        for text in texts:
            self._send((Part(text),))

    def _send(self, message: tuple[Part, ...]) -> None:
        refused = self._work.run(message)
        if refused:
            raise refused.error

    def _label(self, index: int) -> str:
        return f"applying {self._claim.script.migration.name}, statement {index + 1} of {len(self._statements)}"

    def _nobody_can_tell(self, statement: Statement, number: int) -> DevkitError:
        name = f"V{self._claim.version}:{number}"
        return DevkitError(
            f"{_where(statement)}: statement {number} was under way when an earlier run ended, "
            f"and it may commit by itself: nobody can tell from outside how far it came ({_head(statement)})",
            f"look at what it changes, then say: ./inv migrate --assume-done {name}, if all of it is there, "
            f"or ./inv migrate --run-again {name}, if it may run once more from its beginning",
        )


def _sets_lock_timeout(statement: Statement) -> bool:
    node = statement.node
    return isinstance(node, ast.VariableSetStmt) and str(node.name).lower() == "lock_timeout"


def _where(statement: Statement) -> str:
    place = statement.place()
    return f"{place.file}:{place.line}"


def _head(statement: Statement) -> str:
    text = " ".join(statement.text.split())
    return text if len(text) <= _HEAD else f"{text[: _HEAD - 1]}…"
