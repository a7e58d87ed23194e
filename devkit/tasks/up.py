"""./inv up."""

from __future__ import annotations

import os

from invoke import Context, task

from devkit import console
from devkit.tasks.history import check_format
from devkit.tasks.options import CONTEXT_HELP, HELP, request_of, seconds_of
from devkit.tasks.stack import agreement, render


@task(
    help={
        "context": CONTEXT_HELP,
        "manifests": HELP["manifests"],
        "timeout": "SECONDS to wait until every service can be used (default: [tool.devkit] ready-timeout-seconds)",
        "yes": "with --context: agree to a cluster that devkit has not used before; never to one that has changed",
        "format": "text (default) or json",
    }
)
def up(
    call: Context,
    context: str = "",
    manifests: str = "",
    timeout: str = "",
    yes: bool = False,
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Bring the stack up with Tilt, in a cluster that is proven local, and wait until it can be used.

    Exit 1: something is not ready; the reason and the command to run are shown.
    """
    del call
    check_format(format)
    from devkit.stack.up import Order
    from devkit.stack.up import up as bring_up

    request = request_of("", manifests, "", "", cache=True)
    settings = request.project.settings
    order = Order(request.project, request.manifests, context, seconds_of(timeout, settings.ready_timeout_seconds))

    with console.board(wanted=format == "text") as board:
        stack = bring_up(order, dict(os.environ), agreement(context, yes=yes), board)
    render("up", stack, request, format)
