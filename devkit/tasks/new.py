"""./inv new."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from invoke import Context, task

from devkit import console
from devkit.errors import DevkitError
from devkit.tasks.options import HELP, request_of

_BUTTON = "DEVKIT_NEW_MIGRATION"  # where Tilt's button puts what a person typed: never on a command line


@task(
    help={
        "name": "what changes, in a few words, as in ./inv new NAME: the file is named after it",
        "renumber": "FILE that lost its number to another branch: it gets the next one, and what came after it too",
        "sum": "write the sum file anew from the folder",
        "yes": "with --sum: do not ask, although lines of older files change",
        "migrations": HELP["migrations"],
    },
)
def new(
    context: Context,
    name: str = "",
    renumber: str = "",
    sum: bool = False,  # noqa: A002 - the option's name
    yes: bool = False,
    migrations: str = "",
) -> None:
    """Write the next migration's file, or give one the next number.

    Exit 2: nothing was written, and the message says why.
    """
    del context
    from devkit.migrate import new as files

    if not (name or renumber or sum):
        name = os.environ.get(_BUTTON, "")

    if [bool(name), bool(renumber), sum].count(True) != 1:
        raise DevkitError(
            "./inv new wants one of three: a name, --renumber FILE, or --sum",
            "for example: ./inv new 'bets get a channel'",
        )
    if yes and not sum:
        raise DevkitError("--yes says nothing without --sum", "leave it out")
    request = request_of(migrations, "", "", "", cache=True)
    if sum:
        changed = files.changed_lines(request)
        if changed:
            console.confirm(f"the lines of these files change, and with them history: {', '.join(changed)}", yes=yes)
        console.write(f"{files.write_sum(request)}\n".encode())
        return
    if renumber:
        written = files.renumber(request, Path(renumber))
    else:
        written = files.new(request, name, datetime.datetime.now(datetime.UTC))
    console.write("".join(f"{path}\n" for path in written.files).encode())
    console.say(f"{written.sum} is up to date; commit it together with the file")
