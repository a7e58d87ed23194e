"""./inv psql."""

from __future__ import annotations

import os
import shlex

from invoke import Context, Exit, task

from devkit.tasks.options import CONTEXT_HELP, request_of


@task(help={"context": CONTEXT_HELP}, auto_shortflags=False)  # psql's own -c, before the --, is no context
def psql(call: Context, context: str = "") -> None:
    """Open psql on the stack's database; what follows -- goes to psql.

    For example: ./inv psql -- -c 'select 1'

    Exit: psql's own code, or 2 where there is no database to open it on.
    """
    from devkit.stack.psql import psql as run

    settings = request_of("", "", "", "", cache=True).project.settings
    code = run(settings, dict(os.environ), context, shlex.split(call.remainder))
    if code != 0:
        raise Exit(code=code)
