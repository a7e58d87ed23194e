"""./inv watch."""

from __future__ import annotations

import os

from invoke import Context, task

from devkit import console
from devkit.errors import DevkitError
from devkit.tasks.options import HELP, request_of
from devkit.tasks.verify import render
from devkit.verify.verify import verify as judge


@task(help=HELP)
def watch(
    context: Context,
    migrations: str = "",
    manifests: str = "",
    engine: str = "",
    dsn: str = "",
    verbose: bool = False,
) -> None:
    """Verify again after every save in migrations, manifests or pyproject.toml, until Ctrl-C.

    Exit 130: Ctrl-C ended it. A finding does not.
    """
    del context
    from devkit.watch.loop import watch as follow

    def once() -> None:
        try:
            request = request_of(migrations, manifests, engine, dsn, cache=True)
            with console.progress(wanted=True) as progress:
                verdict = judge(request, dict(os.environ), progress)
            render(verdict, request, verbose=verbose)
        except DevkitError as error:
            console.exit_code(error)

    first = request_of(migrations, manifests, engine, dsn, cache=True)
    follow(first.project.root, (first.migrations, first.manifests), once, console.say)
