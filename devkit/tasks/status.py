"""./inv status."""

from __future__ import annotations

import os

from invoke import Context, task

from devkit import console
from devkit.tasks import history, stack
from devkit.tasks.options import CONTEXT_HELP, HELP, refuse, request_of, target_dsn
from devkit.verify.inputs import Request


@task(
    help={
        "migrations": HELP["migrations"],
        "manifests": HELP["manifests"],
        "engine": "cluster (default): the whole stack; dsn (default with --dsn or DEVKIT_DSN): a database's history",
        "dsn": "the database, without a password; or DEVKIT_DSN, with PGPASSFILE or a service file",
        "context": CONTEXT_HELP,
        "format": "text (default) or json",
    }
)
def status(
    call: Context,
    migrations: str = "",
    manifests: str = "",
    engine: str = "",
    dsn: str = "",
    context: str = "",
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Show the stack: services, images, migrations, Tilt, and the cluster it is in.

    Exit 1: a service is not ready, or a history cannot be read or has to be mended.
    """
    del call
    history.check_format(format)
    request = request_of(migrations, manifests, "", "", cache=True)
    chosen = engine or ("dsn" if dsn or os.environ.get("DEVKIT_DSN") else "cluster")
    if chosen == "cluster":
        refuse(dsn, "--dsn", "--engine cluster")
        _stack(request, context, format)
    else:
        refuse(context, "--context", "--engine dsn")
        refuse(manifests, "--manifests", "--engine dsn")
        _history(request, target_dsn(chosen, dsn), format)


def _stack(request: Request, context: str, form: str) -> None:
    from devkit.stack.status import status as read

    with console.progress(wanted=form == "text") as progress:
        seen = read(request, dict(os.environ), context, progress)
    stack.render("status", seen, request, form)


def _history(request: Request, dsn: str, form: str) -> None:
    from devkit.migrate.status import status as read

    with console.progress(wanted=form == "text") as progress:
        outcome = read(request, dsn, progress)
    history.render("status", outcome, request, form)
