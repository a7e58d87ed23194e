"""How up and status show the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invoke import Exit

from devkit import console
from devkit.tasks.options import line_reader
from devkit.verify.inputs import Request

if TYPE_CHECKING:
    from devkit.stack.outcome import Stack  # urllib3 and psycopg: the other verbs start without them


def render(command: str, stack: Stack, request: Request, form: str) -> None:
    """Show the stack after `command`, and exit."""
    from devkit.report.stack import stack_json, stack_text

    if form == "json":
        console.write(stack_json(command, stack))
    else:
        console.show(stack_text(stack, line_reader(request.project)))
    if stack.exit_code:
        raise Exit(code=stack.exit_code)
