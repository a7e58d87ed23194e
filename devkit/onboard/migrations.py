"""The migrations: judged before anything is brought up, applied when the database is there."""

from __future__ import annotations

from devkit.errors import DevkitError
from devkit.migrate.gate import judge_until
from devkit.migrate.migrate import migrate
from devkit.migrate.order import Order
from devkit.migrate.outcome import Outcome
from devkit.migrate.status import status
from devkit.migrations.history import State
from devkit.onboard.ground import Ground
from devkit.onboard.step import Look, later, met, needed, wrong
from devkit.progress import silent
from devkit.stack.database import stack_database
from devkit.stack.usable import usable_database
from devkit.verify.inputs import gather, ordered
from devkit.words import plural

_DATABASE_SECONDS = 60.0
_THERE = frozenset({State.APPLIED, State.BASELINE})


class Migrations:
    """Met when the ledger has every file."""

    name = "migrate"
    changes = True

    def look(self, ground: Ground) -> Look:
        """What verify says of the files, and what the database has of them."""
        request = ground.order.request
        inputs = gather(request)
        files = plural(len(ordered(inputs, request).migrations), "migration")
        ground.findings = judge_until(request, inputs, None, dict(ground.environ), silent).refused
        if ground.findings:
            return wrong(f"{files}, and verify refuses them", "mend what is said above; ./inv verify looks again")
        seen = _history(ground)
        if seen is None:
            return later(f"apply what is pending of {files}")
        if seen.exit_code:
            ground.migrated = seen
            return wrong("the database's history has to be mended", "./inv status says how")
        pending = sum(entry.is_to_run for entry in seen.entries)
        return needed(f"apply {pending} of {files}") if pending else met(f"{files} applied")

    def meet(self, ground: Ground) -> Look:
        """Apply what is pending."""
        environ = dict(ground.cluster.environ)
        with ground.board() as board, usable_database(ground.cluster, _DATABASE_SECONDS, silent) as database:

            def said(text: str) -> None:
                board([("migrate", text.strip())])

            ground.migrated = migrate(Order(ground.order.request, database.dsn), environ, said, said)
        if ground.migrated.exit_code:
            return wrong("not every migration is applied", "mend what is said above; ./inv status shows the history")
        there = sum(entry.state in _THERE for entry in ground.migrated.entries)
        return met(f"{len(ground.migrated.ran)} applied now, {there} in all")


def _history(ground: Ground) -> Outcome | None:
    """The ledger beside the files; None while there is no database to ask."""
    if ground.proven is None:
        return None
    try:
        with stack_database(ground.proven) as (dsn, _):
            return status(ground.order.request, dsn, silent)
    except DevkitError:
        return None
