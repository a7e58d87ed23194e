"""Which pods belong to a workload, by metadata.ownerReferences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from devkit.cluster.readiness.raw import Raw, created, name_of, parts, text
from devkit.cluster.readiness.values import Seen

_REVISION = "deployment.kubernetes.io/revision"
_HASH = "pod-template-hash"
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def owned(owner: Raw, objects: Iterable[Raw]) -> tuple[Raw, ...]:
    """The objects that `owner` made, in the order of their names."""
    uid = text(owner, "metadata", "uid")
    found = [each for each in objects if uid and uid in _owner_uids(each)]
    return tuple(sorted(found, key=name_of))


def newest_set(deployment: Raw, seen: Seen) -> Raw:
    """The ReplicaSet of a Deployment's present version: the one of the highest revision, else the youngest."""
    return max(owned(deployment, seen.replica_sets), key=_revision, default={})


def deployment_pods(deployment: Raw, seen: Seen) -> tuple[tuple[Raw, ...], tuple[Raw, ...]]:
    """The pods of a Deployment's present version, and those of older ones."""
    sets = owned(deployment, seen.replica_sets)
    if not sets:
        return _by_hash(deployment, seen), ()
    present = newest_set(deployment, seen)
    old = [pod for each in sets if each is not present for pod in owned(each, seen.pods)]
    return owned(present, seen.pods), tuple(old)


def _by_hash(deployment: Raw, seen: Seen) -> tuple[Raw, ...]:
    """Without its ReplicaSets: their names are the Deployment's and the hash of the pod template, a label of pods."""
    name = name_of(deployment)
    pods = [each for each in seen.pods if f"{name}-{_hash(each)}" in _owner_names(each)]
    youngest = max(pods, key=lambda each: created(each) or _BEFORE_ALL, default={})
    return tuple(each for each in pods if _hash(each) == _hash(youngest))


def _hash(pod: Raw) -> str:
    return text(pod, "metadata", "labels", _HASH)


def _revision(replica_set: Raw) -> tuple[int, datetime]:
    revision = text(replica_set, "metadata", "annotations", _REVISION)
    is_number = revision.isascii() and revision.isdigit() and len(revision) < len(str(2**63))
    return int(revision) if is_number else 0, created(replica_set) or _BEFORE_ALL


def _owner_uids(raw: Raw) -> set[str]:
    return {text(each, "uid") for each in parts(raw, "metadata", "ownerReferences")}


def _owner_names(raw: Raw) -> set[str]:
    return {text(each, "name") for each in parts(raw, "metadata", "ownerReferences")}
