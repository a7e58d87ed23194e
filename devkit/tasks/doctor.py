"""./inv doctor."""

from __future__ import annotations

import os
import time

from invoke import Context, Exit, task

from devkit import console
from devkit.tasks.history import check_format
from devkit.tasks.options import request_of, seconds_of


@task(
    help={
        "only": "ID[,ID]: only these checks",
        "timeout": "seconds that a check may take (default: 2)",
        "format": "text (default) or json",
    }
)
def doctor(
    call: Context,
    only: str = "",
    timeout: str = "",
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Look at this machine: tools, limits, cluster, network, repository, and what mends what is wrong.

    Exit 1: a problem, which has to be mended. Exit 2: a check itself failed.
    """
    del call
    import threading

    from devkit.doctor.checks import chosen
    from devkit.doctor.examine import LIMIT, examine, exit_code
    from devkit.doctor.machine import this_machine
    from devkit.report.doctor import doctor_json, doctor_text

    check_format(format)
    checks, limit = chosen(only), seconds_of(timeout, LIMIT)
    project = request_of("", "", "", "", cache=True).project
    called_off = threading.Event()
    host = this_machine(project, dict(os.environ), called_off, limit)
    started = time.monotonic()
    with console.progress(wanted=format == "text") as progress:
        progress("looking at this machine")
        results = examine(host, checks, called_off, limit)
    if format == "json":
        console.write(doctor_json(results, host))
    else:
        console.show(doctor_text(results))
        console.say(f"{time.monotonic() - started:.1f} s")
    code = exit_code(results)
    if code:
        raise Exit(code=code)
