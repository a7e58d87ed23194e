"""Pods that the API server refuses to a controller."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    K,
    condition,
    event,
    look,
)
from tests.devkit.cluster.readiness.workloads import deployment, replica_set, stateful_set

QUOTA = "exceeded quota: small, requested: limits.memory=1Gi, used: limits.memory=0, limited: limits.memory=512Mi"
HOOKS = f"{K} get validatingwebhookconfigurations,mutatingwebhookconfigurations"
EDIT = "the manifest of Deployment grafana"
REFUSALS = [
    (
        f'Error creating: pods "grafana-1-x" is forbidden: {QUOTA}', State.FAILED, f"refused: {QUOTA}",
        f"lower the resources in {EDIT}, or raise the quota: {K} edit resourcequota small",
    ),
    (
        'Error creating: pods "grafana-1-x" is forbidden: failed quota: small: must specify limits.memory for: grafana',
        State.FAILED, "refused: failed quota: small: must specify limits.memory for: grafana",
        f"write the resources that the message names into {EDIT}",
    ),
    (
        'Error creating: pods "grafana-1-x" is forbidden: violates PodSecurity "restricted:latest": privileged',
        State.FAILED, 'refused: violates PodSecurity "restricted:latest": privileged',
        f"set what the message names in {EDIT}, or allow it: {K} label namespace dev-infra "
        "pod-security.kubernetes.io/enforce=privileged --overwrite",
    ),
    (
        'Error creating: pods "grafana-1-x" is forbidden: error looking up service account dev-infra/viewer: '
        'serviceaccount "viewer" not found', State.FAILED,
        'refused: error looking up service account dev-infra/viewer: serviceaccount "viewer" not found',
        f"{K} create serviceaccount viewer, or correct serviceAccountName in {EDIT}",
    ),
    (
        'Error creating: pods "grafana-1-x" is forbidden: error looking up service account dev-infra/default: '
        'serviceaccount "default" not found', State.WAITING,
        'refused: error looking up service account dev-infra/default: serviceaccount "default" not found',
        f"{K} create serviceaccount default, or correct serviceAccountName in {EDIT}",
    ),
    (
        'Error creating: admission webhook "policy.example.com" denied the request: no latest', State.FAILED,
        'refused: admission webhook "policy.example.com" denied the request: no latest',
        f"meet its demand in {EDIT}, or remove the webhook: {HOOKS}",
    ),
    (
        'Error creating: Internal error occurred: failed calling webhook "policy.example.com": failed to call webhook: '
        "dial tcp 10.0.0.9:443: connect: connection refused", State.WAITING,
        'refused: Internal error occurred: failed calling webhook "policy.example.com": failed to call webhook: '
        "dial tcp 10.0.0.9:443: connect: connection refused",
        f"start the service behind the webhook, or remove the webhook: {HOOKS}",
    ),
    (
        'Error creating: pods "grafana-1-x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
        State.FAILED, "refused: maximum memory usage per Container is 1Gi, but limit is 2Gi",
        f"correct {EDIT} as the message says; the namespace demands: {K} describe limitrange",
    ),
    (
        'Error creating: Pod "grafana-1-x" is invalid: spec.containers[0].image: Required value', State.FAILED,
        'refused: Pod "grafana-1-x" is invalid: spec.containers[0].image: Required value',
        f"correct {EDIT} as the message says",
    ),
    (
        "Error creating: etcdserver: request timed out", State.WAITING, "not made: etcdserver: request timed out",
        f"{K} describe replicaset grafana-1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "state", "sentence", "cure"), REFUSALS)
def test_pods_that_the_server_refuses_are_explained(said: str, state: State, sentence: str, cure: str) -> None:
    empty = deployment()
    made = replica_set(1, empty)
    words = "not made" if sentence.startswith("not made") else "refused"
    found = look(empty, made, event(made, "FailedCreate", said))
    assert (found.state, found.reason) == (state, "FailedCreate")
    assert found.message == f"0 of 1 pod made: its pods are {words}{sentence.removeprefix(words)}"
    assert found.help == cure


def test_a_refusal_that_is_over_does_not_count() -> None:
    empty = deployment()
    made = replica_set(1, empty, conditions=[condition("ReplicaFailure", True, "FailedCreate", "old news")])
    refused = event(made, "FailedCreate", "Error creating: old news", last=9)
    assert (
        look(empty, made, refused, event(made, "SuccessfulCreate", "Created pod: x", last=3)).reason != "FailedCreate"
    )


def test_a_refusal_outlives_its_event_as_a_condition() -> None:
    said = f'pods "grafana-1-x" is forbidden: {QUOTA}'
    empty = deployment(1, (condition("ReplicaFailure", True, "FailedCreate", said),))
    assert look(empty).message == f"0 of 1 pod made: its pods are refused: {QUOTA}"


def test_a_stateful_set_tells_of_its_own_pods_and_claims() -> None:
    empty = stateful_set()
    said = f'create Pod redis-0 in StatefulSet redis failed error: pods "redis-0" is forbidden: {QUOTA}'
    assert look(empty, event(empty, "FailedCreate", said)).message == f"0 of 1 pod made: its pods are refused: {QUOTA}"
