"""PersistentVolumeClaims: bound, or what the volume is still waiting for."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from devkit.cluster.readiness.events import Event, events_about, newest
from devkit.cluster.readiness.raw import Raw, created, lasting, name_of, parts, seconds_since, text
from devkit.cluster.readiness.values import Answer, Seen, State, failed, ready, waiting

_RELEVANT = frozenset(
    {
        "FailedBinding",
        "VolumeMismatch",
        "ProvisioningFailed",
        "ExternalProvisioning",
        "Provisioning",
        "ProvisioningSucceeded",
        "WaitForFirstConsumer",
        "WaitForPodScheduled",
    }
)
_PROVISIONER = re.compile(r"external provisioner ['\"]([^'\"]+)['\"]")
_NO_CLASS = re.compile(r'storageclass[\w.]* "([^"]+)" not found', re.IGNORECASE)
_SLOW = 60


def claim(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """A claim that a manifest names: ready when bound, or when its volume is only made for a first pod."""
    answer = volume(raw, seen, now)
    if answer.reason == "WaitForFirstConsumer" and not any(name_of(raw) in claims_of(each) for each in seen.pods):
        return ready(answer.reason, "its volume is made when the first pod mounts it (WaitForFirstConsumer)")
    return answer


def volume(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """How far the volume of a claim is, for a pod that mounts it."""
    name, phase = name_of(raw), text(raw, "status", "phase")
    if phase == "Bound":
        return ready("Bound", f"claim {name} is bound")
    if phase == "Lost":
        gone = text(raw, "spec", "volumeName")
        return failed(
            "ClaimLost",
            f"the volume {f'{gone} ' if gone else ''}of claim {name} is gone, with its data",
            f"{seen.kubectl} delete pvc {name}, then apply the manifests again",
        )
    event = newest(events_about("PersistentVolumeClaim", raw, seen.events), _RELEVANT)
    return _pending(raw, event, seen, now)


def claims_of(pod: Raw) -> tuple[str, ...]:
    """The names of the claims that a pod mounts, ephemeral ones included."""
    names = (
        text(each, "persistentVolumeClaim", "claimName")
        or (f"{name_of(pod)}-{text(each, 'name')}" if "ephemeral" in each else "")
        for each in parts(pod, "spec", "volumes")
    )
    return tuple(name for name in names if name)


def unbound(names: Collection[str], seen: Seen, now: datetime) -> Answer | None:
    """What the first of these claims that is not bound waits for; failures come first."""
    answers = [volume(each, seen, now) for each in seen.claims if name_of(each) in names]
    open_ones = [each for each in answers if each.state is not State.READY]
    return min(open_ones, key=lambda each: each.state is not State.FAILED, default=None)


def _pending(raw: Raw, event: Event | None, seen: Seen, now: datetime) -> Answer:
    name = name_of(raw)
    if event is None:
        is_slow = (seconds_since(created(raw), now) or 0) > _SLOW
        return waiting(
            "Pending",
            f"claim {name} has been pending{lasting(created(raw), now)}",
            f"{seen.kubectl} describe pvc {name}" if is_slow else "",
        )
    if event.reason in ("WaitForFirstConsumer", "WaitForPodScheduled"):
        return waiting("WaitForFirstConsumer", f"the volume of claim {name} is made once its pod has a node")
    if event.reason in ("ExternalProvisioning", "Provisioning", "ProvisioningSucceeded"):
        return _provisioning(raw, event, seen, now)
    return _refused(raw, event, seen)


def _provisioning(raw: Raw, event: Event, seen: Seen, now: datetime) -> Answer:
    found = _PROVISIONER.search(event.message)
    provisioner = found.group(1) if found else "its provisioner"
    is_slow = (seconds_since(event.first, now) or 0) > _SLOW
    return waiting(
        "ExternalProvisioning",
        f"claim {name_of(raw)} has been waiting for {provisioner} to make its volume{lasting(event.first, now)}",
        f"see whether {provisioner} runs: {seen.kubectl} get pods -A" if is_slow else "",
    )


def _refused(raw: Raw, event: Event, seen: Seen) -> Answer:
    name = name_of(raw)
    classes = f"{seen.kubectl} get storageclass"
    missing = _NO_CLASS.search(event.message)
    if missing:
        return failed(
            event.reason,
            f"claim {name} asks for storage class {missing.group(1)}, which does not exist",
            f"leave storageClassName out of PersistentVolumeClaim {name}, or name one of: {classes}",
        )
    if "no storage class is set" in event.message:
        return failed(
            event.reason,
            f"claim {name} names no storage class, and the cluster has no default one",
            f"write storageClassName into PersistentVolumeClaim {name}; there are: {classes}",
        )
    return waiting(event.reason, f"claim {name} gets no volume: {event.message}", f"{seen.kubectl} describe pvc {name}")
