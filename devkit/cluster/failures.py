"""What an API server's refusal, or its silence, means, and the command to run next."""

from __future__ import annotations

import shlex
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import urllib3

from devkit.cluster.target import Target
from devkit.errors import DevkitError

_STATUS_LENGTH = 500  # of a message that is shown
# How a local product gives its kubeconfig anew, and how its cluster is started, by the prefix of its clusters' names.
_RENEWALS = {
    "kind-": "kind export kubeconfig --name {}",
    "k3d-": "k3d kubeconfig merge {} --kubeconfig-merge-default",
}
_STARTS = {"kind-": "docker start {}-control-plane", "k3d-": "k3d cluster start {}"}


class RefusedError(DevkitError):
    """The API server answered, with an error. `code` is its HTTP status, `reason` that of its Status object."""

    def __init__(self, code: int, reason: str, problem: str, cure: str) -> None:
        super().__init__(problem, cure)
        self.code = code
        self.reason = reason


class UnreachableError(DevkitError):
    """Nobody answers at the API server's address, or not in time: it may come back."""


def refused(target: Target, asked: str, code: int, status: Mapping[str, Any]) -> RefusedError:
    """The refusal of the request `asked` ("GET /path"), from the server's Status object."""
    said = str(status.get("message") or status.get("text") or "no reason given").strip()[:_STATUS_LENGTH]
    if code == HTTPStatus.UNAUTHORIZED:
        problem = f"{target.context}: the API server does not accept the credentials of user {target.user}: {said}"
    else:
        problem = f"{target.context}: {asked}: {said}"
    return RefusedError(code, str(status.get("reason", "")), problem, _cure(target, code))


def _cure(target: Target, code: int) -> str:
    kubectl = f"kubectl --context {shlex.quote(target.context)}"
    match code:
        case HTTPStatus.UNAUTHORIZED:
            renewal = _named(_RENEWALS, target) or f"log in again; {kubectl} get nodes shows whether it works"
            return f"they have expired, or are another cluster's; fetch them anew: {renewal}"
        case HTTPStatus.FORBIDDEN:
            return f"see what you may do: {kubectl} auth can-i --list; ask for what is missing"
        case HTTPStatus.CONFLICT:
            return "somebody changed it meanwhile: run the same command again"
        case _:
            return f"run the same command again; what the server lacks: {kubectl} get --raw '/readyz?verbose'"


def unreachable(target: Target, error: urllib3.exceptions.HTTPError) -> UnreachableError:
    """The silence of an API server, or of the way there."""
    start = (
        _named(_STARTS, target)
        or f"kubectl --context {shlex.quote(target.context)} cluster-info shows whether it is up"
    )
    return UnreachableError(
        f"the API server of {target.context} at {target.server} {_why(error)}",
        f"start the cluster ({start}), then run the same command again",
    )


def _why(error: urllib3.exceptions.HTTPError) -> str:
    reason = getattr(error, "reason", None) or error
    cause = reason.__cause__ or reason.__context__ or reason
    if isinstance(cause, ConnectionRefusedError) or "refused" in str(reason):
        return "refuses connections"
    if isinstance(cause, ssl.SSLError) or isinstance(reason, urllib3.exceptions.SSLError):
        return f"shows a certificate that the kubeconfig does not vouch for ({reason})"
    if isinstance(reason, urllib3.exceptions.TimeoutError):
        return "does not answer in time"
    return f"cannot be reached ({type(reason).__name__})"


def _named(commands: Mapping[str, str], target: Target) -> str:
    for prefix, command in commands.items():
        if target.cluster.startswith(prefix):
            return command.format(shlex.quote(target.cluster.removeprefix(prefix)))
    return ""
