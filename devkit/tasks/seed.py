"""./inv seed."""

from __future__ import annotations

import os

from invoke import Context, Exit, task

from devkit import console
from devkit.tasks.options import CONTEXT_HELP, line_reader, request_of
from devkit.words import plural

_SECONDS = 30.0


@task(help={"context": CONTEXT_HELP})
def seed(call: Context, context: str = "") -> None:
    """Put the example data of the seed folder into the stack's database; safe to run again.

    Exit 1: the database refused a statement of a file.
    """
    del call
    from devkit.cluster.proof import prove
    from devkit.report.text import finding_text
    from devkit.stack.seed import seed as run_seeds
    from devkit.stack.usable import usable_database

    project = request_of("", "", "", "", cache=True).project
    with console.progress(wanted=True) as progress:
        proven = prove(project.settings, dict(os.environ), context).owned()
        with usable_database(proven, _SECONDS, progress) as database:
            seeded = run_seeds(project, database.dsn, progress)
    for name in seeded.files:
        console.say(f"  ✔ {name}")
    if seeded.refused is not None:
        console.show(finding_text([seeded.refused], line_reader(project)))
        raise Exit(code=1)
    what = plural(len(seeded.files), "file")
    console.say(f"{what} of {project.settings.seed} in {proven.settings.database} of {proven.target.context}")
