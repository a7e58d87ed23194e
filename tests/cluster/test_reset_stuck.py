"""A namespace that does not go: said with its cause and the next commands, exit 2, and nothing forced."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.checkout import Result
from tests.cluster.danger import plant
from tests.cluster.stack import Stack
from tests.cluster.terminal import converse
from tests.cluster.test_down import LOOK, allow, rule

API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"
SECONDS = "4"


@pytest.fixture
def planted(stack: Stack) -> Stack:
    """A stack that is agreed to, with one ConfigMap in its namespace."""
    stack.agree()
    plant(stack)
    return stack


def reset(stack: Stack) -> Result:
    return stack.run("reset", "--yes", "--timeout", SECONDS)


def merge(stack: Stack, finalizers: list[str] | None) -> None:
    path = f"/api/v1/namespaces/{stack.namespace}/configmaps/planted"
    stack.cluster.kube.merge(path, {"metadata": {"finalizers": finalizers}})


@pytest.mark.full
def test_a_finalizer_is_named_with_its_object_and_stays(planted: Stack) -> None:
    merge(planted, ["example.com/cleanup"])
    try:
        done = reset(planted)
        assert done.code == 2
        for word in (
            f"namespace {planted.namespace} is still there after {SECONDS} s",
            "planted",
            "example.com/cleanup",
            f"kubectl --context {planted.cluster.context} -n {planted.namespace} get configmaps planted -o yaml",
            "./inv reset",
        ):
            assert word in done.err, done.err
        found = planted.get("/api/v1/…/configmaps/planted")
        assert found["metadata"]["finalizers"] == ["example.com/cleanup"]
    finally:
        merge(planted, None)


@pytest.fixture
def down_api(planted: Stack) -> Iterator[str]:
    """An aggregated API whose server does not answer, as metrics-server's after its pod was lost."""
    kube = planted.cluster.kube
    name = f"v1.{planted.namespace}.example.com"
    spec = {
        "group": name.removeprefix("v1."), "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 100,
        "insecureSkipTLSVerify": True, "service": {"namespace": "kube-system", "name": "no-metrics"},
    }  # fmt: skip
    kube.create(API_SERVICES, {"metadata": {"name": name}, "spec": spec})
    yield name
    kube.delete(f"{API_SERVICES}/{name}")


@pytest.mark.full
def test_an_aggregated_api_that_is_down_is_named(planted: Stack, down_api: str) -> None:
    planted.cluster.kube.until(lambda: "False" in str(planted.cluster.kube.get(f"{API_SERVICES}/{down_api}")["status"]))
    done = reset(planted)
    assert done.code == 2, done.err
    assert "an aggregated API is down" in done.err
    assert f"kubectl --context {planted.cluster.context} delete apiservice {down_api}" in done.err
    assert planted.cluster.kube.find(f"{API_SERVICES}/{down_api}"), "nothing was forced"


@pytest.mark.full
def test_without_the_right_to_delete_nothing_is_touched(planted: Stack) -> None:
    name = f"person-{planted.namespace}"
    allow(planted, name, [LOOK, rule("get list delete", "configmaps")])
    planted.cluster.write_kubeconfig(planted.kubeconfig, user=planted.cluster.user(name))
    done = reset(planted)
    assert done.code == 2
    assert f"namespace {planted.namespace} may not be deleted, so nothing was" in done.err
    assert f"auth can-i delete namespaces/{planted.namespace}" in done.err
    assert "deletionTimestamp" not in planted.get("/api/v1/…/configmaps/planted")["metadata"]


@pytest.mark.full
def test_a_namespace_that_is_made_anew_while_one_is_asked_keeps_its_volumes(planted: Stack) -> None:
    kube, path = planted.cluster.kube, f"/api/v1/namespaces/{planted.namespace}"
    claim = {
        "metadata": {"name": "theirs"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }

    def anew() -> str:
        kube.delete(path)
        kube.until(lambda: kube.find(path) is None)
        kube.create("/api/v1/namespaces", {"metadata": {"name": planted.namespace}})
        kube.create(f"{path}/persistentvolumeclaims", claim)
        return "y"

    done = converse(planted, "reset", question="go on? [y/N]", answer=anew)
    assert done.code == 2, done.err
    assert "somebody has made a new one" in done.err
    assert "deletionTimestamp" not in planted.get("/api/v1/…/persistentvolumeclaims/theirs")["metadata"]


@pytest.mark.full
def test_a_namespace_that_somebody_makes_anew_meanwhile_is_not_touched(planted: Stack) -> None:
    kube, path = planted.cluster.kube, f"/api/v1/namespaces/{planted.namespace}"
    old = kube.get(path)["metadata"]["uid"]
    merge(planted, ["example.com/cleanup"])
    argv, environ = planted.checkout.argv("reset", "--yes", "--timeout", "60"), planted.environment()
    with subprocess.Popen(
        argv, env=planted.checkout.environment(**environ), cwd=planted.checkout.root, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        kube.until(lambda: "deletionTimestamp" in kube.get(path)["metadata"])
        running.send_signal(signal.SIGSTOP)  # it looks again only once the new one is there
        try:
            merge(planted, None)
            kube.until(lambda: kube.find(path) is None)
            made = kube.create("/api/v1/namespaces", {"metadata": {"name": planted.namespace}})["metadata"]["uid"]
        finally:
            running.send_signal(signal.SIGCONT)
        _, err = running.communicate(timeout=90)
    found = kube.get(path)["metadata"]
    assert found["uid"] == made
    assert "deletionTimestamp" not in found
    assert running.returncode == 2, err
    for word in (old, made, "somebody has made a new one", "./inv reset"):
        assert word in err, err
