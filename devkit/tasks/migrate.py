"""./inv migrate."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator

from invoke import Context, task

from devkit import console
from devkit.errors import DevkitError
from devkit.migrate.order import Order
from devkit.migrations.applied import Decisions
from devkit.progress import Progress, silent
from devkit.tasks.history import check_format, render
from devkit.tasks.options import CONTEXT_HELP, HELP, refuse, request_of, statement_of, target_dsn, version_of

_USABLE_SECONDS = 60.0  # a database that is just starting


@task(
    help={
        "migrations": HELP["migrations"],
        "engine": "dsn (default), or cluster: the stack's own database",
        "context": f"with --engine cluster: {CONTEXT_HELP}",
        "dsn": "the database, without a password; or DEVKIT_DSN, with PGPASSFILE or a service file",
        "to": "apply up to this VERSION only; with --adopt, the last file that a plain database has",
        "plan": "show what would be applied, and change nothing",
        "verify": "--no-verify: apply what nobody has replayed; what Citus refuses then shows up half-way",
        "adopt": "take over a database that Flyway, dbmate or nobody kept, once it is proven to be what the files make",
        "yes": "with --adopt: do not ask",
        "assume-done": "V9:2, a statement that nobody else can tell of: it happened",
        "run-again": "V9:2, a statement that nobody else can tell of: run it once more",
        "format": "text (default) or json",
    }
)
def migrate(
    call: Context,
    migrations: str = "",
    engine: str = "",
    dsn: str = "",
    to: str = "",
    plan: bool = False,
    verify: bool = True,  # Invoke makes --no-verify of it
    adopt: bool = False,
    yes: bool = False,
    assume_done: str = "",
    run_again: str = "",
    context: str = "",
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Apply the pending migrations to a database, once, whoever else does so at the same time.

    Exit 1: somebody has to mend something: an error, a file that stopped, a schema that is not what the files make.
    """
    del call
    check_format(format)
    _check(adopt=adopt, yes=yes, others=plan or not verify or bool(assume_done or run_again))
    on_cluster = engine == "cluster"
    if on_cluster:
        refuse(dsn, "--dsn", "--engine cluster")
    else:
        refuse(context, "--context", "another engine than cluster")
    order = Order(
        request_of(migrations, "", "", "", cache=True),
        "" if on_cluster else target_dsn(engine, dsn),
        version_of(to, "--to"),
        verify,
        plan,
        Decisions(statement_of(assume_done, "--assume-done"), statement_of(run_again, "--run-again")),
    )
    is_text = format == "text"
    asks = adopt and not yes  # a line that changes in place would hide the question
    with console.progress(wanted=is_text and not asks) as progress, contextlib.ExitStack() as closing:
        if on_cluster:
            order = dataclasses.replace(order, dsn=closing.enter_context(_stack_database(order, context, progress)))
        if adopt:
            from devkit.migrate.adopt import adopt as take_over

            outcome = take_over(order, dict(os.environ), progress, lambda plan: console.confirm(plan, yes=yes))
        else:
            from devkit.migrate.migrate import migrate as apply

            outcome = apply(order, dict(os.environ), progress, console.say if is_text else silent)
    render("migrate", outcome, order.request, format)


@contextlib.contextmanager
def _stack_database(order: Order, context: str, progress: Progress) -> Iterator[str]:
    """The DSN of the stack's own database, in a cluster that is agreed to, once it can be migrated."""
    from devkit.cluster.proof import prove
    from devkit.stack.usable import usable_database

    proven = prove(order.request.project.settings, dict(os.environ), context).owned()
    with usable_database(proven, _USABLE_SECONDS, progress) as database:
        yield database.dsn


def _check(*, adopt: bool, yes: bool, others: bool) -> None:
    if yes and not adopt:
        raise DevkitError("--yes says nothing without --adopt", "leave it out: migrate does not ask")
    if adopt and others:
        raise DevkitError(
            "--adopt applies nothing, so --plan, --no-verify, --assume-done and --run-again say nothing with it",
            "leave them out",
        )
