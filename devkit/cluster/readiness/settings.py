"""A container's configuration that cannot be put together: a missing Secret, a missing key, a refused user."""

from __future__ import annotations

import re

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.raw import parts, said, text
from devkit.cluster.readiness.values import Answer, failed, waiting

_NO_OBJECT = re.compile(r'(configmap|secret) "([^"]+)" not found', re.IGNORECASE)
_NO_KEY = re.compile(r"couldn't find key (\S+) in (ConfigMap|Secret) [^/\s]*/(\S+)")
_NO_VOLUME_KEY = re.compile(r'for volume "([^"]+)" ?: .*references non-existent (secret|config) key: (\S+)')
_NON_ROOT = re.compile(r"container has runAsNonRoot and [^(]*(?:\([^)]*\), [^(]*)?")
_SHOWN = {"configmap": "ConfigMap", "config": "ConfigMap", "secret": "Secret"}


def not_configured(case: Case, who: str, reason: str, message: str) -> Answer:
    """Why `who` (container redis) cannot be configured, from the kubelet's message."""
    found = missing(case, who, reason, message) or _as_root(case, who, reason, message)
    if found:
        return found
    why = said(message)
    return waiting(reason, f"{who} cannot be configured{f': {why}' if why else ''}", case.describe())


def missing(case: Case, who: str, reason: str, message: str) -> Answer | None:
    """What the message says is missing, an object or a key of one; None when it speaks of something else."""
    if named := _NO_OBJECT.search(message):
        kind = _SHOWN[named.group(1).lower()]
        return _no_object(case, who, reason, kind, named.group(2))
    if named := _NO_KEY.search(message):
        key, kind, name = named.groups()
        return _no_key(case, who, reason, (key, kind, name))
    if named := _NO_VOLUME_KEY.search(message):
        volume, kind, key = named.groups()
        return _no_key(case, who, reason, (key, _SHOWN[kind], _source(case, volume, _SHOWN[kind])))
    return None


def _no_object(case: Case, who: str, reason: str, kind: str, name: str) -> Answer:
    return failed(
        reason,
        f"{who} needs {kind} {name}, which does not exist",
        f"add {kind} {name} to the manifests, or correct its name in {case.manifest}; "
        f"there are: {case.seen.kubectl} get {kind.lower()}s",
    )


def _no_key(case: Case, who: str, reason: str, missed: tuple[str, str, str]) -> Answer:
    key, kind, name = missed
    return failed(
        reason,
        f"{who} needs key {key} of {kind} {name}, which has no such key",
        f"add {key} to {kind} {name} in its manifest, or correct the key in {case.manifest}; "
        f"it has: {case.seen.kubectl} describe {kind.lower()} {name}",
    )


def _source(case: Case, volume: str, kind: str) -> str:
    """The object behind a volume of the pod; the volume's name when the pod does not say."""
    found = next((each for each in parts(case.pod, "spec", "volumes") if text(each, "name") == volume), {})
    return (text(found, "secret", "secretName") if kind == "Secret" else text(found, "configMap", "name")) or volume


def _as_root(case: Case, who: str, reason: str, message: str) -> Answer | None:
    found = _NON_ROOT.search(message)
    if not found:
        return None
    why = said(found.group()).removeprefix("container has ")
    return failed(
        reason,
        f"{who} may not start as root: {why}",
        f"set securityContext.runAsUser to the image's user (a number) in {case.manifest}",
    )
