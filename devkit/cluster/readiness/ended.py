"""A pod of phase Failed: evicted, refused by its node, or ended with an error where nothing starts it again."""

from __future__ import annotations

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.containers import Container, containers
from devkit.cluster.readiness.exits import ending
from devkit.cluster.readiness.raw import number, part, said, text
from devkit.cluster.readiness.values import Answer, failed

_DISK = ("ephemeral-storage", "DiskPressure", "inodes", "disk")


def pod_failed(case: Case) -> Answer:
    """Why the pod failed, from its status or from the container that ended with an error."""
    reason, message = text(case.pod, "status", "reason"), said(text(case.pod, "status", "message"))
    if reason == "Evicted":
        return _evicted(case, message)
    container = next((each for each in containers(case.pod) if _ended_badly(each)), None)
    if container and not reason:
        how = ending(case, container, part(container.state, "terminated"), previous=False)
        return failed(how.reason, f"{container.shown} {how.phrase}", how.help)
    why = f": {message}" if message else ""
    named = f" ({said(reason)})" if reason else ""
    return failed(said(reason) or "PodFailed", f"pod {case.name} failed{named}{why}", case.describe())


def _evicted(case: Case, message: str) -> Answer:
    if any(word in message for word in _DISK):
        cure = "free disk space on the node; for a cluster in Docker: docker system prune"
    elif "memory" in message or "Memory" in message:
        cure = f"lower the memory that runs beside it, or give the cluster more: {case.seen.kubectl} describe nodes"
    else:
        cure = case.describe()
    why = f": {message}" if message else ""
    return failed("Evicted", f"pod {case.name} was evicted{why}", cure)


def _ended_badly(container: Container) -> bool:
    return number(container.state, "terminated", "exitCode") != 0
