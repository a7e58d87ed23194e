"""Migrate: look, judge, take the lock, look again, apply, compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from devkit.errors import DevkitError
from devkit.migrate.compare import compare
from devkit.migrate.gate import judge_until
from devkit.migrate.look import Look, look, to_run
from devkit.migrate.order import Order
from devkit.migrate.outcome import Outcome
from devkit.migrations.history import Entry
from devkit.postgres.database import opened
from devkit.progress import Progress
from devkit.verify.inputs import gather, ordered


def migrate(order: Order, env: dict[str, str], progress: Progress, said: Callable[[str], None]) -> Outcome:
    """Apply what is pending to the database of `order`; `said` hears of each file that is there.

    The files are read once: what is judged is what is applied. Nothing is applied when the history is bent or verify
    refuses. Raises DevkitError when we cannot look or a person has to decide; what was committed by then stays, and the
    next run goes on from there.
    """
    inputs = gather(order.request)
    fileset = ordered(inputs, order.request)
    with opened(order.dsn, "migrate", progress) as database:

        def look_again() -> Look:
            return look(database, fileset, order.request)

        seen = look_again()
        _check_options(order, seen)
        if seen.findings:
            return seen.outcome()
        pending = to_run(seen, order.to)
        reached = _reached(seen, pending) if order.verify else None
        judgement = None if reached is None else judge_until(order.request, inputs, reached, env, progress)
        if not pending:
            return compare(database, seen.outcome(done="nothing to do"), judgement, look_again)
        from devkit.migrate.run import plan, run, unreadable  # PostgreSQL's parser: only who applies needs it

        refused = judgement.refused if judgement else unreadable(pending, fileset)
        if refused:
            return seen.outcome(findings=refused)
        if order.plan:
            return seen.outcome(planned=plan(pending, fileset))
        outcome = run(database, fileset, order, said)
        return outcome if outcome.findings else compare(database, outcome, judgement, look_again)


def _reached(seen: Look, pending: Sequence[Entry]) -> int | None:
    """The highest version that the database has, or will have; None when it is to stay empty."""
    there = (entry.version for entry in seen.entries if entry.row is not None and entry.row.is_whole)
    return max((*there, *(entry.version for entry in pending)), default=None)


def _check_options(order: Order, seen: Look) -> None:
    """DevkitError when --to, --assume-done or --run-again speak of what is not there."""
    if order.to is not None and order.to not in {e.version for e in seen.entries if e.migration is not None}:
        raise DevkitError(f"--to {order.to}: no file has this version", f"the newest is {seen.newest}")
    open_questions = {(e.version, e.row.applied + 1) for e in seen.entries if e.row is not None and e.row.running}
    for version, number in order.decisions.done | order.decisions.again:
        if (version, number) not in open_questions:
            asked = ", ".join(f"V{v}:{n}" for v, n in sorted(open_questions)) or "none"
            raise DevkitError(
                f"nobody asks about V{version}:{number} on {seen.server.shown}",
                f"statements that were under way when a run ended: {asked}",
            )
