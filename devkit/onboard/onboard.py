"""Onboard: look at every step, show the plan, have it confirmed, meet what is not met."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Iterator

from devkit.cluster.tilt import find_tilt, tilt_port
from devkit.onboard.cluster import Cluster
from devkit.onboard.ground import Ground
from devkit.onboard.machine import Machine, Node
from devkit.onboard.migrations import Migrations
from devkit.onboard.outcome import Link, Onboarded, Taken
from devkit.onboard.pins import Pins
from devkit.onboard.services import Services
from devkit.onboard.step import Look, State, Step
from devkit.onboard.verified import Verified
from devkit.stack.alone import alone
from devkit.stack.objects import stack_objects
from devkit.stack.outcome import identity
from devkit.verify.inputs import gather

# Each stands on those above it.
STEPS: tuple[Step, ...] = (Machine(), Cluster(), Node(), Pins(), Services(), Migrations(), Verified())


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """A step as it was looked at, before anything was changed."""

    step: Step
    look: Look
    seconds: float


def make_plan(ground: Ground) -> tuple[Planned, ...]:
    """Look at the steps, as far as one is wrong; changes nothing. DevkitError when something cannot be seen."""
    request = ground.order.request
    stack_objects(request.project, request.manifests)  # what is wrong with the files is said before anything else
    gather(request)
    plan: list[Planned] = []
    for step in STEPS:
        started = time.monotonic()
        look = step.look(ground)
        plan.append(Planned(step, look, time.monotonic() - started))
        if look.state is State.WRONG:
            break
    return tuple(plan)


def is_wrong(plan: tuple[Planned, ...]) -> bool:
    """Whether a person has to mend something before anything is done."""
    return any(each.look.state is State.WRONG for each in plan)


def is_change(plan: tuple[Planned, ...]) -> bool:
    """Whether there is something to ask a person about."""
    return any(each.step.changes and each.look.state is not State.MET for each in plan)


def carry_out(ground: Ground, plan: tuple[Planned, ...]) -> Onboarded:
    """Meet the steps of a plan in which none is wrong; it ends with the first that is.

    Safe to run again, whatever ended the last run. DevkitError when something could not be done.
    """
    taken: list[Taken] = []
    with contextlib.ExitStack() as closing:
        for planned in plan:
            if planned.step.name == Services.name:  # from here on nobody else may change the namespace
                closing.enter_context(alone(ground.cluster, ground.environ, "onboard"))
            if is_change(plan):
                ground.said(f"step: {planned.step.name}")
            taken.append(_take(ground, planned))
            if taken[-1].look.state is State.WRONG:
                break
    return outcome(ground, tuple(taken))


def outcome(ground: Ground, taken: tuple[Taken, ...]) -> Onboarded:
    """What came of the steps that were taken."""
    cluster = identity(ground.proven) if ground.proven is not None else None
    links = tuple(_links(ground)) if ground.verdict is not None else ()
    return Onboarded(
        taken, ground.checked, ground.findings, cluster, ground.stack, ground.migrated, ground.verdict, links
    )


def refused(ground: Ground, plan: tuple[Planned, ...]) -> Onboarded:
    """What came of a plan that stopped: nothing was changed."""
    return outcome(
        ground, tuple(Taken(each.step.name, each.look, each.look.state is State.MET, each.seconds) for each in plan)
    )


def _take(ground: Ground, planned: Planned) -> Taken:
    step = planned.step
    started = time.monotonic()
    look = step.look(ground)  # again: the steps above may have changed it, and a person may have taken hours
    was_met = look.state in {State.MET, State.WRONG}
    if not was_met:
        look = step.meet(ground)
    return Taken(step.name, look, was_met, planned.seconds + time.monotonic() - started)


def _links(ground: Ground) -> Iterator[Link]:
    """Tilt's page, and the local ports that it holds open."""
    port = tilt_port(ground.order.request.project.settings.tilt_port, ground.environ)
    running = find_tilt(port, ground.environ)
    if running is None:
        return
    yield Link("tilt", running.url)
    for resource in sorted(running.resources, key=lambda each: each.name):
        yield from (Link(resource.name, url) for url in resource.links)
