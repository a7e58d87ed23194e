"""A container that runs and is not ready: the newest answer of its probes, or how often it was started again."""

from __future__ import annotations

import re
from datetime import datetime

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.containers import Container
from devkit.cluster.readiness.events import Event, newest
from devkit.cluster.readiness.exits import LOOP, ending
from devkit.cluster.readiness.raw import lasting, moment, part, said, seconds_since
from devkit.cluster.readiness.values import Answer, failed, waiting
from devkit.words import plural

# Readiness probe failed: HTTP probe …; Liveness probe errored and resulted in unknown state: …
_PROBE = re.compile(r"^(\w+) probe (?:failed|errored)(?: and resulted in \w+ state)?:?\s*(.*)$")
_SHORT_LIFE = 600  # seconds; a kubelet forgets its back-off after a run of ten minutes
_SLOW = 60


def not_ready(case: Case, container: Container) -> Answer:
    """Why a running container is not ready yet."""
    looping = _in_a_loop(case, container)
    if looping:
        return looping
    started = _started(container)
    event = newest(case.events, {"Unhealthy"}, container.name)
    if event and (started is None or event.last >= started):
        return _probe_fails(case, container, event)
    if container.is_init:
        reason, text = "PodInitializing", f"{container.shown} has been running{lasting(started, case.now)}"
    else:
        reason, text = "ContainersNotReady", f"{container.shown} has been starting{lasting(started, case.now)}"
    is_slow = (seconds_since(started, case.now) or 0) > _SLOW
    return waiting(reason, text, case.logs(container) if is_slow else "")


def _probe_fails(case: Case, container: Container, event: Event) -> Answer:
    found = _PROBE.match(event.message)
    probe, output = found.groups() if found else ("", event.message)
    which = f"{probe.lower()} probe" if probe else "probe"
    times = f" ({event.count} times)" if event.count > 1 else ""
    return waiting(
        "ProbeFailing",
        f"{container.shown} runs, but its {which} fails{times}{f': {said(output)}' if output else ' without a word'}",
        case.logs(container),
    )


def _in_a_loop(case: Case, container: Container) -> Answer | None:
    """It runs at this moment, after several runs that were short; not when it has outlived the last of them.

    A reboot of the node ends long runs, and is no loop.
    """
    end = part(container.status, "lastState", "terminated")
    started, finished = moment(end, "startedAt"), moment(end, "finishedAt")
    if container.restarts < LOOP or started is None or finished is None:
        return None
    before, by_now = seconds_since(started, finished), seconds_since(_started(container), case.now)
    if before is None or before > _SHORT_LIFE or (by_now or 0) > before + _SLOW:
        return None
    how = ending(case, container, end, previous=True)
    times = plural(container.restarts, "time")
    return failed("CrashLoopBackOff", f"{container.shown} {how.phrase}; it was started again {times}", how.help)


def _started(container: Container) -> datetime | None:
    return moment(container.state, "running", "startedAt")
