"""Pods whose image is not there: each cause with its sentence and what to do."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import LOAD, K, Row, event, look, pod, waits

IMAGE = "redis:8.2.2"
PULL = 'failed to pull and unpack image "docker.io/library/redis:8.2.2": '
RESOLVE = f'{PULL}failed to resolve reference "docker.io/library/redis:8.2.2": '
REQUEST = f'{RESOLVE}failed to do request: Head "https://registry-1.docker.io/v2/library/redis/manifests/8.2.2": '
NOT_FOUND = f"rpc error: code = NotFound desc = {RESOLVE}docker.io/library/redis:8.2.2: not found"
CORRECT = "correct image: redis:8.2.2 of container redis in the manifest of Pod redis-0"
CANNOT = "container redis cannot pull redis:8.2.2"
NETWORK = f"check network, VPN and proxy of the cluster's machine, or bring the image in: {LOAD.format(IMAGE)}"
ARCH = f"built for the node's processor instead of redis:8.2.2; the nodes have: {K} get nodes -L kubernetes.io/arch"


def pulled(name: str, message: str, state: State, why: str, cure: str, *, reason: str = "ErrImagePull") -> Row:
    return Row(name, (pod(waits(reason, message)),), state, reason, f"{CANNOT}: {why}", cure)


ROWS = (
    pulled("a tag that is not there", NOT_FOUND, State.FAILED, "the registry has no such image or tag", CORRECT),
    pulled(
        "the same while backing off", f'Back-off pulling image "redis:8.2.2": ErrImagePull: {NOT_FOUND}', State.FAILED,
        "the registry has no such image or tag", CORRECT, reason="ImagePullBackOff",
    ),
    pulled(
        "a repository that is private or not there",
        f"{RESOLVE}pull access denied, repository does not exist or may require authorization: server message: "
        "insufficient_scope: authorization failed",
        State.FAILED, "the registry has no such public repository and wants a login",
        f"{CORRECT}; if it is private: {LOAD.format(IMAGE)}",
    ),
    pulled(
        "a refused login", f"{RESOLVE}failed to authorize: failed to fetch oauth token: unexpected status: "
        "401 Unauthorized", State.FAILED, "the registry has no such public repository and wants a login",
        f"{CORRECT}; if it is private: {LOAD.format(IMAGE)}",
    ),
    pulled(
        "the rate limit",
        f"{PULL}failed to copy: httpReadSeeker: failed open: unexpected status code "
        "https://registry-1.docker.io/v2/library/redis/manifests/sha256:401: 429 Too Many Requests - Server message: "
        "toomanyrequests: You have reached your unauthenticated pull rate limit.",
        State.WAITING, "the registry's rate limit is reached (toomanyrequests)", LOAD.format(IMAGE),
    ),
    pulled(
        "another platform", f"rpc error: code = NotFound desc = {PULL}no match for platform in manifest: not found",
        State.FAILED, "it is not built for this node's platform",
        f"name an image in the manifest of Pod redis-0 that is {ARCH}",
    ),
    pulled(
        "no name server", f"{REQUEST}dial tcp: lookup registry-1.docker.io on 172.18.0.1:53: no such host",
        State.WAITING, "the registry cannot be reached", NETWORK,
    ),
    pulled(
        "no way out", f"{REQUEST}dial tcp 44.208.254.194:443: i/o timeout", State.WAITING,
        "the registry cannot be reached", NETWORK,
    ),
    pulled(
        "a registry that is down", "image pull failed for redis:8.2.2 because the registry is unavailable",
        State.WAITING, "the registry cannot be reached", NETWORK, reason="RegistryUnavailable",
    ),
    pulled(
        "a proxy's certificate", f"{REQUEST}tls: failed to verify certificate: x509: certificate signed by unknown "
        "authority", State.FAILED, "the registry's certificate is not trusted",
        "let the cluster's nodes trust the registry's certificate (a company proxy often has its own), "
        f"or bring the image in: {LOAD.format(IMAGE)}",
    ),
    pulled(
        "a full disk", f"{PULL}failed to extract layer sha256:0: write /var/lib/containerd/x: no space left on device",
        State.FAILED, "the node's disk is full",
        "free disk space on the node; for a cluster in Docker: docker system prune",
    ),
    pulled(
        "a signature", "image pull failed for redis:8.2.2 because the signature validation failed", State.FAILED,
        "its signature is not accepted", CORRECT, reason="SignatureValidationFailed",
    ),
    pulled(
        "a word that nobody foresaw", "rpc error: code = Unknown desc = the moon is in the wrong house.",
        State.WAITING, "the moon is in the wrong house", f"{K} describe pod redis-0",
    ),
    Row(
        "a name that is none",
        (pod(waits("InvalidImageName", 'Failed to apply default image tag "redis:8.2.2": no such form')),),
        State.FAILED, "InvalidImageName", "redis:8.2.2 of container redis is no valid name of an image", CORRECT,
    ),
    Row(
        "an image that must not be pulled",
        (pod(waits("ErrImageNeverPull", 'Container image "redis:8.2.2" is not present with pull policy of Never')),),
        State.FAILED, "ErrImageNeverPull",
        "redis:8.2.2 of container redis is not on the node, and imagePullPolicy: Never forbids to pull it",
        "write imagePullPolicy: IfNotPresent in the manifest of Pod redis-0, or bring the image in: "
        f"{LOAD.format(IMAGE)}",
    ),
    Row(
        "an image on its way",
        (
            held := pod(waits("ContainerCreating")),
            event(held, "Pulling", 'Pulling image "redis:8.2.2"', last=40, part="redis"),
            event(held, "Scheduled", "Successfully assigned dev-infra/redis-0 to dev-control-plane", last=41),
        ),
        State.WAITING, "Pulling", "container redis has been pulling redis:8.2.2 for 40 s",
    ),
    Row(
        "an image that has come",
        (
            held,
            event(held, "Pulling", 'Pulling image "redis:8.2.2"', last=40, part="redis"),
            event(held, "Pulled", 'Successfully pulled image "redis:8.2.2" in 37s', last=3, part="redis"),
        ),
        State.WAITING, "ContainerCreating", "container redis is being created for 3 s",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_image_that_is_not_there_is_explained(row: Row) -> None:
    assert look(*row.objects) == row.verdict


def test_an_older_kubelet_that_only_backs_off_is_explained_by_its_event() -> None:
    held = pod(waits("ImagePullBackOff", 'Back-off pulling image "redis:8.2.2"'))
    found = look(
        held,
        event(held, "BackOff", 'Back-off pulling image "redis:8.2.2"', last=2),
        event(held, "Failed", "Error: ErrImagePull", last=3),
        event(held, "Failed", f'Failed to pull image "redis:8.2.2": {NOT_FOUND}', last=4),
    )
    assert (found.state, found.message) == (State.FAILED, f"{CANNOT}: the registry has no such image or tag")


def test_the_way_in_is_that_of_the_cluster() -> None:
    held = pod(waits("ErrImagePull", "toomanyrequests: slow down"))
    assert look(held, kubectl="kubectl --context k3d-play -n x").help == (
        "docker pull redis:8.2.2 && k3d image import redis:8.2.2 -c play"
    )
    assert look(held, kubectl="kubectl --context default -n x").help == (
        "kubectl --context default -n x create secret docker-registry registry --docker-server=HOST "
        "--docker-username=NAME --docker-password=TOKEN, then add imagePullSecrets: [{name: registry}] "
        "to the manifest of Pod redis-0"
    )
