"""./inv migrate."""

from __future__ import annotations

import os

from invoke import Context, task

from devkit import console
from devkit.errors import DevkitError
from devkit.migrate.order import Order
from devkit.migrations.applied import Decisions
from devkit.progress import silent
from devkit.tasks.history import check_format, render
from devkit.tasks.options import HELP, request_of, statement_of, target_dsn, version_of


@task(
    help={
        "migrations": HELP["migrations"],
        "engine": "dsn (default): whose database is meant",
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
    context: Context,
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
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Apply the pending migrations to a database, once, whoever else does so at the same time."""
    del context
    check_format(format)
    _check(adopt=adopt, yes=yes, others=plan or not verify or bool(assume_done or run_again))
    order = Order(
        request_of(migrations, "", "", "", cache=True),
        target_dsn(engine, dsn),
        version_of(to, "--to"),
        verify,
        plan,
        Decisions(statement_of(assume_done, "--assume-done"), statement_of(run_again, "--run-again")),
    )
    is_text = format == "text"
    asks = adopt and not yes  # a line that changes in place would hide the question
    with console.progress(wanted=is_text and not asks) as progress:
        if adopt:
            from devkit.migrate.adopt import adopt as take_over

            outcome = take_over(order, dict(os.environ), progress, lambda plan: console.confirm(plan, yes=yes))
        else:
            from devkit.migrate.migrate import migrate as apply

            outcome = apply(order, dict(os.environ), progress, console.say if is_text else silent)
    render("migrate", outcome, order.request, format)


def _check(*, adopt: bool, yes: bool, others: bool) -> None:
    if yes and not adopt:
        raise DevkitError("--yes says nothing without --adopt", "leave it out: migrate does not ask")
    if adopt and others:
        raise DevkitError(
            "--adopt applies nothing, so --plan, --no-verify, --assume-done and --run-again say nothing with it",
            "leave them out",
        )
