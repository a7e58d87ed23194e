"""What down does where it cannot see everything: it says so, deletes what it may, and takes no refusal for an end."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from tests.cluster.danger import is_planted, plant
from tests.cluster.stack import Stack

RBAC = "/apis/rbac.authorization.k8s.io/v1"


def allow(stack: Stack, name: str, rules: Sequence[Any]) -> None:
    """Give a person these rights, whatever they had."""
    kube = stack.cluster.kube
    if kube.find(f"{RBAC}/clusterroles/{name}"):
        kube.merge(f"{RBAC}/clusterroles/{name}", {"rules": rules})
        return
    kube.create(f"{RBAC}/clusterroles", {"metadata": {"name": name}, "rules": rules})
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    subjects = [{"kind": "User", "name": name}]
    kube.create(f"{RBAC}/clusterrolebindings", {"metadata": {"name": name}, "roleRef": role, "subjects": subjects})


def rule(verbs: str, resources: str) -> dict[str, list[str]]:
    return {"apiGroups": [""], "resources": resources.split(), "verbs": verbs.split()}


LOOK = rule("get list", "namespaces nodes pods persistentvolumeclaims")


@pytest.fixture
def person(stack: Stack) -> str:
    """A person who may do nothing yet, in a stack with one object that down would delete."""
    stack.agree()
    plant(stack)
    name = f"person-{stack.namespace}"
    stack.cluster.write_kubeconfig(stack.kubeconfig, user=stack.cluster.user(name))
    return name


@pytest.mark.full
def test_a_kind_that_may_not_be_listed_is_named_and_the_others_go(stack: Stack, person: str) -> None:
    allow(stack, person, [LOOK, rule("get list delete", "configmaps")])
    down = stack.run("down", "--yes")
    assert down.code == 0, down.err
    assert "deletes ConfigMap planted" in down.err
    assert "cannot see Secret: " in down.err
    assert 'cannot list resource "secrets"' in down.err
    assert stack.get("/api/v1/…/configmaps/planted") is None


@pytest.mark.full
def test_what_may_not_be_deleted_stays_and_is_said(stack: Stack, person: str) -> None:
    allow(stack, person, [LOOK, rule("get list", "configmaps")])
    down = stack.run("down", "--yes")
    assert down.code == 2
    assert 'cannot delete resource "configmaps"' in down.err
    assert "auth can-i --list" in down.err
    assert is_planted(stack)


@pytest.mark.full
def test_an_object_that_may_no_longer_be_looked_at_is_not_taken_for_gone(stack: Stack, person: str) -> None:
    kube = stack.cluster.kube
    path = f"/api/v1/namespaces/{stack.namespace}/configmaps/planted"
    kube.merge(path, {"metadata": {"finalizers": ["testbed/hold"]}})
    allow(stack, person, [LOOK, rule("get list delete", "configmaps")])

    def withdraw() -> None:
        kube.until(lambda: "deletionTimestamp" in kube.get(path)["metadata"], 60)
        allow(stack, person, [LOOK, rule("get", "configmaps") | {"resourceNames": [f"devkit-{stack.namespace}"]}])

    thread = threading.Thread(target=withdraw)
    thread.start()
    down = stack.run("down", "--yes", "--timeout", "30")
    thread.join()
    assert down.code == 2
    assert 'cannot get resource "configmaps"' in down.err
    kube.merge(path, {"metadata": {"finalizers": None}})


@pytest.mark.full
def test_what_a_finalizer_holds_is_named_when_the_time_is_up(stack: Stack) -> None:
    stack.agree()
    plant(stack)
    path = f"/api/v1/namespaces/{stack.namespace}/configmaps/planted"
    stack.cluster.kube.merge(path, {"metadata": {"finalizers": ["testbed/hold"]}})
    down = stack.run("down", "--yes", "--timeout", "1")
    assert down.code == 2
    assert "after 1 s still there" in down.err
    assert "ConfigMap planted (held by testbed/hold)" in down.err
    assert f"-n {stack.namespace} get configmap planted -o yaml; then ./inv down again" in down.err
    stack.cluster.kube.merge(path, {"metadata": {"finalizers": None}})
    assert stack.run("down", "--yes").code == 0


@pytest.mark.full
def test_an_aggregated_api_that_is_down_does_not_keep_the_stack(stack: Stack) -> None:
    stack.agree()
    plant(stack)
    apis = "/apis/apiregistration.k8s.io/v1/apiservices"
    service = {"namespace": "default", "name": "nowhere"}
    spec = {"group": "away.example", "version": "v1", "service": service, "insecureSkipTLSVerify": True}
    priorities = {"groupPriorityMinimum": 1000, "versionPriority": 10}
    stack.cluster.kube.create(apis, {"metadata": {"name": "v1.away.example"}, "spec": spec | priorities})
    try:
        down = stack.run("down", "--yes")
    finally:
        stack.cluster.kube.delete(f"{apis}/v1.away.example")
    assert down.code == 0, down.err
    assert stack.get("/api/v1/…/configmaps/planted") is None
