"""Why a container ended: its exit code, the signal, the memory limit, the probe that had it killed."""

from __future__ import annotations

import dataclasses
import signal

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.containers import Container
from devkit.cluster.readiness.events import newest
from devkit.cluster.readiness.raw import Raw, number, said, text
from devkit.cluster.readiness.starts import runtime_said, start_help

LOOP = 3  # restarts after which the next one will not do either
_NOT_STARTED = frozenset({"StartError", "ContainerCannotRun", "RunContainerError"})
_SIGNALLED = 128  # a shell's and a runtime's exit code for a signal is 128 and its number
_MEANINGS = {
    0: "ended by itself (exit code 0), and a service must keep running",
    1: "ended with an error (exit code 1)",
    126: "could not run its command: it is not executable (exit code 126)",
    127: "could not run its command: it was not found (exit code 127)",
    132: "hit an instruction that this processor lacks (SIGILL, exit code 132)",
    134: "aborted (SIGABRT, exit code 134)",
    137: "was killed (SIGKILL, exit code 137)",
    139: "crashed on a bad memory access (SIGSEGV, exit code 139)",
    143: "was told to stop (SIGTERM, exit code 143)",
}
_KILLED = frozenset({137, 143})


@dataclasses.dataclass(frozen=True, slots=True)
class Ending:
    """How a container ended, to stand behind its name, and what to do about it."""

    reason: str
    phrase: str
    help: str


def ending(case: Case, container: Container, end: Raw, *, previous: bool) -> Ending:
    """The ending in a `terminated` state; `previous` when the container has been started again since."""
    code, reason, message = number(end, "exitCode"), text(end, "reason"), said(text(end, "message"))
    logs = case.logs(container, previous=previous)
    if reason == "OOMKilled":
        return _out_of_memory(case, container)
    if reason in _NOT_STARTED:
        why = runtime_said(message) or "the runtime does not say why"
        return Ending(reason, f"cannot be started: {why}", start_help(case, container, message))
    probe = _killed_by_probe(case, container) if code in _KILLED else ""
    if probe:
        return Ending("ProbeFailing", f"is killed again and again, since its {probe} probe fails", logs)
    phrase = f"{_meaning(code)}: {message}" if message else _meaning(code)
    return Ending(reason or "Error", phrase, logs)


def _meaning(code: int) -> str:
    known = _MEANINGS.get(code)
    if known:
        return known
    try:
        return f"was ended by {signal.Signals(code - _SIGNALLED).name} (exit code {code})"
    except ValueError:
        return f"ended with exit code {code}"


def _out_of_memory(case: Case, container: Container) -> Ending:
    limit = text(container.spec, "resources", "limits", "memory")
    phrase = (
        f"needed more memory than its limit of {limit} and was killed" if limit else "was killed for want of memory"
    )
    return Ending(
        "OOMKilled",
        f"{phrase} (OOMKilled)",
        f"raise resources.limits.memory of {container.shown} in {case.manifest}{f', now {limit}' if limit else ''}",
    )


def _killed_by_probe(case: Case, container: Container) -> str:
    """The kubelet's event says: Container redis failed liveness probe, will be restarted."""
    event = newest(case.events, {"Killing"}, container.name)
    if event is None:
        return ""
    return next((probe for probe in ("liveness", "startup") if f"failed {probe} probe" in event.message), "")
