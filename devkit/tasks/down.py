"""./inv down."""

from __future__ import annotations

import os

from invoke import Context, task

from devkit import console
from devkit.tasks.options import CONTEXT_HELP, request_of, seconds_of
from devkit.words import plural

_SECONDS = 60.0


@task(
    help={
        "context": CONTEXT_HELP,
        "timeout": f"SECONDS to wait until all is gone (default: {_SECONDS:.0f})",
        "yes": "do not ask",
    }
)
def down(call: Context, context: str = "", timeout: str = "", yes: bool = False) -> None:
    """Stop Tilt and delete what it made in the namespace; the namespace and the volumes stay.

    Exit 2: it is not down, or not yet; the message says what is in the way.
    """
    del call
    from devkit.stack.down import Order
    from devkit.stack.down import down as take_down

    project = request_of("", "", "", "", cache=True).project
    order = Order(project, context, seconds_of(timeout, _SECONDS))

    def confirm(plan: str) -> None:
        console.confirm(plan, yes=yes)

    with console.board(wanted=True) as board:
        plan = take_down(order, dict(os.environ), confirm, board)
    if plan.tilt is None and not plan.items:
        console.say(f"nothing is up in {plan.proven.namespace} of {plan.proven.target.context}")
        for each in plan.unseen:
            console.say(f"  cannot see {each}")
    else:
        volumes = plural(len(plan.volumes), "volume")
        console.say(f"down; kept: {volumes}, and ./inv up brings the stack back with what is in them")
