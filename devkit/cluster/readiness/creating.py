"""A container that is being created: what the kubelet is at, by its newest event."""

from __future__ import annotations

import re

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.containers import Container
from devkit.cluster.readiness.events import Event, newest
from devkit.cluster.readiness.raw import lasting, seconds_since
from devkit.cluster.readiness.settings import missing
from devkit.cluster.readiness.values import Answer, waiting

_MOUNTS = frozenset({"FailedMount", "FailedMapVolume", "FailedAttachVolume"})
_SANDBOX = frozenset(
    {"FailedCreatePodSandBox", "FailedPodSandBoxStatus", "NetworkNotReady", "FailedCreatePodContainer"}
)
# Not Scheduled: the scheduler's event may be written after the kubelet's first ones.
_GOES_ON = frozenset({"Pulling", "Pulled", "Created", "Started", "SuccessfulAttachVolume"})
_RELEVANT = _MOUNTS | _SANDBOX | _GOES_ON
_QUOTED = re.compile(r'"([^"]+)"')
_SLOW = 60  # seconds without a word from the kubelet after which one had better look


def being_created(case: Case, container: Container) -> Answer:
    """What a container that waits in ContainerCreating or PodInitializing waits for."""
    event = newest(case.events, _RELEVANT, container.name)
    if event and event.reason in _MOUNTS:
        return _not_mounted(case, event)
    if event and event.reason in _SANDBOX:
        return waiting(
            event.reason,
            f"the node cannot set up pod {case.name}: {event.message}",
            f"{case.seen.kubectl} get pods -n kube-system",
        )
    if event and event.reason == "Pulling":
        return _pulling(case, container, event)
    since = event.last if event else case.born
    is_slow = (seconds_since(since, case.now) or 0) > _SLOW
    return waiting(
        "ContainerCreating",
        f"{container.shown} is being created{lasting(since, case.now)}",
        case.describe() if is_slow else "",
    )


def _pulling(case: Case, container: Container, event: Event) -> Answer:
    image = _QUOTED.search(event.message)
    name = image.group(1) if image else container.image
    return waiting("Pulling", f"{container.shown} has been pulling {name}{lasting(event.last, case.now)}")


def _not_mounted(case: Case, event: Event) -> Answer:
    found = missing(case, f"pod {case.name}", event.reason, event.message)
    return found or waiting(
        event.reason, f"a volume of pod {case.name} is not there yet: {event.message}", case.describe()
    )
