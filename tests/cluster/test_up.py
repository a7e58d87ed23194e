"""Up, status and down on the sample, with the real Tilt and the real API server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from devkit.cluster.tilt import Tilt, find_tilt
from devkit.postgres.cache import Cache
from tests.checkout import Result
from tests.cluster.stack import Stack
from tests.server import Server
from tests.testbed.cluster import Cluster
from tests.testbed.named import NamedCluster
from tests.testbed.programs import Program, free_port
from tests.testbed.stores import Stores

NONE = Tilt(0, Path(), 0, "", ())
SERVICES = ["citus-coordinator", "grafana", "loki", "redis", "redpanda"]


def states(report: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    """The state of each service by its name."""
    return {each["name"]: each["state"] for each in report["services"]}


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_sample_comes_up_is_shown_goes_down_and_comes_back_with_its_volumes(
    any_stack: Stack, stores: Stores
) -> None:
    stack = any_stack
    stores.serve(stack.cluster, stack.namespace)
    up = stack.up("--format", "json")
    assert (up.code, states(up.report())) == (0, dict.fromkeys([*SERVICES, "app"], "ready")), up.err
    assert up.report()["cluster"]["uid"] == stack.cluster.uid
    assert stack.cluster.kube.find(f"/api/v1/namespaces/default/configmaps/devkit-{stack.namespace}")

    shown = stack.run("status", "--format", "json")
    report = shown.report()
    assert shown.code == 0
    assert states(report) == dict.fromkeys(SERVICES, "ready")
    assert {each["reference"] for each in report["images"]} >= {"redis:8.2.2", "grafana/grafana:10.4.3"}
    assert all(each["is_named_here"] for each in report["images"])
    assert report["database"]["summary"] == {"pending": 18}
    assert is_alive(report["tilt"]["pid"])

    text = stack.run("status").out
    for word in (
        "5 of 5 services ready",
        "18 pending",
        stack.cluster.context,
        stack.cluster.uid,
        report["tilt"]["url"],
    ):
        assert word in text

    volumes = {each["metadata"]["uid"] for each in stack.get("/api/v1/…/persistentvolumeclaims")["items"]}
    down = stack.run("down", "--yes")
    assert down.code == 0, down.err
    for word in (
        stack.cluster.server,
        f"namespace {stack.namespace}",
        "deletes StatefulSet redis",
        "keeps   the namespace",
    ):
        assert word in down.err
    assert not is_alive(report["tilt"]["pid"])
    for path in ("/api/v1/…/pods", "/apis/apps/v1/…/statefulsets", "/apis/apps/v1/…/deployments", "/api/v1/…/secrets"):
        assert stack.get(path)["items"] == [], path
    assert {each["metadata"]["uid"] for each in stack.get("/api/v1/…/persistentvolumeclaims")["items"]} == volumes

    again = stack.run("down", "--yes")
    assert (again.code, "nothing is up" in again.err) == (0, True)
    back = stack.run("up")  # agreed to already: nothing is asked, with no terminal and without --yes
    assert back.code == 0, back.err
    assert {each["metadata"]["uid"] for each in stack.get("/api/v1/…/persistentvolumeclaims")["items"]} == volumes


@pytest.mark.full
def test_up_ends_when_citus_is_there_and_not_when_the_pod_is_ready(stack: Stack, found: Cache) -> None:
    port = free_port()
    server = Server(found, "listen_addresses=127.0.0.1", f"port={port}")
    server.port = port
    server.start()
    server.database("app")
    stack.cluster.forward(stack.namespace, {5432: port})
    happened: list[str] = []
    said: list[str] = []
    is_missed = threading.Event()

    def image() -> None:
        """What the image does after its first login: it restarts, and the extension is there only then."""
        stack.cluster.kube.until(lambda: _is_ready(stack.get("/api/v1/…/pods/citus-coordinator-0")), 60)
        happened.append("the pod is ready")
        time.sleep(3)
        server.stop()
        server.start()
        assert is_missed.wait(60)
        with server.admin("app") as admin:
            admin.execute("CREATE EXTENSION citus")
        happened.append("the extension is there")

    thread = threading.Thread(target=image)
    thread.start()
    words = ("up", "--yes", "--context", stack.cluster.context, "--timeout", "90")
    try:
        with subprocess.Popen(
            stack.checkout.argv(*words), env=stack.checkout.environment(**stack.environment()),
            cwd=stack.checkout.root, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) as up:  # fmt: skip
            assert up.stderr is not None
            for line in up.stderr:
                said.append(line)
                if "extension is not in database app yet" in line:
                    is_missed.set()
        happened.append("up has ended")
        thread.join()
    finally:
        server.remove()
    assert up.returncode == 0, "".join(said)
    assert happened == ["the pod is ready", "the extension is there", "up has ended"]


@pytest.mark.full
def test_the_settings_say_what_the_database_is(stack: Stack, found: Cache) -> None:
    port = free_port()
    server = Server(found, "listen_addresses=127.0.0.1", f"port={port}")
    server.port = port
    server.start()
    try:
        server.database("app")
        stack.cluster.forward(stack.namespace, {5432: port})
        up = stack.up_until(lambda up: "see what the database says: kubectl --context kind-bed" in up.out, seconds=15)
        assert up.code == 1
        assert "logs service/citus-coordinator" in up.out
        stack.checkout.configure("citus = false")
        assert stack.run("up").code == 0
        stack.checkout.configure('database-service = "nobody"')
        assert 'services "nobody" not found' in stack.run("status").out
        stack.checkout.configure('database-service = "citus-coordinator"')
        stack.checkout.configure('database-secret = "citus/pin"')
        assert "has no Secret citus with a password under the key pin" in stack.run("status").out
    finally:
        server.remove()


@pytest.mark.full
def test_status_says_at_once_that_the_database_has_no_pod(stack: Stack) -> None:
    stack.replace("citus-coordinator", "replicas: 1", "replicas: 0")
    stack.up_until(lambda up: up.code == 2, seconds=8)
    status = stack.run("status")
    assert (status.code, f"no pod of service citus-coordinator runs in {stack.namespace}" in status.out) == (1, True)


def _is_ready(pod: Any) -> bool:  # noqa: ANN401 - JSON
    conditions = (pod or {}).get("status", {}).get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


@pytest.mark.full
def test_up_finds_the_tilt_that_runs_and_has_it_apply_what_others_deleted(any_stack: Stack, stores: Stores) -> None:
    stack = any_stack
    stores.serve(stack.cluster, stack.namespace)
    first = stack.up("--format", "json")
    assert first.code == 0, first.err
    pid = first.report()["tilt"]["pid"]
    kube = stack.cluster.kube
    kube.delete(f"/apis/apps/v1/namespaces/{stack.namespace}/statefulsets/redis")
    kube.until(lambda: stack.get("/apis/apps/v1/…/statefulsets/redis") is None)
    gone = stack.run("status", "--format", "json")
    assert (gone.code, states(gone.report())["redis"]) == (1, "missing")
    again = stack.run("up", "--timeout", "60")
    assert again.code == 0, again.err
    assert f"(process {pid})" in again.out
    assert stack.get("/apis/apps/v1/…/statefulsets/redis")

    kube.delete(f"/api/v1/namespaces/{stack.namespace}")  # as people do who want to begin anew
    kube.until(lambda: kube.find(f"/api/v1/namespaces/{stack.namespace}") is None, 60)
    anew = stack.run("up", "--timeout", "60")
    assert anew.code == 0, anew.out + anew.err
    assert f"(process {pid})" in anew.out


@pytest.mark.full
def test_where_only_its_probe_refuses_the_database_is_asked_itself(stack: Stack, stores: Stores) -> None:
    stores.serve(stack.cluster, stack.namespace)
    stack.annotate("citus-coordinator", "never-ready")

    def is_asked(up: Result) -> bool:
        assert up.code == 1, up.err
        return "app" in {each["name"] for each in up.report()["services"]}

    up = stack.up_until(is_asked, "--format", "json", seconds=10)
    found = {each["name"]: each["state"] for each in up.report()["services"]}
    assert (found["app"], found["citus-coordinator"], found["redis"]) == ("ready", "waiting", "ready")


@pytest.mark.full
def test_each_pod_that_does_not_get_ready_is_diagnosed_with_what_to_do(stack: Stack, stores: Stores) -> None:
    stores.serve(stack.cluster, stack.namespace)
    stack.annotate("redis", "image-pull")
    stack.annotate("loki", "crash-loop")
    stack.annotate("grafana", "never-ready")
    stack.replace("redpanda", "memory: 1Gi", "memory: 900Gi")
    stack.replace("redpanda", "memory: 1280Mi", "memory: 900Gi")

    reasons = {
        "citus-coordinator": "MinimumReplicasAvailable",
        "grafana": "ProbeFailing",
        "loki": "CrashLoopBackOff",
        "redis": "ImagePullBackOff",
        "redpanda": "Unschedulable",
    }

    def is_all_seen(up: Result) -> bool:
        assert up.code == 1, up.err
        return {each["name"]: each["reason"] for each in up.report()["services"]} == reasons

    up = stack.up_until(is_all_seen, "--format", "json", seconds=10)
    found = {each["name"]: each for each in up.report()["services"]}
    assert "app" not in found
    for name, sentence, cure in (
        ("redis", "redis:8.2.2", "redis:8.2.2"),
        ("loki", "5 times", "logs loki-0 -c loki --previous"),
        ("grafana", "NOAUTH Authentication required", "logs"),
        ("redpanda", "memory", "memory"),
    ):
        assert sentence in found[name]["message"], found[name]
        assert cure in found[name]["help"], found[name]
    text = stack.run("up", "--timeout", "1")
    assert text.code == 1
    assert "✘ statefulset/loki" in text.out


@pytest.mark.full
def test_waiting_lines_say_what_is_missing(stack: Stack, stores: Stores) -> None:
    stores.serve(stack.cluster, stack.namespace)
    stack.annotate("redis", "pulling")
    up = stack.up_until(lambda up: "pulling" in up.err, seconds=6)
    assert (up.code, "statefulset/redis: waiting: " in up.err) == (1, True), up.err


@pytest.mark.full
def test_an_api_server_that_restarts_meanwhile_is_waited_for(stack: Stack, stores: Stores) -> None:
    stores.serve(stack.cluster, stack.namespace)
    stack.annotate("redis", "pulling")
    kube = stack.cluster.kube

    def restart() -> None:
        kube.until(lambda: stack.get("/api/v1/…/pods/redis-0"), 60)
        stack.cluster.stop_apiserver()
        time.sleep(2)
        stack.cluster.restart_apiserver()
        path = f"/api/v1/namespaces/{stack.namespace}/pods/redis-0"
        kube.merge(path, {"metadata": {"annotations": {"testbed/pod": "ready"}}})
        kube.ask("PATCH", f"{path}/status", {"status": {"containerStatuses": None}}, "application/merge-patch+json")

    thread = threading.Thread(target=restart)
    thread.start()
    up = stack.up("--timeout", "90")
    thread.join()
    assert up.code == 0, up.err
    assert "refuses connections; waiting for it" in up.err


@pytest.mark.full
def test_without_the_right_to_look_up_says_which_right_is_missing(stack: Stack) -> None:
    stack.cluster.write_kubeconfig(stack.kubeconfig, user=stack.cluster.user("nobody"))
    up = stack.up()
    assert up.code == 2
    assert 'User "nobody" cannot get resource "namespaces"' in up.err
    assert f"kubectl --context {stack.cluster.context} auth can-i --list" in up.err


@pytest.mark.full
def test_what_tilt_may_not_apply_is_shown_with_the_servers_words(stack: Stack) -> None:
    stack.agree()
    kube = stack.cluster.kube
    name = f"looker-{stack.namespace}"
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    everything = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}
    kube.create("/apis/rbac.authorization.k8s.io/v1/clusterroles", {"metadata": {"name": name}, "rules": [everything]})
    kube.create(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        {"metadata": {"name": name}, "roleRef": role, "subjects": [{"kind": "User", "name": name}]},
    )
    stack.cluster.write_kubeconfig(stack.kubeconfig, user=stack.cluster.user(name))
    up = stack.up_until(lambda up: "Tilt could not apply it" in up.out, seconds=8)
    assert (up.code, "forbidden" in up.out) == (1, True), up.out


@pytest.mark.parametrize("how", ["expired", pytest.param("withdrawn", marks=pytest.mark.full)])
@pytest.mark.full
def test_a_token_that_is_no_longer_good_ends_the_wait_at_once(stack: Stack, stores: Stores, how: str) -> None:
    stores.serve(stack.cluster, stack.namespace)
    name = f"robot-{stack.namespace}"
    token = stack.cluster.token(name, is_expired=how == "expired")
    stack.cluster.write_kubeconfig(stack.kubeconfig, user={"token": token})
    stack.annotate("redis", "pulling")
    kube = stack.cluster.kube

    def withdraw() -> None:
        kube.until(lambda: stack.get("/api/v1/…/pods/redis-0"), 60)
        kube.delete(f"/api/v1/namespaces/default/serviceaccounts/{name}")

    thread = threading.Thread(target=withdraw)
    if how == "withdrawn":
        thread.start()
    up = stack.up("--timeout", "60")
    if how == "withdrawn":
        thread.join()
    assert up.code == 2, up.out
    assert "does not accept the credentials" in up.err
    assert "kind export kubeconfig --name bed" in up.err
    assert token not in up.err + up.out


@pytest.mark.full
def test_without_tilt_on_path_up_says_how_to_install_it(stack: Stack) -> None:
    path = os.pathsep.join(each for each in os.environ["PATH"].split(os.pathsep) if "tilt" not in each)
    up = stack.up(env={"PATH": path})
    assert (up.code, "tilt is not on PATH" in up.err, "brew install" in up.err) == (2, True, True)


@pytest.mark.full
def test_a_broken_tiltfile_is_shown_in_tilts_words(stack: Stack) -> None:
    file = stack.checkout.root / "Tiltfile"
    file.write_text(f"{file.read_text()}\nk8s_resource('nobody')\n")
    assert stack.up_until(lambda up: "nobody" in up.out, seconds=8).code == 1


@pytest.mark.full
def test_a_port_that_somebody_else_has_is_named_with_another(stack: Stack, stores: Stores) -> None:
    stack.port = stores.http_port
    stack.checkout.configure(f"tilt-port = {stack.port}")
    up = stack.up()
    assert up.code == 2
    assert "already have another process on port" in up.err
    assert f"TILT_PORT={stack.port + 1} ./inv up" in up.err


@pytest.mark.full
def test_the_tilt_of_another_checkout_is_left_alone(stack: Stack, programs: dict[str, Any]) -> None:
    other = stack.home / "other"
    other.mkdir()
    (other / "Tiltfile").write_text("print('mine')\n")
    words = ["up", "--stream", "--port", str(stack.port), "-f", str(other / "Tiltfile")]
    tilt = Program("other", [str(programs["tilt"]), *words], stack.home, {**os.environ, **stack.environment()})
    tilt.start()
    try:
        tilt.wait(lambda: find_tilt(stack.port, stack.environment()) is not None)
        up = stack.up()
        assert up.code == 2
        assert str(other / "Tiltfile") in up.err
        assert f"TILT_PORT={stack.port + 1}" in up.err
        stack.agree()
        assert "nothing is up" in stack.run("down", "--yes").err
        assert is_alive(tilt.pid)
    finally:
        tilt.stop()


@pytest.mark.full
def test_a_tilt_that_applies_this_tiltfile_elsewhere_is_not_taken_for_ours(stack: Stack) -> None:
    stack.agree()
    elsewhere = stack.cluster.write_kubeconfig(stack.home / "elsewhere", context="kind-elsewhere")
    words = [str(stack.tilt), "up", "--stream", "--port", str(stack.port), "-f", str(stack.checkout.root / "Tiltfile")]
    env = stack.checkout.environment(**stack.environment(KUBECONFIG=str(elsewhere)))
    tilt = Program("elsewhere", words, stack.home, env)
    tilt.start()
    try:
        tilt.wait(lambda: (find_tilt(stack.port, stack.environment()) or NONE).context != "")
        up = stack.run("up", "--timeout", "20")
        assert up.code == 2
        assert "applies this Tiltfile to context kind-elsewhere, not to kind-bed" in up.err
        assert is_alive(tilt.pid)
    finally:
        tilt.stop()


@pytest.mark.full
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_that_is_interrupted_stops_the_tilt_that_it_started(stack: Stack, stores: Stores, number: int) -> None:
    stores.serve(stack.cluster, stack.namespace)
    stack.annotate("redis", "pulling")
    env = stack.checkout.environment(**stack.environment())
    words = stack.checkout.argv("up", "--yes", "--context", stack.cluster.context)
    up = subprocess.Popen(words, cwd=stack.checkout.root, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    stack.cluster.kube.until(lambda: stack.get("/api/v1/…/pods/redis-0"), 60)
    tilt = find_tilt(stack.port, stack.environment())
    assert tilt is not None
    up.send_signal(number)
    _, said = up.communicate(timeout=60)
    assert (up.returncode, b"everything started here is cleaned up" in said) == (128 + number, True), said
    assert not is_alive(tilt.pid)


@pytest.mark.full
def test_bad_options_say_what_to_write(stack: Stack) -> None:
    for words, sentence in (
        (("up", "--timeout", "soon"), "--timeout soon is no time"),
        (("down", "--timeout", "0"), "--timeout 0 is no time"),
        (("up", "--format", "sarif"), "--format sarif is not known"),
        (("up", "--context", "kind-nope"), "kind-nope"),
        (("status", "--context", "x", "--dsn", "host=h"), "--context says nothing with --engine dsn"),
        (("status", "--engine", "cluster", "--dsn", "host=h"), "--dsn says nothing with --engine cluster"),
        (("up", "--manifests", "nowhere"), "the manifests folder nowhere does not exist"),
    ):
        result = stack.run(*words)
        assert (result.code, sentence in result.err) == (2, True), result.err


@pytest.mark.full
def test_status_looks_at_the_manifests_and_migrations_that_are_named(stack: Stack) -> None:
    (stack.home / "k").mkdir()
    (stack.home / "k/one.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: only}}\n")
    stack.agree()
    report = stack.run("status", "--format", "json", "--manifests", str(stack.home / "k")).report()
    assert [(each["name"], each["state"]) for each in report["services"]] == [
        (stack.namespace, "missing"),
        ("only", "missing"),
    ]
    assert json.dumps(report["no_database"])


def test_a_cluster_can_be_named_in_the_place_of_the_bed(cluster: Cluster) -> None:
    named = NamedCluster(cluster.kubeconfig)
    assert (named.context, named.server, named.uid) == (cluster.context, cluster.server, cluster.uid)
