"""A container that ended, between two of its runs or for good."""

from __future__ import annotations

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.containers import Container
from devkit.cluster.readiness.exits import LOOP, Ending, ending
from devkit.cluster.readiness.raw import part, text
from devkit.cluster.readiness.values import Answer, failed, waiting
from devkit.words import plural

_BACK_OFF = "CrashLoopBackOff"


def crashed(case: Case, container: Container) -> Answer:
    """Why a container ended that should have gone on, and whether the kubelet still tries in earnest."""
    now_ended = part(container.state, "terminated")
    end = now_ended or part(container.status, "lastState", "terminated")
    if not end:
        return waiting(_BACK_OFF, f"{container.shown} ended and is to be started again", case.logs(container))
    how = ending(case, container, end, previous=not now_ended)
    if now_ended and text(case.pod, "spec", "restartPolicy") == "Never" and not container.is_restarted:
        return failed(how.reason, f"{container.shown} {how.phrase}, and restartPolicy forbids to try again", how.help)
    return _tried_again(container, how)


def _tried_again(container: Container, how: Ending) -> Answer:
    reason = how.reason if how.reason in ("OOMKilled", "ProbeFailing") else _BACK_OFF
    restarts = container.restarts
    times = f"; it was started again {plural(restarts, 'time')}" if restarts else "; it will be started again"
    make = failed if restarts >= LOOP else waiting
    return make(reason, f"{container.shown} {how.phrase}{times}", how.help)
