"""The machine: what doctor can see of it before there is a cluster, and what it sees of the cluster afterwards."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from devkit.doctor import node_image
from devkit.doctor.checks import CHECKS
from devkit.doctor.examine import LIMIT, examine
from devkit.doctor.machine import this_machine
from devkit.doctor.result import Check, Group, Result, State
from devkit.onboard.ground import Ground
from devkit.onboard.step import Look, later, met, wrong
from devkit.words import plural

_SECONDS = 3 * LIMIT  # on a machine that is busy with pulling images, tools take their time
_OF_CLUSTER = frozenset({Group.CLUSTER, Group.NODE})
BEFORE = tuple(each for each in CHECKS if each.group not in _OF_CLUSTER or each is node_image.CHECK)
AFTER = tuple(each for each in CHECKS if each not in BEFORE)


class Machine:
    """Met when doctor finds no problem in what needs no cluster. Nothing is installed: doctor's cures are shown."""

    name = "machine"
    changes = False

    def look(self, ground: Ground) -> Look:
        """What doctor says, asked once."""
        if not ground.checked:
            ground.checked = _examined(ground, BEFORE, "")
        return _judged(ground, BEFORE)

    def meet(self, ground: Ground) -> Look:
        """Nobody but a person may change the machine."""
        return self.look(ground)


class Node:
    """Met when doctor finds no problem in the cluster, and inside its node."""

    name = "node"
    changes = False

    def look(self, ground: Ground) -> Look:
        """What doctor says of the cluster, once there is one."""
        if ground.proven is None:
            return later("look into the cluster")
        known = {each.check.id for each in ground.checked}
        if not known.issuperset(each.id for each in AFTER):
            ground.checked += _examined(ground, AFTER, ground.proven.target.context)
        return _judged(ground, AFTER)

    def meet(self, ground: Ground) -> Look:
        """Nobody but a person may change it."""
        return self.look(ground)


def _examined(ground: Ground, checks: tuple[Check, ...], context: str) -> tuple[Result, ...]:
    called_off = threading.Event()
    host = this_machine(ground.order.request.project, ground.environ, called_off, _SECONDS, context)
    return examine(host, checks, called_off, _SECONDS)


def problems(results: Sequence[Result], despite: frozenset[str] = frozenset()) -> tuple[Result, ...]:
    """What a person has to mend before anything else happens."""
    return tuple(each for each in results if each.said.state is State.PROBLEM and each.check.id not in despite)


def _judged(ground: Ground, checks: tuple[Check, ...]) -> Look:
    ids = {each.id for each in checks}
    results = [each for each in ground.checked if each.check.id in ids]
    bad = problems(results, ground.order.despite)
    if bad:
        names = ",".join(each.check.id for each in bad)
        return wrong(
            f"{plural(len(bad), 'problem')}: {names.replace(',', ', ')}",
            f"mend what is said above; to go on all the same: ./inv onboard --despite {names}",
        )
    warned, passed = _ids(results, State.WARNING), _ids(results, State.PROBLEM)
    said = f"{plural(len(results), 'check')} of doctor"
    said += f", {plural(len(warned), 'warning')}: {', '.join(warned)}" if warned else ", no warnings"
    return met(f"{said}; in spite of {', '.join(passed)}" if passed else said)


def _ids(results: Sequence[Result], state: State) -> list[str]:
    return [each.check.id for each in results if each.said.state is state]
