"""./inv reset."""

from __future__ import annotations

import os

from invoke import Context, Exit, task

from devkit import console
from devkit.tasks.history import check_format
from devkit.tasks.options import CONTEXT_HELP, HELP, line_reader, request_of, seconds_of
from devkit.tasks.stack import agreement

_DELETE_SECONDS = 120.0


@task(
    help={
        "context": CONTEXT_HELP,
        "migrations": HELP["migrations"],
        "manifests": HELP["manifests"],
        "timeout": f"SECONDS to wait until the namespace is gone (default: {_DELETE_SECONDS:.0f})",
        "yes": "do not ask; with --context it also agrees to a cluster that devkit has not used before",
        "format": "text (default) or json",
    }
)
def reset(
    call: Context,
    context: str = "",
    migrations: str = "",
    manifests: str = "",
    timeout: str = "",
    yes: bool = False,
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Delete the namespace and bring everything up anew: services, migrations, seed, verified.

    Exit 1: the migrations have an error, and nothing was deleted; or it came up, and something is not as it should be.
    """
    del call
    check_format(format)
    from devkit.report.reset import reset_json, reset_text
    from devkit.reset.reset import Order
    from devkit.reset.reset import reset as start_anew

    request = request_of(migrations, manifests, "", "", cache=True)
    settings = request.project.settings
    order = Order(request, context, seconds_of(timeout, _DELETE_SECONDS), settings.ready_timeout_seconds)

    def confirm(plan: str) -> None:
        console.confirm(plan, yes=yes)

    with console.board(wanted=format == "text") as board:
        outcome = start_anew(order, dict(os.environ), agreement(context, yes=yes), confirm, board)
    if format == "json":
        console.write(reset_json(outcome))
    else:
        console.show(reset_text(outcome, line_reader(request.project)))
    if outcome.exit_code:
        raise Exit(code=outcome.exit_code)
