"""./inv compare."""

from __future__ import annotations

import os
from pathlib import Path

from invoke import Context, Exit, task

from devkit import console
from devkit.errors import DevkitError
from devkit.tasks.history import check_format
from devkit.tasks.options import CONTEXT_HELP, HELP, refuse
from devkit.tasks.verify import asked, judged

_HERE = "here"


@task(
    help={
        "file": "a report of verify, as in ./inv compare FILE: what another machine's stack is",
        "other": "a second one, as in ./inv compare FILE OTHER: the two are compared, and nothing runs",
        "migrations": HELP["migrations"],
        "manifests": HELP["manifests"],
        "engine": "embedded (default), dsn or cluster: who judges here, as in verify",
        "dsn": HELP["dsn"],
        "context": f"with --engine cluster: {CONTEXT_HELP}",
        "cache": "--no-cache: replay although nothing has changed since the last run",
        "format": "text (default) or json",
    }
)
def compare(
    call: Context,
    file: str = "",
    other: str = "",
    migrations: str = "",
    manifests: str = "",
    engine: str = "",
    dsn: str = "",
    context: str = "",
    cache: bool = True,  # Invoke makes --no-cache of it
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Name every difference between this stack and the one that another machine reported.

    Exit 1: they are not the same stack. What may differ does not count.
    """
    del call
    check_format(format)
    if not file:
        raise DevkitError(
            "compare needs the report of another machine",
            "make one there with ./inv verify --report FILE, and name it here: ./inv compare FILE",
        )
    from devkit.compare.compare import compare as differ
    from devkit.compare.files import read_report
    from devkit.compare.report import make_report
    from devkit.report.compare import compare_json, compare_text, is_same

    there = read_report(Path(file))
    if other:
        _refuse_all(migrations, manifests, engine, dsn, context, cache=cache)
        here = read_report(Path(other))
    else:
        request = asked(migrations, manifests, engine, dsn, context, cache=cache)
        here = make_report(judged(request, engine, context, shows=format == "text"), request, os.environ)
    differences = differ(there, here)
    if format == "json":
        console.write(compare_json(there, here, differences, file, other or None))
    else:
        console.show(compare_text(there, here, differences, file, other or _HERE))
    if not is_same(differences):
        raise Exit(code=1)


def _refuse_all(migrations: str, manifests: str, engine: str, dsn: str, context: str, *, cache: bool) -> None:
    """DevkitError for what says how verify runs, where it does not run."""
    given = {"--migrations": migrations, "--manifests": manifests, "--engine": engine, "--dsn": dsn}
    for name, value in {**given, "--context": context}.items():
        refuse(value, name, "two reports")
    refuse(not cache, "--no-cache", "two reports")
