"""Reset: what is there goes, the stack comes up anew, is migrated, seeded and verified."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from devkit.cluster.proof import Ask, Proven, agree, prove
from devkit.cluster.tilt import Tilt, find_tilt, stop_tilt, trigger
from devkit.finding import Finding
from devkit.migrate.gate import judge_until
from devkit.migrate.migrate import migrate
from devkit.migrate.order import Order as Migration
from devkit.progress import Board, Progress, silent
from devkit.reset.emptying import empty
from devkit.reset.outcome import Reset
from devkit.reset.phases import Phases
from devkit.reset.plan import Plan, describe, make_plan
from devkit.stack.alone import alone
from devkit.stack.living import verify_stack
from devkit.stack.objects import stack_objects
from devkit.stack.outcome import Stack
from devkit.stack.seed import read_seeds, seed
from devkit.stack.up import Order as Up
from devkit.stack.up import bring_up
from devkit.stack.usable import usable_database
from devkit.verify.inputs import Request, gather, ordered

_VERIFY = "verify"  # the resource of the Tiltfile that shows the verdict
_DATABASE_SECONDS = 30.0


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """What is to be reset, where; how long the deletion, and then the services, are waited for."""

    request: Request
    context: str
    delete_seconds: float
    ready_seconds: float


def reset(order: Order, environ: Mapping[str, str], ask: Ask, confirm: Callable[[str], None], board: Board) -> Reset:
    """Show the plan, have it confirmed, and carry it out. Safe to run again, whatever ended the last run.

    DevkitError when the cluster may not be touched, the namespace does not go, or nobody can look. What is not as it
    should be afterwards is in the outcome.
    """
    request = order.request
    project = request.project
    stack_objects(project, request.manifests)  # what is wrong with the files is said before anything goes
    read_seeds(project)
    refused = _refused(request, environ)
    if refused:
        return Reset(refused=refused)
    proven = prove(project.settings, environ, order.context)
    agree(proven, ask)
    with alone(proven, environ, "reset"):
        plan = make_plan(proven, project.root / "Tiltfile", environ)
        confirm(describe(plan))
        proven.again("nothing was deleted")
        phases = Phases(lambda name: board([("phase", name)]))
        if plan.tilt is not None and not plan.is_inside:
            with phases("stop tilt"):
                stop_tilt(plan.tilt, _speaks_of(board, "tilt"))
        with phases("delete"):
            empty(plan, order.delete_seconds, board)
        up = Up(project, request.manifests, order.context, order.ready_seconds)
        stack = bring_up(up, proven, environ, board, phases)
        done = Reset(stack) if stack.exit_code else _fill(request, proven, stack, phases, board)
        _show_in_tilt(plan, environ)
        return dataclasses.replace(done, phases=phases.all)


def _refused(request: Request, environ: Mapping[str, str]) -> tuple[Finding, ...]:
    """What verify says against the migrations, on the embedded server: migrate would not apply them.

    In silence: a board that is live already would hide the question that comes next.
    """
    inputs = gather(request)
    ordered(inputs, request)
    return judge_until(request, inputs, None, dict(environ), silent).refused


def _fill(request: Request, proven: Proven, stack: Stack, phases: Phases, board: Board) -> Reset:
    """The database migrated and seeded, and everything verified; it ends with the first that is not as it should be."""
    env = dict(proven.environ)
    with usable_database(proven, _DATABASE_SECONDS, _speaks_of(board, "database")) as database:
        with phases("migrate"):
            said = _speaks_of(board, "migrate")
            migrated = migrate(Migration(request, database.dsn), env, said, lambda line: said(line.strip()))
        if migrated.exit_code:
            return Reset(stack, migrated=migrated)
        with phases("seed"):
            seeded = seed(request.project, database.dsn, _speaks_of(board, "seed"))
    if seeded.refused is not None:
        return Reset(stack, migrated=migrated, seeded=seeded)
    with phases("verify"):
        verdict = verify_stack(request, proven, env, _speaks_of(board, "verify"))
    return Reset(stack, migrated=migrated, seeded=seeded, verdict=verdict)


def _show_in_tilt(plan: Plan, environ: Mapping[str, str]) -> None:
    """Have the Tilt that ran all along judge once more: what it shows is from before."""
    running: Tilt | None = find_tilt(plan.tilt.port, environ) if plan.tilt is not None and plan.is_inside else None
    if running is not None and any(each.name == _VERIFY for each in running.resources):
        trigger(running, _VERIFY, environ)


def _speaks_of(board: Board, name: str) -> Progress:
    return lambda text: board([(name, text)])
