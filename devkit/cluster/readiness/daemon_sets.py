"""DaemonSet: one pod on each node that it is meant for."""

from __future__ import annotations

from datetime import datetime

from devkit.cluster.readiness.blockers import blocker, held_up
from devkit.cluster.readiness.owners import owned
from devkit.cluster.readiness.raw import Raw, name_of, number, text
from devkit.cluster.readiness.values import Answer, Seen, failed, ready
from devkit.words import plural


def daemon_set(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """After kstatus: on every node that is meant, a pod of the present version, available."""
    desired = number(raw, "status", "desiredNumberScheduled")
    if desired == 0:
        return ready("NoNodes", "no node is meant to run it")
    behind = _behind(raw, desired)
    if not behind:
        return _updated(raw, desired, seen)
    pods = [each for each in owned(raw, seen.pods) if _is_present(raw, each)]
    creators = (("DaemonSet", raw),) if number(raw, "status", "currentNumberScheduled") < desired else ()
    return held_up(behind, "Progressing", blocker(f"DaemonSet {name_of(raw)}", pods, creators, seen, now))


def _is_present(raw: Raw, pod: Raw) -> bool:
    """Whether a pod is of the present version: its controller replaces the others, broken or not."""
    version = text(raw, "metadata", "annotations", "deprecated.daemonset.template.generation")
    return text(pod, "metadata", "labels", "pod-template-generation") in ("", version) or not version


def _updated(raw: Raw, desired: int, seen: Seen) -> Answer:
    said = f"{number(raw, 'status', 'numberReady')} of {plural(desired, 'pod')} ready"
    updated = number(raw, "status", "updatedNumberScheduled")
    if updated >= desired:
        return ready("Available", said)
    names = " ".join(name_of(each) for each in owned(raw, seen.pods) if not _is_present(raw, each)) or "POD"
    return failed(
        "OnDelete",
        f"{said}, but {desired - updated} of the old version, which updateStrategy OnDelete keeps until deleted",
        f"{seen.kubectl} delete pod {names}",
    )


def _behind(raw: Raw, desired: int) -> str:
    current, updated, is_ready, available = (
        number(raw, "status", name)
        for name in ("currentNumberScheduled", "updatedNumberScheduled", "numberReady", "numberAvailable")
    )
    pods = plural(desired, "pod")
    if current < desired:
        return f"{current} of {pods} made"
    if updated < desired and text(raw, "spec", "updateStrategy", "type") != "OnDelete":
        return f"{updated} of {pods} updated"
    if is_ready < desired:
        return f"{is_ready} of {pods} ready"
    minimum = number(raw, "spec", "minReadySeconds")
    return f"{available} of {pods} available (ready for {minimum} s)" if available < desired else ""
