"""Running is pinned: what pods run is held against infra/images.lock through ./inv verify --engine cluster."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator

import jsonschema
import pytest

from tests.checkout import ROOT
from tests.cluster.pinned import (
    AMD,
    APP,
    ARM,
    BUSYBOX,
    CITUS,
    ENVOY,
    EXPORTER,
    OTHER,
    Pinned,
    child_of,
    config_of,
    digest,
    errors,
    index_of,
    pin,
    registry,
    said,
    the_finding,
    verdicts,
)
from tests.cluster.stack import Stack


@pytest.fixture
def arm_node(stack: Stack) -> Iterator[str]:
    """A second node, of another architecture; only pods that name it run there."""
    name, kube = f"bed-worker-{stack.namespace}", stack.cluster.kube
    stack.cluster.add_node(name, f"kind://docker/bed/{name}", **{"kubernetes.io/arch": "arm64"})
    kube.merge(f"/api/v1/nodes/{name}", {"spec": {"unschedulable": True}})
    kube.until(lambda: "nodeInfo" in kube.get(f"/api/v1/nodes/{name}").get("status", {}))
    yield name
    kube.delete(f"/api/v1/nodes/{name}")


@pytest.mark.full
def test_what_is_pinned_passes_in_every_form_that_a_runtime_gives_it(pinned: Pinned) -> None:
    pinned.apply(
        app=f"docker-pullable://{index_of(APP)}",
        wait=child_of(BUSYBOX, AMD),
        proxy=config_of(ENVOY, AMD),
        metrics=f"docker://{config_of(EXPORTER, AMD)}",
    )
    cron_job = pinned.stack.get("/apis/batch/v1/…/cronjobs/nightly")
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": cron_job["metadata"]["uid"]}
    job = {"apiVersion": "batch/v1", "kind": "Job", "spec": cron_job["spec"]["jobTemplate"]["spec"]}
    metadata = {"name": "by-hand", "ownerReferences": [{**owner, "controller": True}]}  # kubectl create job --from
    pinned.create({**job, "metadata": metadata}, {"nightly": index_of(APP)})
    pinned.until_all_report(5)
    done = pinned.verify()
    assert (done.code, errors(done)) == (0, set()), done.out
    assert verdicts(done) == {
        "app": "match",
        "wait": "match-by-child",
        "proxy": "match-by-config",
        "metrics": "match-by-config",
        "nightly": "match",
        "tool": "match",
        "citus": "match",
        "redis": "match",
    }
    app = pinned.pod("app-")
    assert said(done) == {f"{app} sidecar proxy": "info", f"{app} container metrics": "info"}
    assert "not pulled: by its config digest the same content" in the_finding(done, "proxy")["message"]
    (tool,) = (each for each in done.report()["living"]["running"] if each["container"] == "tool")
    assert tool == {
        "pod": "tool",
        "container": "tool",
        "kind": "container",
        "image": pin(APP),
        "image_id": index_of(APP),
        "verdict": "match",
        "platform": AMD,
        "built_for": "",
        "is_leaving": False,
    }
    schema = json.loads((ROOT / "docs/reference/report.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(done.report())
    text = pinned.stack.run("verify", "--engine", "cluster")
    line = "  images: 8 of 8 containers run what is pinned (1 by its platform's own digest, 2 loaded by hand)\n"
    assert (text.code, line in text.out) == (0, True), text.out


@pytest.mark.full
def test_what_runs_otherwise_is_an_error_and_without_a_lock_it_is_none(pinned: Pinned) -> None:
    pinned.apply(app=OTHER, metrics=child_of(EXPORTER, ARM), tool=config_of(APP, ARM), redis=f"docker://{digest('x')}")
    done = pinned.verify()
    assert (done.code, errors(done)) == (1, {"running-is-pinned"}), done.out
    assert verdicts(done) == {
        "app": "different",
        "wait": "match",
        "proxy": "match",
        "metrics": "other-arch",
        "tool": "other-arch",
        "citus": "match",
        "redis": "different",
    }
    app = pinned.pod("app-")
    wrong = (f"{app} container app", f"{app} container metrics", "tool container tool", "redis-0 container redis")
    assert said(done) == dict.fromkeys(wrong, "error")
    different, other = the_finding(done, "container app"), the_finding(done, "metrics")
    assert f"runs {OTHER}, which by infra/images.lock is not {pin(APP)}" in different["message"]
    assert f"delete pod {app}" in different["help"]
    assert f"is for {ARM}/v8, on a node of {AMD}" in other["message"]
    assert the_finding(done, "redis")["file"] == "infra/k8s/redis.yaml"
    text = pinned.stack.run("verify", "--engine", "cluster").out
    assert "  images: 3 of 7 containers run what is pinned\n" in text

    pinned.lock.unlink()
    without = pinned.verify()
    assert (without.code, without.report()["living"]["running"], said(without)) == (0, [], {}), without.out
    pinned.lock.write_text("version = 2\n")
    unreadable = pinned.verify()
    assert (unreadable.code, errors(unreadable), said(unreadable)) == (1, {"lock-out-of-date"}, {}), unreadable.out


@pytest.mark.full
def test_what_a_manifest_does_not_pin_is_an_error_where_it_runs(pinned: Pinned) -> None:
    file = pinned.stack.checkout.manifests / "tools.yaml"
    file.write_text(
        file.read_text().replace(pin(BUSYBOX), BUSYBOX).replace(registry(ENVOY).digest, digest("newer than the lock"))
    )
    pinned.apply()
    done = pinned.verify()
    assert done.code == 1
    assert errors(done) >= {"running-is-pinned", "image-not-pinned", "image-not-in-lock"}, done.out
    found = verdicts(done)
    assert (found["wait"], found["proxy"], found["app"]) == ("not-pinned", "not-pinned", "match")
    app = pinned.pod("app-")
    assert said(done) == {f"{app} init container wait": "error", f"{app} sidecar proxy": "error"}
    assert f"asks for {BUSYBOX}, which has no digest" in the_finding(done, "wait")["message"]
    assert "which infra/images.lock does not have" in the_finding(done, "proxy")["message"]


@pytest.mark.full
def test_containers_and_pods_that_no_manifest_names_are_said(pinned: Pinned) -> None:
    tool = copy.deepcopy(next(each for each in pinned.objects() if each["metadata"]["name"] == "tool"))
    tool["spec"]["containers"].append({"name": "injected", "image": "mesh:1"})
    tool["spec"]["initContainers"] = [{"name": "mesh", "image": pin(APP), "restartPolicy": "Always"}]
    pinned.apply(tool, mesh=index_of(APP), injected=OTHER, debugger=OTHER)
    pinned.create(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "psql"},
            "spec": {"containers": [{"name": "psql", "image": "postgres"}]},
        },
        {"psql": OTHER},
    )
    pinned.merge("Pod", "redis-0", {"spec": {"ephemeralContainers": [{"name": "debugger", "image": "busybox"}]}},
                 sub="/ephemeralcontainers")  # fmt: skip
    kube = pinned.stack.cluster.kube
    kube.until(lambda: "ephemeralContainerStatuses" in pinned.stack.get("/api/v1/…/pods/redis-0")["status"])
    pinned.until_all_report(5)
    done = pinned.verify()
    assert (done.code, errors(done)) == (0, set()), done.out
    extra = {name for name, verdict in verdicts(done).items() if verdict == "extra-container"}
    assert extra == {"injected", "mesh", "debugger", "psql"}
    assert said(done) == {
        "tool container injected": "warning",
        "tool sidecar mesh": "warning",
        "redis-0 ephemeral container debugger": "warning",
        "psql": "info",
    }
    assert "mutatingwebhookconfigurations" in the_finding(done, "injected")["help"]
    assert "kubectl debug" in the_finding(done, "debugger")["message"]
    text = pinned.stack.run("verify", "--engine", "cluster").out
    assert "  images: 7 of 11 containers run what is pinned\n" in text


@pytest.mark.full
def test_each_node_has_what_is_for_its_platform(pinned: Pinned, arm_node: str) -> None:
    manifest = pinned.stack.checkout.manifests / "tools.yaml"
    tool = manifest.read_text().rpartition("---\n")[2]
    shapes = {
        "index": (index_of(APP), "match"),
        "child": (child_of(APP, ARM), "match-by-child"),
        "config": (config_of(APP, ARM), "match-by-config"),
        "foreign": (child_of(APP, AMD), "other-arch"),
        "loaded": (f"docker://{config_of(APP, AMD)}", "other-arch"),
        "changed": (OTHER, "different"),
        "emulated": (config_of(CITUS, AMD), "match-by-config"),
    }
    pinned.apply()
    texts = {name: f"---\n{tool.replace('tool', name)}" for name in shapes}
    texts["emulated"] = texts["emulated"].replace(pin(APP), pin(CITUS))
    manifest.write_text(manifest.read_text() + "".join(texts.values()))
    for body in pinned.objects():
        name = body["metadata"]["name"]
        if name in shapes:
            body["spec"]["nodeName"] = arm_node
            pinned.create(body, {name: shapes[name][0]})
    pinned.until_all_report(4 + len(shapes))
    done = pinned.verify()
    assert (done.code, errors(done)) == (1, {"running-is-pinned"}), done.out
    found = verdicts(done)
    assert {name: found[name] for name in shapes} == {name: verdict for name, (_, verdict) in shapes.items()}
    assert said(done) == {
        "config container config": "info",
        "emulated container emulated": "info",
        "foreign container foreign": "error",
        "loaded container loaded": "error",
        "changed container changed": "error",
    }
    assert f"is for {AMD}, on a node of {ARM}: it is emulated there" in the_finding(done, "foreign")["message"]
