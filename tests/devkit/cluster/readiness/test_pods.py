"""Pods that run and are not ready, that wait for their init containers, that end or go."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    K,
    Row,
    ago,
    condition,
    container,
    end,
    event,
    look,
    pod,
    ready_pod,
    runs,
    state,
    waits,
)

DESCRIBE = f"{K} describe pod redis-0"
LOGS = f"{K} logs redis-0 -c redis"


def probe(name: str, message: str, sentence: str, count: int = 1) -> Row:
    held = pod(runs(), phase="Running")
    told = event(held, "Unhealthy", message, part="redis", count=count)
    return Row(name, (held, told), State.WAITING, "ProbeFailing", sentence, LOGS)


PROBED = (
    probe(
        "a readiness probe", "Readiness probe failed: HTTP probe failed with statuscode: 503",
        "container redis runs, but its readiness probe fails (12 times): HTTP probe failed with statuscode: 503", 12,
    ),
    probe(
        "a probe without output", "Readiness probe failed: ",
        "container redis runs, but its readiness probe fails without a word",
    ),
    probe(
        "a startup probe", "Startup probe failed: dial tcp 10.0.0.7:6379: connect: connection refused",
        "container redis runs, but its startup probe fails: dial tcp 10.0.0.7:6379: connect: connection refused",
    ),
    probe(
        "a liveness probe", "Liveness probe failed: timeout",
        "container redis runs, but its liveness probe fails: timeout",
    ),
    probe(
        "a probe that cannot be asked",
        "Readiness probe errored and resulted in unknown state: rpc error: context deadline exceeded",
        "container redis runs, but its readiness probe fails: rpc error: context deadline exceeded",
    ),
    Row(
        "no probe has failed", (pod(runs(7), phase="Running"),), State.WAITING, "ContainersNotReady",
        "container redis has been starting for 7 s",
    ),
    Row(
        "the probe failed in the run before",
        (held := pod(runs(7), phase="Running"), event(held, "Unhealthy", "Readiness probe failed: x", last=30)),
        State.WAITING, "ContainersNotReady", "container redis has been starting for 7 s",
    ),
    Row(
        "a readiness gate",
        (
            pod(
                {**runs(), "ready": True}, phase="Running",
                status={"conditions": [
                    condition("PodScheduled", True),
                    condition("Ready", False, "ReadinessGatesNotReady", "gate x is not True"),
                ]},
            ),
        ),
        State.WAITING, "ReadinessGatesNotReady",
        "pod redis-0 waits for a readiness gate: gate x is not True", DESCRIBE,
    ),
    Row(
        "a pod of which only the containers are reported",
        (pod({**runs(), "ready": True}, phase="Running", status={"conditions": [condition("PodScheduled", True)]}),),
        State.WAITING, "PodPending", "pod redis-0 has not been reported ready for 90 s",
    ),
    Row(
        "a node that is gone", (pod({**runs(), "ready": True}, phase="Running"),), State.WAITING, "ContainersNotReady",
        "the containers of pod redis-0 are ready, but its node does not answer", f"{K} get nodes",
    ),
)  # fmt: skip
LIVED = (
    Row(
        "an init container at work", (pod(waits("PodInitializing"), init=(runs(10, name="wait"),)),), State.WAITING,
        "PodInitializing", "init container wait has been running for 10 s",
    ),
    Row(
        "an init container at work for long", (pod(waits("PodInitializing"), init=(runs(150, name="wait"),)),),
        State.WAITING, "PodInitializing", "init container wait has been running for 2 min", f"{K} logs redis-0 -c wait",
    ),
    Row(
        "an init container that crashes",
        (pod(waits("PodInitializing"), init=(waits("CrashLoopBackOff", name="wait", restarts=3, last=end(1)),)),),
        State.FAILED, "CrashLoopBackOff",
        "init container wait ended with an error (exit code 1); it was started again 3 times",
        f"{K} logs redis-0 -c wait --previous",
    ),
    Row(
        "an init container that is done",
        (pod(waits("PodInitializing"), init=(state("wait", terminated=end(0)),), creationTimestamp=ago(9)),),
        State.WAITING, "ContainerCreating", "container redis is being created for 9 s",
    ),
    Row(
        "a sidecar that has started",
        (
            pod(
                runs(7), phase="Running", init=({**runs(name="wait"), "started": True},),
                spec={"initContainers": [{**container("wait"), "restartPolicy": "Always"}]},
            ),
        ),
        State.WAITING, "ContainersNotReady", "container redis has been starting for 7 s",
    ),
    Row("a ready pod", (ready_pod(),), State.READY, "Ready", "pod redis-0 is ready"),
    Row(
        "a pod that has done its work", (pod(phase="Succeeded"),), State.READY, "Completed",
        "pod redis-0 ran to its end",
    ),
    Row(
        "an eviction for disk",
        (
            pod(phase="Failed", status={
                "reason": "Evicted", "message": "The node was low on resource: ephemeral-storage. ",
            }),
        ),
        State.FAILED, "Evicted", "pod redis-0 was evicted: The node was low on resource: ephemeral-storage",
        "free disk space on the node; for a cluster in Docker: docker system prune",
    ),
    Row(
        "a rejection for disk",
        (
            pod(phase="Failed", status={
                "reason": "Evicted", "message": "Pod was rejected: The node had condition: [DiskPressure]. ",
            }),
        ),
        State.FAILED, "Evicted",
        "pod redis-0 was evicted: Pod was rejected: The node had condition: [DiskPressure]",
        "free disk space on the node; for a cluster in Docker: docker system prune",
    ),
    Row(
        "an eviction for memory",
        (pod(phase="Failed", status={"reason": "Evicted", "message": "The node was low on resource: memory."}),),
        State.FAILED, "Evicted", "pod redis-0 was evicted: The node was low on resource: memory",
        f"lower the memory that runs beside it, or give the cluster more: {K} describe nodes",
    ),
    Row(
        "an eviction for no reason", (pod(phase="Failed", status={"reason": "Evicted"}),), State.FAILED, "Evicted",
        "pod redis-0 was evicted", DESCRIBE,
    ),
    Row(
        "a pod that the node refused",
        (pod(phase="Failed", status={"reason": "OutOfcpu", "message": "Pod was rejected: too little cpu"}),),
        State.FAILED, "OutOfcpu", "pod redis-0 failed (OutOfcpu): Pod was rejected: too little cpu", DESCRIBE,
    ),
    Row(
        "a pod that failed", (pod(state(terminated=end(2)), phase="Failed", spec={"restartPolicy": "Never"}),),
        State.FAILED, "Error", "container redis ended with exit code 2", LOGS,
    ),
    Row(
        "a pod that is stopping",
        (pod(runs(), phase="Running", deletionTimestamp=ago(-20), deletionGracePeriodSeconds=30),), State.WAITING,
        "Terminating", "pod redis-0 is stopping (grace period 30 s)",
    ),
    Row(
        "a pod that does not go", (pod(runs(), phase="Running", deletionTimestamp=ago(45)),), State.WAITING,
        "Terminating", "pod redis-0 should have gone 45 s ago (node dev-control-plane does not answer)",
        f"{K} delete pod redis-0 --grace-period=0 --force",
    ),
    Row(
        "a pod that somebody holds",
        (pod(runs(), phase="Running", deletionTimestamp=ago(45), finalizers=["example.com/keep"]),), State.WAITING,
        "Terminating", "pod redis-0 should have gone 45 s ago, held by example.com/keep",
        f"start the controller that has to remove example.com/keep: {DESCRIBE}",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", PROBED + LIVED, ids=lambda row: row.name)
def test_a_pod_that_is_not_ready_is_explained(row: Row) -> None:
    assert look(*row.objects) == row.verdict
