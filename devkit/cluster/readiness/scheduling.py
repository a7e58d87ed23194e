"""A pod that has no node: what the scheduler says, and what would give it one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.claims import claims_of, unbound
from devkit.cluster.readiness.conditions import condition
from devkit.cluster.readiness.containers import containers
from devkit.cluster.readiness.events import newest
from devkit.cluster.readiness.raw import lasting, parts, said, seconds_since, text
from devkit.cluster.readiness.values import Answer, State, waiting

_GRACE = 15  # seconds that a scheduler may need to see a node or a volume come (kstatus: ScheduleWindow)
# What the scheduler adds about pods that it might have evicted, and about resource claims.
_ADDED = re.compile(r"[.,]? (?:no new claims to deallocate|preemption: ).*$", re.DOTALL)
_INSUFFICIENT = re.compile(r"Insufficient ([\w./-]+)")
_TAINT = re.compile(r"untolerated taint \{([^}:]+)")
_NO_CLAIM = re.compile(r'persistentvolumeclaim "([^"]+)" not found')


@dataclasses.dataclass(frozen=True, slots=True)
class _Cause:
    """A cause by the scheduler's words; `lasts` when nothing but an edit gives the pod a node."""

    said: re.Pattern[str]
    help: Callable[[Case, str], str]
    lasts: bool


def _resources(case: Case, message: str) -> str:
    found = _INSUFFICIENT.search(message)
    resource = found.group(1).rstrip(".") if found else "memory"
    asked = [
        f"{container.name} {quantity}"
        for container in containers(case.pod)
        if (quantity := text(container.spec, "resources", "requests", resource))
    ]
    now = f", now {', '.join(asked)}" if asked else ""
    return (
        f"lower resources.requests.{resource} in {case.manifest}{now}, or give the cluster more; "
        f"what the nodes have left: {case.seen.kubectl} describe nodes"
    )


def _labels(case: Case, message: str) -> str:
    del message
    return (
        f"correct nodeSelector or affinity in {case.manifest}; "
        f"the nodes have: {case.seen.kubectl} get nodes --show-labels"
    )


def _pod_affinity(case: Case, message: str) -> str:
    del message
    return f"correct affinity or topologySpreadConstraints in {case.manifest}: no node can meet them"


def _ports(case: Case, message: str) -> str:
    del message
    return f"remove hostPort from {case.manifest}, or stop what holds it: {case.seen.kubectl} get pods -A -o wide"


def _taints(case: Case, message: str) -> str:
    found = _TAINT.search(message)
    tolerate = f"; to allow it, add a toleration of {found.group(1)} to {case.manifest}" if found else ""
    columns = "'custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key'"
    return f"{case.seen.kubectl} get nodes -o {columns}{tolerate}"


def _volume_elsewhere(case: Case, message: str) -> str:
    del message
    names = " ".join(claims_of(case.pod)) or "CLAIM"
    return f"its data lies on another node; to give it up and start empty: {case.seen.kubectl} delete pvc {names}"


def _nodes(case: Case, message: str) -> str:
    del message
    return f"{case.seen.kubectl} get nodes"


def _claim(case: Case, message: str) -> str:
    found = _NO_CLAIM.search(message)
    name = found.group(1) if found else "it"
    return f"add PersistentVolumeClaim {name} to the manifests, or correct claimName in {case.manifest}"


# The first that matches gives the help: an edit of this pod before a repair of the nodes.
_CAUSES = (
    _Cause(_NO_CLAIM, _claim, lasts=True),
    _Cause(_INSUFFICIENT, _resources, lasts=True),
    _Cause(re.compile(r"didn't match Pod's node affinity|node selector|requested node name"), _labels, lasts=True),
    _Cause(re.compile(r"affinity rules|topology spread"), _pod_affinity, lasts=True),
    _Cause(re.compile(r"didn't have free ports"), _ports, lasts=True),
    _Cause(re.compile(r"PersistentVolume's node affinity|volume node affinity"), _volume_elsewhere, lasts=True),
    # Taints of this prefix come and go with the node's health.
    _Cause(re.compile(r"untolerated taint \{(?!node\.kubernetes\.io/|node\.cloudprovider)"), _taints, lasts=True),
    _Cause(re.compile(r"taint"), _taints, lasts=False),
    _Cause(re.compile(""), _nodes, lasts=False),
)


def not_scheduled(case: Case) -> Answer:
    """Why a pod has no node yet."""
    scheduled = condition(case.pod, "PodScheduled")
    event = newest(case.events, {"FailedScheduling"})
    message = scheduled.message or (event.message if event else "")
    if scheduled.reason == "SchedulingGated":
        return _gated(case)
    held = unbound(claims_of(case.pod), case.seen, case.now)
    if held and ("unbound" in message or not (message or held.reason == "WaitForFirstConsumer")):
        return Answer(held.state, held.reason, f"pod {case.name} waits for a volume: {held.message}", held.help)
    if not message:
        return _unseen(case)
    cause = next(each for each in _CAUSES if each.said.search(message))
    waited = seconds_since(scheduled.since or case.born, case.now)
    state = State.FAILED if cause.lasts and (waited is None or waited >= _GRACE) else State.WAITING
    why = said(_ADDED.sub("", message))
    return Answer(
        state, scheduled.reason or "Unschedulable", f"pod {case.name} gets no node: {why}", cause.help(case, message)
    )


def _gated(case: Case) -> Answer:
    gates = ", ".join(text(each, "name") for each in parts(case.pod, "spec", "schedulingGates")) or "a scheduling gate"
    return waiting(
        "SchedulingGated",
        f"pod {case.name} is held back by {gates}",
        f"remove schedulingGates from {case.manifest}, or start the controller that lifts {gates}",
    )


def _unseen(case: Case) -> Answer:
    waited = seconds_since(case.born, case.now) or 0
    scheduler = text(case.pod, "spec", "schedulerName")
    if scheduler not in ("", "default-scheduler"):
        cure = f"start {scheduler}, or remove schedulerName from {case.manifest}"
    else:
        cure = f"{case.seen.kubectl} get pods -n kube-system"
    return waiting(
        "Unscheduled",
        f"pod {case.name} has waited{lasting(case.born, case.now)} for a scheduler",
        cure if waited >= _GRACE else "",
    )
