"""What the verbs of the stack share: how a cluster is agreed to, and how the stack is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invoke import Exit

from devkit import console
from devkit.tasks.options import line_reader
from devkit.verify.inputs import Request

if TYPE_CHECKING:
    from devkit.cluster.proof import Ask
    from devkit.stack.outcome import Stack  # urllib3 and psycopg: the other verbs start without them


def agreement(context: str, *, yes: bool) -> Ask:
    """How a person agrees to a cluster: by typing; `yes` answers only for a `context` that is named and unchanged."""

    def ask(plan: str, word: str, may_skip: bool) -> None:
        unnamed = "" if context else "name it: --context"
        console.confirm_typed(
            plan, word, yes=yes, why_not_yes=unnamed if may_skip else "it is another cluster than before"
        )

    return ask


def render(command: str, stack: Stack, request: Request, form: str) -> None:
    """Show the stack after `command`, and exit."""
    from devkit.report.stack import stack_json, stack_text

    if form == "json":
        console.write(stack_json(command, stack))
    else:
        console.show(stack_text(stack, line_reader(request.project)))
    if stack.exit_code:
        raise Exit(code=stack.exit_code)
