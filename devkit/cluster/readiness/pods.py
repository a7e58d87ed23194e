"""One pod: ready, or what holds it up. The questions come in the order in which a pod lives."""

from __future__ import annotations

from datetime import datetime

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.conditions import condition
from devkit.cluster.readiness.containers import Container, containers
from devkit.cluster.readiness.crashes import crashed
from devkit.cluster.readiness.creating import being_created
from devkit.cluster.readiness.deleting import pod_going
from devkit.cluster.readiness.ended import pod_failed
from devkit.cluster.readiness.probes import not_ready
from devkit.cluster.readiness.pulls import PULL_REASONS, not_pulled
from devkit.cluster.readiness.raw import Raw, lasting, name_of, said, seconds_since, text
from devkit.cluster.readiness.scheduling import not_scheduled
from devkit.cluster.readiness.settings import not_configured
from devkit.cluster.readiness.starts import not_started
from devkit.cluster.readiness.values import Answer, Seen, State, ready, waiting

_BEING_CREATED = frozenset({"", "ContainerCreating", "PodInitializing"})
_NOT_STARTED = frozenset({"CreateContainerError", "RunContainerError", "StartError", "ContainerCannotRun"})
_SLOW = 15  # seconds in which a kubelet says something about a pod of its own


def pod(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """A pod that a manifest names itself."""
    return look(raw, f"Pod {name_of(raw)}", seen, now)


def look(raw: Raw, workload: str, seen: Seen, now: datetime) -> Answer:
    """The verdict about a pod that is described in the manifest of `workload`."""
    case = Case.of(raw, workload, seen, now)
    phase = text(raw, "status", "phase")
    if text(raw, "metadata", "deletionTimestamp"):
        return pod_going(case)
    if phase == "Succeeded":
        return ready("Completed", f"pod {case.name} ran to its end")
    if phase == "Failed":
        return pod_failed(case)
    if condition(raw, "Ready").holds:
        return ready("Ready", f"pod {case.name} is ready")
    if not text(raw, "spec", "nodeName") and not condition(raw, "PodScheduled").holds:
        return not_scheduled(case)
    return _on_its_node(case)


def _on_its_node(case: Case) -> Answer:
    answers = []
    for container in containers(case.pod):
        if container.is_done:
            continue
        if not container.status:
            return _unreported(case)
        answers.append(_unfinished(case, container))
        if container.is_init:
            break  # the next ones wait for it
    failures = [each for each in answers if each.state is State.FAILED]
    return next(iter([*failures, *answers]), None) or _held_back(case)


def _unfinished(case: Case, container: Container) -> Answer:
    """What a container that is not done is at: the kubelet puts it into one of three states."""
    if "running" in container.state:
        return not_ready(case, container)
    if "terminated" in container.state or text(container.state, "waiting", "reason") == "CrashLoopBackOff":
        return crashed(case, container)
    return _waits(case, container)


def _waits(case: Case, container: Container) -> Answer:
    reason, message = text(container.state, "waiting", "reason"), text(container.state, "waiting", "message")
    if reason in _BEING_CREATED:
        return being_created(case, container)
    if reason in PULL_REASONS:
        return not_pulled(case, container, reason, message)
    if reason == "CreateContainerConfigError":
        return not_configured(case, container.shown, reason, message)
    if reason in _NOT_STARTED:
        return not_started(case, container, reason, message)
    why = f": {said(message)}" if said(message) else ""
    return waiting(said(reason) or "Waiting", f"{container.shown} waits ({said(reason)}){why}", case.describe())


def _unreported(case: Case) -> Answer:
    """The scheduler chose a node, and its kubelet has not reported the containers yet."""
    node = text(case.pod, "spec", "nodeName") or "its node"
    answer = next((being_created(case, each) for each in containers(case.pod) if case.events), None)
    if answer and answer.reason != "ContainerCreating":
        return answer
    is_slow = (seconds_since(case.born, case.now) or 0) > _SLOW
    return waiting(
        "ContainerCreating",
        f"{node} has had pod {case.name}{lasting(case.born, case.now)} without starting it",
        f"{case.seen.kubectl} get nodes" if is_slow else "",
    )


def _held_back(case: Case) -> Answer:
    """Every container is ready, the pod is not: a readiness gate, or a node that no longer answers."""
    told = condition(case.pod, "Ready")
    if told.reason == "ReadinessGatesNotReady":
        return waiting(told.reason, f"pod {case.name} waits for a readiness gate: {told.message}", case.describe())
    if told.status == "False":
        return waiting(
            told.reason or "NodeNotReady",
            f"the containers of pod {case.name} are ready, but its node does not answer",
            f"{case.seen.kubectl} get nodes",
        )
    return waiting("PodPending", f"pod {case.name} has not been reported ready{lasting(case.born, case.now)}")
