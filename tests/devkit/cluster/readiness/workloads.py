"""Deployments, StatefulSets and DaemonSets, with the counts of their controllers."""

from __future__ import annotations

from tests.devkit.cluster.readiness.objects import (
    Json,
    Object,
    thing,
)


def deployment(wanted: int = 1, conditions: tuple[Object, ...] = (), observed: int = 2, **counts: Json) -> Object:
    spec = {"replicas": wanted, "progressDeadlineSeconds": 600, **counts.pop("spec", {})}
    status = {"observedGeneration": observed, "conditions": list(conditions), **counts}
    return thing("apps/v1", "Deployment", "grafana", spec, status, generation=2)


def replica_set(revision: int, owner: Object, **status: Json) -> Object:
    return thing(
        "apps/v1", "ReplicaSet", f"grafana-{revision}", {"replicas": 1}, {"observedGeneration": 1, **status},
        owner=owner, generation=1, annotations={"deployment.kubernetes.io/revision": str(revision)},
    )  # fmt: skip


def stateful_set(wanted: int = 1, *, at: str = "redis-a", to: str = "redis-a", **counts: Json) -> Object:
    spec = {"replicas": wanted, "serviceName": "redis", **counts.pop("spec", {})}
    status = {"observedGeneration": 1, "currentRevision": at, "updateRevision": to, **counts}
    return thing("apps/v1", "StatefulSet", "redis", spec, status, generation=1)


def daemon_set(desired: int | None, spec: Object | None = None, **counts: int) -> Object:
    status = {"observedGeneration": 1, "desiredNumberScheduled": desired, **counts}
    return thing(
        "apps/v1", "DaemonSet", "agent", spec or {"updateStrategy": {"type": "RollingUpdate"}}, status,
        generation=1, annotations={"deprecated.daemonset.template.generation": "2"},
    )  # fmt: skip


def all_of(count: int) -> Object:
    names = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "currentReplicas")
    return dict.fromkeys(names, count)
