"""StatefulSets and DaemonSets: their counts, and the pod that tells why."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    K,
    Object,
    Row,
    end,
    look,
    pod,
    ready_pod,
    runs,
    unscheduled,
    waits,
)
from tests.devkit.cluster.readiness.workloads import all_of, daemon_set, stateful_set

UPDATING = stateful_set(at="redis-a", to="redis-b", replicas=1, currentReplicas=1)
OF_A: Object = {"labels": {"controller-revision-hash": "redis-a"}}
CRASHED = waits("CrashLoopBackOff", restarts=7, last=end(1))
STUCK = pod(CRASHED, phase="Running", owner=UPDATING, **OF_A)
PARALLEL = {**UPDATING, "spec": {"replicas": 1, "podManagementPolicy": "Parallel"}}
BY_HAND: Object = {"updateStrategy": {"type": "OnDelete"}}
STATEFUL = (
    Row("one of one", (stateful_set(**all_of(1)),), State.READY, "MinimumReplicasAvailable", "1 of 1 pod ready"),
    Row("scaled to nothing", (stateful_set(0),), State.READY, "ScaledToZero", "scaled to 0 pods: nothing of it runs"),
    Row(
        "the first of three",
        (
            first := stateful_set(3, replicas=1, updatedReplicas=1),
            pod(runs(8), phase="Running", owner=first),
        ),
        State.WAITING, "ContainersNotReady", "1 of 3 pods made: container redis has been starting for 8 s",
    ),
    Row(
        "no room for it", (one := stateful_set(replicas=1), unscheduled("0/1 nodes are available: x.", owner=one)),
        State.WAITING, "Unschedulable",
        "0 of 1 pod ready: pod redis-0 gets no node: 0/1 nodes are available: x", f"{K} get nodes",
    ),
    Row(
        "an update under way",
        (stateful_set(2, at="redis-a", to="redis-b", **all_of(2) | {"updatedReplicas": 1}),), State.WAITING,
        "Progressing", "1 of 2 pods updated",
    ),
    Row(
        "an update down to its partition",
        (
            stateful_set(
                3, at="redis-a", to="redis-b", **all_of(3) | {"updatedReplicas": 1},
                spec={"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}},
            ),
        ),
        State.READY, "PartitionRollout", "3 of 3 pods ready, 1 of them updated (partition 2)",
    ),
    Row("too many", (stateful_set(1, **all_of(2)),), State.WAITING, "Progressing", "1 surplus pod still there"),
    Row(
        "a broken pod that is never replaced", (UPDATING, STUCK), State.FAILED, "CrashLoopBackOff",
        "0 of 1 pod ready: pod redis-0 is of the old version and broken, and is not replaced before it is ready: "
        "container redis ended with an error (exit code 1); it was started again 7 times", f"{K} delete pod redis-0",
    ),
    Row(
        "a broken pod that is replaced", (PARALLEL, STUCK), State.WAITING, "MinimumReplicasUnavailable",
        "0 of 1 pod ready",
    ),
    Row(
        "an update by hand",
        (
            by_hand := stateful_set(
                at="redis-a", to="redis-b", spec=BY_HAND, replicas=1, readyReplicas=1, availableReplicas=1
            ),
            ready_pod(owner=by_hand, **OF_A),
        ),
        State.FAILED, "OnDelete",
        "1 of 1 pod ready, but 1 of the old version, which updateStrategy OnDelete keeps until deleted",
        f"{K} delete pod redis-0",
    ),
    Row(
        "nothing to update by hand", (stateful_set(spec=BY_HAND, **all_of(1)),), State.READY,
        "MinimumReplicasAvailable", "1 of 1 pod ready",
    ),
)  # fmt: skip

DAEMONS = (
    Row(
        "two of two",
        (daemon_set(2, currentNumberScheduled=2, updatedNumberScheduled=2, numberReady=2, numberAvailable=2),),
        State.READY, "Available", "2 of 2 pods ready",
    ),
    Row("no node for it", (daemon_set(0),), State.READY, "NoNodes", "no node is meant to run it"),
    Row(
        "one not made", (daemon_set(2, currentNumberScheduled=1),), State.WAITING, "Progressing", "1 of 2 pods made",
    ),
    Row(
        "one not updated", (daemon_set(2, currentNumberScheduled=2, updatedNumberScheduled=1),), State.WAITING,
        "Progressing", "1 of 2 pods updated",
    ),
    Row(
        "a new one not ready",
        (
            two := daemon_set(2, currentNumberScheduled=2, updatedNumberScheduled=2, numberReady=1),
            pod(runs(5), name="n", phase="Running", owner=two, labels={"pod-template-generation": "2"}),
            pod(CRASHED, name="o", phase="Running", owner=two, labels={"pod-template-generation": "1"}),
        ),
        State.WAITING, "ContainersNotReady", "1 of 2 pods ready: container redis has been starting for 5 s",
    ),
    Row(
        "not available yet",
        (
            daemon_set(
                1, {"minReadySeconds": 5}, currentNumberScheduled=1, updatedNumberScheduled=1, numberReady=1,
            ),
        ),
        State.WAITING, "Progressing", "0 of 1 pod available (ready for 5 s)",
    ),
    Row(
        "an update by hand",
        (
            old := daemon_set(1, BY_HAND, currentNumberScheduled=1, numberReady=1, numberAvailable=1),
            ready_pod("agent-x", owner=old, labels={"pod-template-generation": "1"}),
        ),
        State.FAILED, "OnDelete",
        "1 of 1 pod ready, but 1 of the old version, which updateStrategy OnDelete keeps until deleted",
        f"{K} delete pod agent-x",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", STATEFUL + DAEMONS, ids=lambda row: row.name)
def test_a_set_says_how_many_pods_are_ready_and_what_holds_it_up(row: Row) -> None:
    assert look(*row.objects) == row.verdict
