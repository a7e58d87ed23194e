"""How migrate and status show a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invoke import Exit

from devkit import console
from devkit.errors import DevkitError
from devkit.tasks.options import line_reader
from devkit.verify.inputs import Request

if TYPE_CHECKING:
    from devkit.migrate.outcome import Outcome  # psycopg: the other verbs start without it

FORMATS = ("text", "json")


def check_format(form: str) -> None:
    """DevkitError for a format that a history does not have."""
    if form not in FORMATS:
        raise DevkitError(f"--format {form} is not known", f"write one of: {', '.join(FORMATS)}")


def render(command: str, outcome: Outcome, request: Request, form: str) -> None:
    """Show what came of `command`, and exit."""
    from devkit.report.history import history_json, outcome_text, status_text

    if form == "json":
        console.write(history_json(command, outcome))
    else:
        text = status_text if command == "status" else outcome_text
        console.show(text(outcome, line_reader(request.project)))
    if outcome.exit_code:
        raise Exit(code=outcome.exit_code)
