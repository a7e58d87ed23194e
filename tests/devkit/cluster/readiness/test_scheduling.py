"""Pods without a node and claims without a volume: each cause with its sentence and what to do."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    K,
    Object,
    Row,
    ago,
    condition,
    container,
    event,
    look,
    new_event,
    pod,
    thing,
    unscheduled,
    waits,
)  # fmt: skip

NONE = "0/1 nodes are available: "
ADDED = " preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
MANIFEST = "the manifest of Pod redis-0"
GREEDY: Object = {"containers": [container(requests={"cpu": "64", "memory": "64Gi"})]}
MOUNTS: Object = {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-redis-0"}}]}


def refused(name: str, said: str, cure: str, state: State = State.FAILED) -> Row:
    held = unscheduled(f"{NONE}{said}.{ADDED}", spec=GREEDY | MOUNTS)
    return Row(name, (held,), state, "Unschedulable", f"pod redis-0 gets no node: {NONE}{said}", cure)


def claim(phase: str = "Pending", **more: str | int) -> Object:
    created = more.pop("created", ago(90))
    return thing(
        "v1", "PersistentVolumeClaim", "data-redis-0", {"accessModes": ["ReadWriteOnce"], **more}, {"phase": phase},
        creationTimestamp=created, finalizers=["kubernetes.io/pvc-protection"],
    )  # fmt: skip


PENDING = claim()
USER = unscheduled(spec=MOUNTS)
NO_CLASS = event(PENDING, "FailedBinding", "no persistent volumes available for this claim and no storage class is set")
FIRST = event(PENDING, "WaitForFirstConsumer", "waiting for first consumer to be created before binding")
PROVISIONER = (
    "Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the "
    "system administrator. If volume creation is delayed, please verify that the provisioner is running."
)
NO_DEFAULT = "claim data-redis-0 names no storage class, and the cluster has no default one"
WRITE_CLASS = f"write storageClassName into PersistentVolumeClaim data-redis-0; there are: {K} get storageclass"
TAINTS = f"{K} get nodes -o 'custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key'"

SCHEDULED = (
    refused(
        "too little memory", "1 Insufficient memory",
        f"lower resources.requests.memory in {MANIFEST}, now redis 64Gi, or give the cluster more; "
        f"what the nodes have left: {K} describe nodes",
    ),
    refused(
        "too little processor beside a taint", "1 Insufficient cpu, 1 node(s) had untolerated taint(s)",
        f"lower resources.requests.cpu in {MANIFEST}, now redis 64, or give the cluster more; "
        f"what the nodes have left: {K} describe nodes",
    ),
    refused(
        "a selector", "1 node(s) didn't match Pod's node affinity/selector",
        f"correct nodeSelector or affinity in {MANIFEST}; the nodes have: {K} get nodes --show-labels",
    ),
    refused(
        "pods that must not be together", "1 node(s) didn't match pod anti-affinity rules",
        f"correct affinity or topologySpreadConstraints in {MANIFEST}: no node can meet them",
    ),
    refused(
        "a port of the node", "1 node(s) didn't have free ports for the requested pod ports",
        f"remove hostPort from {MANIFEST}, or stop what holds it: {K} get pods -A -o wide",
    ),
    refused(
        "data on another node", "1 node(s) didn't match PersistentVolume's node affinity",
        f"its data lies on another node; to give it up and start empty: {K} delete pvc data-redis-0",
    ),
    refused(
        "a node for others", "1 node(s) had untolerated taint {dedicated: db}",
        f"{TAINTS}; to allow it, add a toleration of dedicated to {MANIFEST}",
    ),
    refused(
        "a node in need", "1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }",
        f"{TAINTS}; to allow it, add a toleration of node.kubernetes.io/disk-pressure to {MANIFEST}", State.WAITING,
    ),
    refused("a taint without a name", "1 node(s) had untolerated taint(s)", TAINTS, State.WAITING),
    refused("a node that is cordoned", "1 node(s) were unschedulable", f"{K} get nodes", State.WAITING),
    Row(
        "no nodes", (unscheduled("no nodes available to schedule pods"),), State.WAITING, "Unschedulable",
        "pod redis-0 gets no node: no nodes available to schedule pods", f"{K} get nodes",
    ),
    Row(
        "the first seconds of want", (unscheduled(f"{NONE}1 Insufficient memory.", since=3),), State.WAITING,
        "Unschedulable", f"pod redis-0 gets no node: {NONE}1 Insufficient memory",
        f"lower resources.requests.memory in {MANIFEST}, or give the cluster more; "
        f"what the nodes have left: {K} describe nodes",
    ),
    Row(
        "a claim that nobody made", (unscheduled('persistentvolumeclaim "data" not found.'),), State.FAILED,
        "Unschedulable", 'pod redis-0 gets no node: persistentvolumeclaim "data" not found',
        f"add PersistentVolumeClaim data to the manifests, or correct claimName in {MANIFEST}",
    ),
    Row(
        "a claim without a volume",
        (
            unscheduled(f"{NONE}pod has unbound immediate PersistentVolumeClaims. not found", spec=MOUNTS),
            PENDING, NO_CLASS,
        ),
        State.FAILED, "FailedBinding", f"pod redis-0 waits for a volume: {NO_DEFAULT}", WRITE_CLASS,
    ),
    Row(
        "a volume that is being made", (USER, PENDING, event(PENDING, "ExternalProvisioning", PROVISIONER, last=9)),
        State.WAITING, "ExternalProvisioning",
        "pod redis-0 waits for a volume: claim data-redis-0 has been waiting for rancher.io/local-path to make its "
        "volume for 9 s",
    ),
    Row(
        "a gate", (unscheduled("gated", reason="SchedulingGated", spec={"schedulingGates": [{"name": "team/quota"}]}),),
        State.WAITING, "SchedulingGated", "pod redis-0 is held back by team/quota",
        f"remove schedulingGates from {MANIFEST}, or start the controller that lifts team/quota",
    ),
    Row(
        "only an event", (USER, new_event(USER, "FailedScheduling", f"{NONE}1 Insufficient memory.", last=3)),
        State.FAILED, "Unschedulable", f"pod redis-0 gets no node: {NONE}1 Insufficient memory",
        f"lower resources.requests.memory in {MANIFEST}, or give the cluster more; "
        f"what the nodes have left: {K} describe nodes",
    ),
    Row(
        "no word for a moment", (unscheduled(creationTimestamp=ago(4)),), State.WAITING, "Unscheduled",
        "pod redis-0 has waited for 4 s for a scheduler",
    ),
    Row(
        "no scheduler", (unscheduled(creationTimestamp=ago(40)),), State.WAITING, "Unscheduled",
        "pod redis-0 has waited for 40 s for a scheduler", f"{K} get pods -n kube-system",
    ),
    Row(
        "a volume that waits for the pod, and no scheduler", (USER, PENDING, FIRST), State.WAITING, "Unscheduled",
        "pod redis-0 has waited for 90 s for a scheduler", f"{K} get pods -n kube-system",
    ),
    Row(
        "a scheduler of its own", (unscheduled(spec={"schedulerName": "volcano"}),), State.WAITING, "Unscheduled",
        "pod redis-0 has waited for 90 s for a scheduler", f"start volcano, or remove schedulerName from {MANIFEST}",
    ),
)  # fmt: skip
CLAIMED = (
    Row("a bound claim", (claim("Bound"),), State.READY, "Bound", "claim data-redis-0 is bound"),
    Row(
        "a lost volume", (claim("Lost", volumeName="pvc-0"),), State.FAILED, "ClaimLost",
        "the volume pvc-0 of claim data-redis-0 is gone, with its data",
        f"{K} delete pvc data-redis-0, then apply the manifests again",
    ),
    Row("no storage class", (PENDING, NO_CLASS), State.FAILED, "FailedBinding", NO_DEFAULT, WRITE_CLASS),
    Row(
        "a storage class that is not there",
        (PENDING, event(PENDING, "ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found')),
        State.FAILED, "ProvisioningFailed",
        "claim data-redis-0 asks for storage class fast, which does not exist",
        f"leave storageClassName out of PersistentVolumeClaim data-redis-0, or name one of: {K} get storageclass",
    ),
    Row(
        "a provisioner that fails",
        (PENDING, event(PENDING, "ProvisioningFailed", "failed to provision volume: quota")),
        State.WAITING, "ProvisioningFailed", "claim data-redis-0 gets no volume: failed to provision volume: quota",
        f"{K} describe pvc data-redis-0",
    ),
    Row(
        "a provisioner that is not there",
        (PENDING, event(PENDING, "ExternalProvisioning", PROVISIONER, last=2, first=88, count=7)), State.WAITING,
        "ExternalProvisioning",
        "claim data-redis-0 has been waiting for rancher.io/local-path to make its volume for 88 s",
        f"see whether rancher.io/local-path runs: {K} get pods -A",
    ),
    Row(
        "nobody mounts it", (PENDING, FIRST), State.READY, "WaitForFirstConsumer",
        "its volume is made when the first pod mounts it (WaitForFirstConsumer)",
    ),
    Row(
        "a pod mounts it", (PENDING, FIRST, USER), State.WAITING, "WaitForFirstConsumer",
        "the volume of claim data-redis-0 is made once its pod has a node",
    ),
    Row(
        "no word for a moment", (claim(created=ago(9)),), State.WAITING, "Pending",
        "claim data-redis-0 has been pending for 9 s",
    ),
    Row(
        "no word", (PENDING,), State.WAITING, "Pending", "claim data-redis-0 has been pending for 90 s",
        f"{K} describe pvc data-redis-0",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", SCHEDULED + CLAIMED, ids=lambda row: row.name)
def test_a_pod_without_a_node_and_a_claim_without_a_volume_are_explained(row: Row) -> None:
    assert look(*row.objects) == row.verdict


def test_an_ephemeral_volume_is_a_claim_with_the_name_of_its_pod() -> None:
    held = unscheduled(spec={"volumes": [{"name": "0", "ephemeral": {}}, {"name": "cache", "emptyDir": {}}]})
    made = {**PENDING, "metadata": {**PENDING["metadata"], "name": "redis-0-0"}}
    told = event(made, "ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found')
    assert look(held, made, told).reason == "ProvisioningFailed"


def test_the_event_of_an_older_pod_of_the_same_name_does_not_count() -> None:
    young = unscheduled(creationTimestamp=ago(5), uid="uid-young")
    by_uid = event(young, "FailedScheduling", f"{NONE}1 Insufficient memory.", last=3, uid="uid-old")
    by_time = event(young, "FailedScheduling", f"{NONE}1 Insufficient memory.", last=8)
    assert look(young, by_uid, by_time).reason == "Unscheduled"


def test_the_newest_event_counts_within_one_second_too() -> None:
    held = pod(waits("ContainerCreating"))
    pulling = event(held, "Pulling", 'Pulling image "redis:8.2.2"', last=3, version="10")
    pulled = event(held, "Pulled", "Successfully pulled image", last=3, version="9")
    assert look(held, pulled, pulling).reason == "Pulling"
    assert look(held, {**pulled, "metadata": {"resourceVersion": "11"}}, pulling).reason == "ContainerCreating"


def test_a_pod_that_was_scheduled_and_shows_no_node_is_waited_for() -> None:
    held = pod(spec={"nodeName": None}, status={"conditions": [condition("PodScheduled", True)]})
    assert look(held).message == "its node has had pod redis-0 for 90 s without starting it"
