"""A namespace that has not gone in time, and a cause of that with its cure."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterable
from datetime import datetime

from devkit.cluster.readiness.raw import Raw, name_of
from devkit.reset.leftovers import Leftover, shown

MOST = 6  # objects that are named, each with its command
AGAIN = ("then again:", "  ./inv reset")


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """All that was seen at `now`. `cluster` is kubectl with its context, `kubectl` the same in the namespace."""

    namespace: Raw
    leftovers: tuple[Leftover, ...]
    api_services: tuple[Raw, ...]
    unseen: tuple[str, ...]
    kubectl: str
    cluster: str
    now: datetime

    @property
    def name(self) -> str:
        """The namespace's name."""
        return shown(name_of(self.namespace))

    @property
    def target(self) -> str:
        """The namespace as an argument of kubectl."""
        return f"namespace {shlex.quote(self.name)}"

    @property
    def system_pods(self) -> str:
        """The command that shows whether the controllers of Kubernetes run."""
        return f"{self.cluster} -n kube-system get pods"


@dataclasses.dataclass(frozen=True, slots=True)
class Cause:
    """Why the namespace is still there, as the rest of a sentence; the cure's lines, its commands indented."""

    problem: str
    cure: tuple[str, ...]


def step(what: str, commands: Iterable[str]) -> tuple[str, ...]:
    """Lines of a cure: what to do, and the commands for it, each once."""
    return (f"{what}:", *(f"  {command}" for command in dict.fromkeys(commands)))
