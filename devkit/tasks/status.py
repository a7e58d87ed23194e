"""./inv status."""

from __future__ import annotations

from invoke import Context, task

from devkit import console
from devkit.tasks.history import check_format, render
from devkit.tasks.options import HELP, request_of, target_dsn


@task(
    help={
        "migrations": HELP["migrations"],
        "engine": "dsn (default): whose database is meant",
        "dsn": "the database, without a password; or DEVKIT_DSN, with PGPASSFILE or a service file",
        "format": "text (default) or json",
    }
)
def status(
    context: Context,
    migrations: str = "",
    engine: str = "",
    dsn: str = "",
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Show which migrations a database has, and what to do about the others."""
    del context
    check_format(format)
    from devkit.migrate.status import status as read

    request = request_of(migrations, "", "", "", cache=True)
    with console.progress(wanted=format == "text") as progress:
        outcome = read(request, target_dsn(engine, dsn), progress)
    render("status", outcome, request, format)
