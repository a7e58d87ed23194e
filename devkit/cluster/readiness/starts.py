"""What a container runtime says when it cannot create or start a container."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.containers import Container
from devkit.cluster.readiness.raw import said
from devkit.cluster.readiness.values import Answer, failed, waiting

# The layers that containerd and runc put before the cause, and the code of gRPC behind it.
_LAYERS = re.compile(
    r"^.*(?:unable to start container process|OCI runtime create failed|runc create failed|failed to generate spec)"
    r"(?:: error during container init)?: ",
    re.DOTALL,
)
_CODE = re.compile(r": unknown$")
_SOON = re.compile(r"context deadline exceeded|failed to reserve container name|is reserved for", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class _Cure:
    said: re.Pattern[str]
    help: Callable[[Case, Container], str]


_CURES = (
    _Cure(
        re.compile(r"exec format error"),
        lambda case, container: (
            f"name an image built for the node's processor instead of {container.image} in {case.manifest}; "
            f"the nodes have: {case.seen.kubectl} get nodes -L kubernetes.io/arch"
        ),
    ),
    _Cure(
        re.compile(r"not a directory|error mounting|subPath|failed to create subPath"),
        lambda case, container: (
            f"correct mountPath and subPath under volumeMounts of {container.shown} in {case.manifest}: "
            "a file cannot be mounted over a directory"
        ),
    ),
    _Cure(
        re.compile(r"executable file not found|no such file or directory"),
        lambda case, container: (
            f"correct command (or args) of {container.shown} in {case.manifest}: the image has no such program"
        ),
    ),
    _Cure(
        re.compile(r"permission denied"),
        lambda case, container: (
            f"make the program executable in the image, or correct command and securityContext of {container.shown} "
            f"in {case.manifest}"
        ),
    ),
)


def not_started(case: Case, container: Container, reason: str, message: str) -> Answer:
    """Why a container was not created or started, from the runtime's message."""
    said_by_runtime = runtime_said(message)
    if _SOON.search(message):
        return waiting(reason, f"the container runtime is slow to make {container.shown}: {said_by_runtime}")
    why = f": {said_by_runtime}" if said_by_runtime else ""
    return failed(reason, f"{container.shown} cannot be started{why}", start_help(case, container, message))


def start_help(case: Case, container: Container, message: str) -> str:
    """The edit that lets it start, or the command that shows more."""
    cure = next((each for each in _CURES if each.said.search(message)), None)
    return cure.help(case, container) if cure else case.describe()


def runtime_said(message: str) -> str:
    """The cause alone, without the layers that pass it on."""
    return said(_CODE.sub("", _LAYERS.sub("", said(message))))
