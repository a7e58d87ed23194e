"""./inv status."""

from __future__ import annotations

from invoke import Context, Exit, task

from devkit import console
from devkit.tasks.migrate import check_format
from devkit.tasks.options import HELP, line_reader, request_of, target_dsn


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
    if format == "json":
        from devkit.report.history import history_json

        console.write(history_json("status", outcome))
    else:
        from devkit.report.history import status_text

        console.show(status_text(outcome, line_reader(request.project)))
    if outcome.exit_code:
        raise Exit(code=outcome.exit_code)
