"""Running is pinned, where pods come and go, and where not everything may be seen."""

from __future__ import annotations

import pytest

from tests.cluster.danger import share
from tests.cluster.pinned import (
    AMD,
    APP,
    ARM,
    EXPORTER,
    OTHER,
    Pinned,
    child_of,
    config_of,
    errors,
    said,
    the_finding,
    verdicts,
)
from tests.cluster.test_down import RBAC
from tests.testbed.stages import ANNOTATION


@pytest.mark.full
def test_pods_that_go_or_have_not_started_are_information(pinned: Pinned) -> None:
    pinned.apply(app=OTHER, tool=OTHER)
    old = pinned.pod("app-")
    pinned.merge("Pod", "tool", {"metadata": {"finalizers": ["testbed/hold"]}})
    pinned.stack.cluster.kube.delete(f"{pinned.path('Pod')}/tool")
    pulling = {"spec": {"template": {"metadata": {"annotations": {ANNOTATION: "pulling", "testbed/image-id.app": ""}}}}}
    pinned.merge("Deployment", "app", pulling, "apps/v1")
    pinned.until_all_report(5)
    (new,) = {each["metadata"]["name"] for each in pinned.pods() if "app-" in each["metadata"]["name"]} - {old}
    done = pinned.verify()
    try:
        assert (done.code, errors(done)) == (1, {"workload-not-ready"}), done.out
        assert said(done)[old] == said(done)["tool"] == said(done)[f"{new} container app"] == "info"
        assert f"{old} container app" not in said(done)
        assert "is of an older version of Deployment/app, and still there" in the_finding(done, old)["message"]
        assert "tool is being deleted, and still there" in the_finding(done, "tool")["message"]
        assert "there is nothing to compare yet" in the_finding(done, f"{new} container app")["message"]
        ran = {(each["pod"], each["container"]): each for each in done.report()["living"]["running"]}
        assert (ran[new, "app"]["verdict"], ran[new, "app"]["is_leaving"]) == ("unknown", False)
        assert (ran[old, "app"]["verdict"], ran[old, "app"]["is_leaving"]) == ("different", True)
        assert (ran["tool", "tool"]["verdict"], ran["tool", "tool"]["is_leaving"]) == ("different", True)
    finally:
        pinned.stack.cluster.kube.merge(f"{pinned.path('Pod')}/tool", {"metadata": {"finalizers": None}})


@pytest.mark.full
def test_an_image_that_was_set_by_hand_is_said_once(pinned: Pinned) -> None:
    pinned.apply()
    image = {"spec": {"template": {"spec": {"containers": [{"name": "redis", "image": "redis:9"}]}}}}
    pinned.merge("StatefulSet", "redis", image, "apps/v1")
    kube = pinned.stack.cluster.kube
    kube.until(lambda: "redis:9" in str(pinned.stack.get("/api/v1/…/pods/redis-0")), 60)
    pinned.until_all_report(4)
    done = pinned.verify()
    assert (done.code, errors(done)) == (1, {"image-differs"}), done.out
    assert said(done, "image-differs") == {"StatefulSet/redis container redis": "error"}
    assert (verdicts(done)["redis"], said(done)) == ("not-pinned", {})


@pytest.mark.full
def test_where_nodes_may_not_be_read_only_what_every_platform_runs_is_proven(pinned: Pinned) -> None:
    stack = pinned.stack
    pinned.apply(app=child_of(APP, AMD), metrics=config_of(EXPORTER, ARM), proxy=OTHER)
    share(stack)
    name = f"guest-{stack.namespace}"
    everything = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
    named = {"apiGroups": [""], "resources": ["namespaces", "configmaps"], "verbs": ["get", "list"]}
    kube = stack.cluster.kube
    subjects = [{"kind": "User", "name": name}]
    for kind, where, rules in (("Role", f"/namespaces/{stack.namespace}", everything), ("ClusterRole", "", named)):
        kube.create(f"{RBAC}{where}/{kind.lower()}s", {"metadata": {"name": name}, "rules": [rules]})
        ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}
        binding = {"metadata": {"name": name}, "roleRef": ref, "subjects": subjects}
        kube.create(f"{RBAC}{where}/{kind.lower()}bindings", binding)
    stack.cluster.write_kubeconfig(stack.kubeconfig, context="team-bed", user=stack.cluster.user(name))
    done = pinned.verify()
    assert (done.code, errors(done)) == (1, {"running-is-pinned"}), done.out + done.err
    found = verdicts(done)
    assert (found["tool"], found["app"], found["metrics"], found["proxy"]) == (
        "match",
        "unknown",
        "unknown",
        "different",
    )
    app = the_finding(done, "container app")
    assert app["severity"] == "warning"
    assert "nobody knows its node's platform: you may not list nodes" in app["message"]
    assert "ask for the right to list nodes" in app["help"]
