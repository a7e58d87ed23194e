"""What is asked, what was seen, and the answer."""

from __future__ import annotations

import dataclasses
import enum

from devkit.cluster.readiness.raw import Raw


class State(enum.StrEnum):
    """How far an object is. Failed: waiting alone will not mend it. Missing: it was never applied."""

    READY = "ready"
    WAITING = "waiting"
    FAILED = "failed"
    MISSING = "missing"


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """An object that a manifest names; `namespace` is empty for one that lives in none."""

    api_version: str
    kind: str
    namespace: str
    name: str

    @property
    def group(self) -> str:
        """The API group, empty for the core one: what stays when the version moves on."""
        return self.api_version.rpartition("/")[0]


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What was observed in one namespace, as the API server gave it.

    Each of `objects` carries apiVersion and kind, which the items of a list lack. `kubectl` is the command that helps
    begin with: context and namespace included.
    """

    objects: tuple[Raw, ...] = ()
    replica_sets: tuple[Raw, ...] = ()
    pods: tuple[Raw, ...] = ()
    claims: tuple[Raw, ...] = ()
    events: tuple[Raw, ...] = ()
    kubectl: str = "kubectl"


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """A verdict before it has an object's name: also what a pod or a claim holds a workload up with.

    `reason` is a term of Kubernetes in CamelCase. `help` is empty when only time is needed.
    """

    state: State
    reason: str
    message: str
    help: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Readiness:
    """The verdict about one object: its state, why, and the command to run or the edit to make."""

    kind: str
    name: str
    state: State
    reason: str
    message: str
    help: str = ""


def ready(reason: str, message: str) -> Answer:
    """Nothing is left to wait for."""
    return Answer(State.READY, reason, message)


def waiting(reason: str, message: str, cure: str = "") -> Answer:
    """It is on its way, or may be mended from outside; `cure` only when time alone is unlikely to do."""
    return Answer(State.WAITING, reason, message, cure)


def failed(reason: str, message: str, cure: str) -> Answer:
    """Waiting alone will not mend it."""
    return Answer(State.FAILED, reason, message, cure)
