"""Deployments and ReplicaSets: their counts, and the pod that tells why."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    K,
    Row,
    ago,
    condition,
    event,
    look,
    pod,
    ready_pod,
    runs,
    thing,
    waits,
)
from tests.devkit.cluster.readiness.workloads import all_of, deployment, replica_set

FRESH = deployment(replicas=1, updatedReplicas=1, unavailableReplicas=1)
SET = replica_set(1, FRESH, replicas=1)
NO_TAG = 'Back-off pulling image "redis:8.2.2": ErrImagePull: docker.io/library/redis:8.2.2: not found'
BROKEN = pod(waits("ImagePullBackOff", NO_TAG), name="grafana-1-x", owner=SET)
PULL = "container redis cannot pull redis:8.2.2: the registry has no such image or tag"
CURE = "correct image: redis:8.2.2 of container redis in the manifest of Deployment grafana"
OVERDUE = condition(
    "Progressing", False, "ProgressDeadlineExceeded", 'ReplicaSet "grafana-1" has timed out progressing.'
)
LATE = deployment(1, (OVERDUE,), replicas=1, updatedReplicas=1)
ROLLING = deployment(replicas=2, updatedReplicas=1, readyReplicas=1, availableReplicas=1)
OLD, NEW = replica_set(9, ROLLING, replicas=1, readyReplicas=1), replica_set(10, ROLLING, replicas=1)
SWITCHING = deployment(replicas=0, spec={"strategy": {"type": "Recreate"}})

DEPLOYMENTS = (
    Row("one of one", (deployment(**all_of(1)),), State.READY, "MinimumReplicasAvailable", "1 of 1 pod ready"),
    Row("scaled to nothing", (deployment(0),), State.READY, "ScaledToZero", "scaled to 0 pods: nothing of it runs"),
    Row(
        "not seen yet", (deployment(observed=1, **all_of(1)),), State.WAITING, "LatestGenerationNotObserved",
        "its controller has not seen the present version yet (generation 2, seen 1)",
    ),
    Row("nothing made yet", (deployment(),), State.WAITING, "MinimumReplicasUnavailable", "0 of 1 pod made"),
    Row(
        "one of three",
        (deployment(3, replicas=3, updatedReplicas=3, readyReplicas=1, availableReplicas=1),), State.WAITING,
        "MinimumReplicasUnavailable", "1 of 3 pods ready",
    ),
    Row(
        "ready, and not for long enough",
        (deployment(spec={"minReadySeconds": 10}, replicas=1, updatedReplicas=1, readyReplicas=1),), State.WAITING,
        "MinimumReplicasUnavailable", "0 of 1 pod available (ready for 10 s)",
    ),
    Row(
        "scaled down, not gone yet", (deployment(1, **all_of(3)),), State.WAITING, "Progressing",
        "2 surplus pods still there",
    ),
    Row(
        "a pod that tells why", (FRESH, SET, BROKEN), State.FAILED, "ImagePullBackOff",
        f"0 of 1 pod ready: {PULL}", CURE,
    ),
    Row(
        "a pod that tells why, without its ReplicaSet",
        (FRESH, {**BROKEN, "metadata": {**BROKEN["metadata"], "labels": {"pod-template-hash": "1"}}}),
        State.FAILED, "ImagePullBackOff", f"0 of 1 pod ready: {PULL}", CURE,
    ),
    Row(
        "a new version that does not come",
        (ROLLING, OLD, NEW, ready_pod("grafana-9-a", owner=OLD), pod(waits("ContainerCreating"), name="n", owner=NEW)),
        State.WAITING, "ContainerCreating",
        "0 of 1 new pod ready, 1 old pod still there: container redis is being created for 90 s",
        f"{K} describe pod n",
    ),
    Row(
        "an old pod that takes its time",
        (
            deployment(replicas=2, updatedReplicas=1, readyReplicas=2, availableReplicas=2), OLD,
            {**NEW, "status": {"readyReplicas": 1}},
            pod(runs(), name="o", owner=OLD, deletionTimestamp=ago(-9), deletionGracePeriodSeconds=30),
        ),
        State.WAITING, "Terminating",
        "1 of 1 new pod ready, 1 old pod still there: pod o is stopping (grace period 30 s)",
    ),
    Row(
        "a broken old pod while the mended version is awaited",
        (SWITCHING, replica_set(1, SWITCHING), pod(waits("ImagePullBackOff", NO_TAG), name="o", owner=SET)),
        State.WAITING, "MinimumReplicasUnavailable", "0 of 1 pod made",
    ),
    Row(
        "an old pod that has to go first (Recreate)",
        (
            SWITCHING, one := replica_set(1, SWITCHING),
            pod(runs(), name="o", owner=one, deletionTimestamp=ago(-9), deletionGracePeriodSeconds=30),
        ),
        State.WAITING, "Terminating", "0 of 1 pod made: pod o is stopping (grace period 30 s)",
    ),
    Row(
        "a rollout that is paused",
        (deployment(spec={"paused": True}, replicas=1, readyReplicas=1, availableReplicas=1),), State.FAILED,
        "DeploymentPaused", "0 of 1 pod replaced by the new version: its rollout is paused",
        f"{K} rollout resume deployment grafana",
    ),
    Row(
        "a deadline without a word", (LATE,), State.FAILED, "ProgressDeadlineExceeded",
        "0 of 1 pod ready, and nothing moved for 600 s", f"{K} describe deployment grafana",
    ),
    Row(
        "a deadline with a pod that waits",
        (LATE, slow := replica_set(1, LATE), pod(runs(9), name="g", phase="Running", owner=slow)), State.FAILED,
        "ProgressDeadlineExceeded",
        "0 of 1 pod ready, and nothing moved for 600 s: container redis has been starting for 9 s",
        f"{K} describe deployment grafana",
    ),
    Row(
        "a deadline with a pod that failed", (LATE, slow, {**BROKEN, "metadata": {**BROKEN["metadata"]}}), State.FAILED,
        "ImagePullBackOff", f"0 of 1 pod ready: {PULL}", CURE,
    ),
    Row(
        "the remains of an eviction beside the next pod",
        (
            FRESH, SET, pod(phase="Failed", name="a", owner=SET, status={"reason": "Evicted"}),
            pod(runs(3), name="b", phase="Running", owner=SET),
        ),
        State.WAITING, "ContainersNotReady", "0 of 1 pod ready: container redis has been starting for 3 s",
    ),
    Row(
        "a ReplicaSet of the manifests", (thing("apps/v1", "ReplicaSet", "old", {"replicas": 2}, all_of(2)),),
        State.READY, "MinimumReplicasAvailable", "2 of 2 pods ready",
    ),
    Row(
        "a ReplicaSet that lacks a pod",
        (thing("apps/v1", "ReplicaSet", "old", {"replicas": 2}, {"readyReplicas": 1}),),
        State.WAITING, "MinimumReplicasUnavailable", "1 of 2 pods ready",
    ),
    Row(
        "a pod for it is refused",
        (
            held := thing("v1", "ReplicationController", "old", {"replicas": 1}, namespace="dev-infra"),
            event(held, "FailedCreate", 'Error creating: Pod "old-x" is invalid: spec.x'),
        ),
        State.FAILED, "FailedCreate", '0 of 1 pod ready: its pods are refused: Pod "old-x" is invalid: spec.x',
        "correct the manifest of ReplicationController old as the message says",
    ),
    Row(
        "a ReplicaSet scaled to nothing", (thing("apps/v1", "ReplicaSet", "old", {"replicas": 0}),), State.READY,
        "ScaledToZero", "scaled to 0 pods: nothing of it runs",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", DEPLOYMENTS, ids=lambda row: row.name)
def test_a_deployment_says_how_many_pods_are_ready_and_what_holds_it_up(row: Row) -> None:
    assert look(*row.objects) == row.verdict
