"""Migrate: look, judge, take the lock, look again, apply, compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from devkit.errors import DevkitError
from devkit.migrate.compare import compare
from devkit.migrate.gate import Judgement, judge_until
from devkit.migrate.look import Look, look, to_run
from devkit.migrate.order import Order
from devkit.migrate.outcome import Outcome
from devkit.migrations.history import Entry
from devkit.postgres.database import opened
from devkit.progress import Progress
from devkit.verify.inputs import gather, ordered


def migrate(order: Order, env: dict[str, str], progress: Progress, said: Callable[[str], None]) -> Outcome:
    """Apply what is pending to the database of `order`; `said` hears of each file that is there.

    Nothing is applied when the history is bent or verify refuses. Raises DevkitError when we cannot look or a person
    has to decide; what was committed by then stays, and the next run goes on from there.
    """
    fileset = ordered(gather(order.request), order.request)
    with opened(order.dsn, "migrate", progress) as database:
        seen = look(database, fileset, order.request)
        _check_options(order, seen)
        if seen.findings:
            return seen.outcome()
        pending = to_run(seen, order.to)
        judgement = _judge(order, seen, pending, env, progress)
        if not pending:
            return compare(database, dataclasses.replace(seen.outcome(), done="nothing to do"), judgement)
        from devkit.migrate.run import plan, run, unreadable  # PostgreSQL's parser: only who applies needs it

        refused = judgement.refused if judgement else unreadable(pending, fileset)
        if refused:
            return dataclasses.replace(seen.outcome(), findings=refused)
        if order.plan:
            return dataclasses.replace(seen.outcome(), planned=plan(pending, fileset))
        outcome = run(database, fileset, order, said)
        return outcome if outcome.findings else compare(database, outcome, judgement)


def _judge(
    order: Order, seen: Look, pending: Sequence[Entry], env: dict[str, str], progress: Progress
) -> Judgement | None:
    if not order.verify:
        return None
    there = (entry.version for entry in seen.entries if entry.row is not None and entry.row.is_whole)
    reached = max((*there, *(entry.version for entry in pending)), default=-1)
    if reached < 0:
        return None
    return judge_until(order.request, None if reached >= seen.newest else reached, env, progress)


def _check_options(order: Order, seen: Look) -> None:
    """DevkitError when --to, --assume-done or --run-again speak of what is not there."""
    if order.to is not None and order.to not in {e.version for e in seen.entries if e.migration is not None}:
        raise DevkitError(f"--to {order.to}: no file has this version", f"the newest is {seen.newest}")
    open_questions = {(e.version, e.row.applied + 1) for e in seen.entries if e.row is not None and e.row.running}
    for version, number in order.done | order.again:
        if (version, number) not in open_questions:
            asked = ", ".join(f"V{v}:{n}" for v, n in sorted(open_questions)) or "none"
            raise DevkitError(
                f"nobody asks about V{version}:{number} on {seen.server.shown}",
                f"statements that were under way when a run ended: {asked}",
            )
