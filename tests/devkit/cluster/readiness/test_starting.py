"""Containers that cannot be configured, created or started: each cause with its sentence and what to do."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    K,
    Row,
    ago,
    event,
    look,
    pod,
    waits,
)

DESCRIBE = f"{K} describe pod redis-0"
OCI = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
    "unable to start container process: "
)
NO_PROGRAM = f'{OCI}exec: "redis-serve": executable file not found in $PATH: unknown'
COMMAND = "correct command (or args) of container redis in the manifest of Pod redis-0: the image has no such program"
SECRETS = (
    f"add Secret redis to the manifests, or correct its name in the manifest of Pod redis-0; there are: {K} get secrets"
)
KEY = (
    "add {0} to Secret redis in its manifest, or correct the key in the manifest of Pod redis-0; "
    f"it has: {K} describe secret redis"
)


def config(name: str, message: str, state: State, sentence: str, cure: str) -> Row:
    reason = "CreateContainerConfigError"
    return Row(name, (pod(waits(reason, message)),), state, reason, sentence, cure)


def start(name: str, reason: str, message: str, sentence: str, cure: str, *, state: State = State.FAILED) -> Row:
    return Row(name, (pod(waits(reason, message)),), state, reason, sentence, cure)


def mount(name: str, message: str, state: State, sentence: str, cure: str, *, reason: str = "FailedMount") -> Row:
    volumes = [{"name": "secret", "secret": {"secretName": "redis"}}, {"name": "config", "configMap": {"name": "cm"}}]
    held = pod(waits("ContainerCreating"), spec={"volumes": volumes})
    return Row(name, (held, event(held, reason, message, count=5)), state, reason, sentence, cure)


CONFIGURED = (
    config(
        "a Secret that is missing", 'secret "redis" not found', State.FAILED,
        "container redis needs Secret redis, which does not exist", SECRETS,
    ),
    config(
        "a ConfigMap that is missing", 'configmap "redis" not found', State.FAILED,
        "container redis needs ConfigMap redis, which does not exist",
        "add ConfigMap redis to the manifests, or correct its name in the manifest of Pod redis-0; "
        f"there are: {K} get configmaps",
    ),
    config(
        "a key that is missing", "couldn't find key password in Secret dev-infra/redis", State.FAILED,
        "container redis needs key password of Secret redis, which has no such key", KEY.format("password"),
    ),
    config(
        "a user that may not be root",
        'container has runAsNonRoot and image will run as root (pod: "redis-0_dev-infra(0)", container: redis)',
        State.FAILED, "container redis may not start as root: runAsNonRoot and image will run as root",
        "set securityContext.runAsUser to the image's user (a number) in the manifest of Pod redis-0",
    ),
    config(
        "a cache that is slow", "failed to sync secret cache: timed out waiting for the condition", State.WAITING,
        "container redis cannot be configured: failed to sync secret cache: timed out waiting for the condition",
        DESCRIBE,
    ),
)  # fmt: skip
STARTED = (
    start(
        "a program that is not in the image", "RunContainerError", NO_PROGRAM,
        'container redis cannot be started: exec: "redis-serve": executable file not found in $PATH', COMMAND,
    ),
    start(
        "a program that may not be run", "RunContainerError", f'{OCI}exec: "/run.sh": permission denied: unknown',
        'container redis cannot be started: exec: "/run.sh": permission denied',
        "make the program executable in the image, or correct command and securityContext of container redis "
        "in the manifest of Pod redis-0",
    ),
    start(
        "another processor", "RunContainerError", f"{OCI}exec /bin/redis-server: exec format error: unknown",
        "container redis cannot be started: exec /bin/redis-server: exec format error",
        "name an image built for the node's processor instead of redis:8.2.2 in the manifest of Pod redis-0; "
        f"the nodes have: {K} get nodes -L kubernetes.io/arch",
    ),
    start(
        "a file over a directory", "CreateContainerError",
        f'{OCI}error during container init: error mounting "/var/x" to rootfs at "/etc": not a directory: unknown',
        'container redis cannot be started: error mounting "/var/x" to rootfs at "/etc": not a directory',
        "correct mountPath and subPath under volumeMounts of container redis in the manifest of Pod redis-0: "
        "a file cannot be mounted over a directory",
    ),
    start(
        "no reason at all", "CreateContainerError", "", "container redis cannot be started", DESCRIBE,
    ),
    start(
        "a slow runtime", "CreateContainerError", "context deadline exceeded",
        "the container runtime is slow to make container redis: context deadline exceeded", "", state=State.WAITING,
    ),
    start(
        "a hook", "PostStartHookError", "command '/bin/warm' exited with 1",
        "container redis waits (PostStartHookError): command '/bin/warm' exited with 1", DESCRIBE, state=State.WAITING,
    ),
)  # fmt: skip
CREATED = (
    mount(
        "a volume of a missing ConfigMap", 'MountVolume.SetUp failed for volume "config" : configmap "cm" not found',
        State.FAILED, "pod redis-0 needs ConfigMap cm, which does not exist",
        "add ConfigMap cm to the manifests, or correct its name in the manifest of Pod redis-0; "
        f"there are: {K} get configmaps",
    ),
    mount(
        "a volume of a missing key",
        'MountVolume.SetUp failed for volume "secret" : references non-existent secret key: auth.conf', State.FAILED,
        "pod redis-0 needs key auth.conf of Secret redis, which has no such key", KEY.format("auth.conf"),
    ),
    mount(
        "a volume that takes its time",
        'MountVolume.SetUp failed for volume "pvc-0" : rpc error: code = Internal desc = no device', State.WAITING,
        'a volume of pod redis-0 is not there yet: MountVolume.SetUp failed for volume "pvc-0" : rpc error: '
        "code = Internal desc = no device", DESCRIBE,
    ),
    mount(
        "a volume that another node holds", 'Multi-Attach error for volume "pvc-0"', State.WAITING,
        'a volume of pod redis-0 is not there yet: Multi-Attach error for volume "pvc-0"', DESCRIBE,
        reason="FailedAttachVolume",
    ),
    mount(
        "a network that is not ready", "Failed to create pod sandbox: plugin type=\"kindnet\" failed", State.WAITING,
        'the node cannot set up pod redis-0: Failed to create pod sandbox: plugin type="kindnet" failed',
        f"{K} get pods -n kube-system", reason="FailedCreatePodSandBox",
    ),
    Row(
        "nothing heard yet", (pod(waits("ContainerCreating"), creationTimestamp=ago(20)),), State.WAITING,
        "ContainerCreating", "container redis is being created for 20 s",
    ),
    Row(
        "nothing heard for long", (pod(waits("ContainerCreating"), creationTimestamp=ago(180)),), State.WAITING,
        "ContainerCreating", "container redis is being created for 3 min", DESCRIBE,
    ),
    Row(
        "a kubelet that has not begun", (pod(creationTimestamp=ago(5)),), State.WAITING, "ContainerCreating",
        "dev-control-plane has had pod redis-0 for 5 s without starting it",
    ),
    Row(
        "a kubelet that does not begin", (pod(creationTimestamp=ago(50)),), State.WAITING, "ContainerCreating",
        "dev-control-plane has had pod redis-0 for 50 s without starting it", f"{K} get nodes",
    ),
    Row(
        "a mount before the kubelet reports",
        (
            held := pod(),
            event(held, "FailedMount", 'MountVolume.SetUp failed for volume "s" : secret "redis" not found'),
        ),
        State.FAILED, "FailedMount", "pod redis-0 needs Secret redis, which does not exist", SECRETS,
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", CONFIGURED + STARTED + CREATED, ids=lambda row: row.name)
def test_a_container_that_is_not_started_is_explained(row: Row) -> None:
    assert look(*row.objects) == row.verdict


def test_of_two_containers_the_one_that_failed_is_shown() -> None:
    held = pod(waits("ContainerCreating"), waits("CreateContainerConfigError", 'secret "s" not found', name="side"))
    assert look(held).message == "container side needs Secret s, which does not exist"
