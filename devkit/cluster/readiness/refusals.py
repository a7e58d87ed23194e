"""Pods that the API server refuses to a controller: quotas, PodSecurity, service accounts, webhooks."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from devkit.cluster.readiness.conditions import condition
from devkit.cluster.readiness.events import events_about, newest
from devkit.cluster.readiness.raw import Raw, name_of, text
from devkit.cluster.readiness.values import Answer, Seen, State

_OUTCOMES = frozenset({"FailedCreate", "SuccessfulCreate"})
# What the controllers put before the API server's words.
_LAYERS = re.compile(
    r"^(?:Error creating: |[Cc]reate (?:Pod|Claim) .*?failed error: )?(?:pods \"[^\"]*\" is forbidden: )?"
)
_QUOTA = re.compile(r"(?:exceeded|failed) quota: ([^\s,:]+)")
_ACCOUNT = re.compile(r'serviceaccount "([^"]+)" not found')
_HOOKS = "get validatingwebhookconfigurations,mutatingwebhookconfigurations"


@dataclasses.dataclass(frozen=True, slots=True)
class _Refused:
    """The words of a refusal, and where it is mended."""

    message: str
    manifest: str
    namespace: str
    kubectl: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Cause:
    said: re.Pattern[str]
    help: Callable[[_Refused], str]
    mends: bool = False


def _quota(refused: _Refused) -> str:
    found = _QUOTA.search(refused.message)
    name = found.group(1) if found else ""
    if "must specify" in refused.message:
        return f"write the resources that the message names into {refused.manifest}"
    return f"lower the resources in {refused.manifest}, or raise the quota: {refused.kubectl} edit resourcequota {name}"


def _security(refused: _Refused) -> str:
    return (
        f"set what the message names in {refused.manifest}, or allow it: {refused.kubectl} label namespace "
        f"{refused.namespace} pod-security.kubernetes.io/enforce=privileged --overwrite"
    )


def _account(refused: _Refused) -> str:
    found = _ACCOUNT.search(refused.message)
    name = found.group(1) if found else ""
    return f"{refused.kubectl} create serviceaccount {name}, or correct serviceAccountName in {refused.manifest}"


def _webhook(refused: _Refused) -> str:
    return f"meet its demand in {refused.manifest}, or remove the webhook: {refused.kubectl} {_HOOKS}"


def _dead_webhook(refused: _Refused) -> str:
    return f"start the service behind the webhook, or remove the webhook: {refused.kubectl} {_HOOKS}"


def _limits(refused: _Refused) -> str:
    return (
        f"correct {refused.manifest} as the message says; the namespace demands: {refused.kubectl} describe limitrange"
    )


def _manifest(refused: _Refused) -> str:
    return f"correct {refused.manifest} as the message says"


_CAUSES = (
    _Cause(_QUOTA, _quota),
    _Cause(re.compile(r"violates PodSecurity"), _security),
    _Cause(re.compile(r'serviceaccount "default" not found'), _account, mends=True),  # it comes with the namespace
    _Cause(_ACCOUNT, _account),
    _Cause(re.compile(r"admission webhook .* denied"), _webhook),
    _Cause(re.compile(r"failed calling webhook|failed to call webhook"), _dead_webhook, mends=True),
    _Cause(re.compile(r"usage per (?:Pod|Container)|limit to request ratio"), _limits),
    _Cause(re.compile(r"is forbidden|is invalid|: Forbidden"), _manifest),
)


def refusal(creators: tuple[tuple[str, Raw], ...], workload: str, seen: Seen) -> Answer | None:
    """Why the pods of a workload are not made, as told by its creators (kind and object: Job, ReplicaSet, …)."""
    told = next((found for kind, raw in creators if (found := _told(kind, raw, seen))), "")
    if not told:
        return None
    namespace = next((text(raw, "metadata", "namespace") for _, raw in creators), "")
    refused = _Refused(told, f"the manifest of {workload}", namespace or "NAMESPACE", seen.kubectl)
    cause = next((each for each in _CAUSES if each.said.search(told)), None)
    why = _LAYERS.sub("", told)
    if cause is None:
        kind, raw = creators[0]
        cure = f"{seen.kubectl} describe {kind.lower()} {name_of(raw)}"
        return Answer(State.WAITING, "FailedCreate", f"its pods are not made: {why}", cure)
    state = State.WAITING if cause.mends else State.FAILED
    return Answer(state, "FailedCreate", f"its pods are refused: {why}", cause.help(refused))


def _told(kind: str, raw: Raw, seen: Seen) -> str:
    """The newest word on creating: an event, else the condition ReplicaFailure, which outlives events."""
    event = newest(events_about(kind, raw, seen.events), _OUTCOMES)
    if event:
        return event.message if event.reason == "FailedCreate" else ""
    failure = condition(raw, "ReplicaFailure")
    return failure.message if failure.holds and failure.reason == "FailedCreate" else ""
