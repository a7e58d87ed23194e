"""Our own port-forward, to real servers behind pods of the real API server."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from devkit.cluster.api import Api
from devkit.cluster.failures import UnreachableError
from devkit.cluster.forward import Service, find_pod, forwarded
from devkit.cluster.kubeconfig import read_target
from devkit.postgres.dsn import local_dsn
from tests.testbed.cluster import Cluster
from tests.testbed.stores import Stores

PODS = "/api/v1/namespaces/{}/pods"


@pytest.fixture
def namespace(cluster: Cluster) -> Iterator[str]:
    """A namespace with a Deployment `db` behind a Service `db`, whose pods lead nowhere yet."""
    name = cluster.namespace()
    kube = cluster.kube
    kube.create("/api/v1/namespaces", {"metadata": {"name": name}})
    labels = {"app": "db"}
    container = {"name": "db", "image": "postgres", "ports": [{"name": "postgres", "containerPort": 5432}]}
    kube.create(
        f"/apis/apps/v1/namespaces/{name}/deployments",
        {
            "metadata": {"name": "db"},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        },
    )
    ports = [{"name": "sql", "port": 15432, "targetPort": "postgres"}]
    kube.create(
        f"/api/v1/namespaces/{name}/services",
        {"metadata": {"name": "db"}, "spec": {"selector": labels, "ports": ports}},
    )
    kube.until(lambda: [p for p in kube.get(PODS.format(name))["items"] if p["status"].get("phase") == "Running"])
    yield name
    kube.delete(f"/api/v1/namespaces/{name}")


@pytest.fixture
def api(cluster: Cluster) -> Iterator[Api]:
    with contextlib.closing(Api(read_target({"KUBECONFIG": str(cluster.kubeconfig)}))) as api:
        yield api


def ask(port: int, query: str) -> object:
    with psycopg.connect(local_dsn("app", "app", "any", port), connect_timeout=20) as session:
        row = session.execute(query.encode()).fetchone()
        return row[0] if row else None


def test_a_query_goes_through_it_by_the_name_of_the_pods_port(
    cluster: Cluster, stores: Stores, namespace: str, api: Api
) -> None:
    cluster.forward(namespace, {5432: stores.postgres_port})
    service = Service(namespace, "db", 15432)
    assert find_pod(api, service).port == 5432
    with forwarded(api, service) as forward:
        assert ask(forward.port, "SELECT 40 + 2") == 42
        long = ask(forward.port, "SELECT repeat('x', 3000000)")
        assert long == "x" * 3_000_000


@pytest.mark.full
def test_a_replaced_pod_carries_the_next_query(cluster: Cluster, stores: Stores, namespace: str, api: Api) -> None:
    cluster.forward(namespace, {5432: stores.postgres_port})
    kube = cluster.kube
    with forwarded(api, Service(namespace, "db", 15432)) as forward:
        (before,) = kube.get(PODS.format(namespace))["items"]
        running = psycopg.connect(local_dsn("app", "app", "any", forward.port))
        running.execute("SELECT 1")
        kube.delete(f"{PODS.format(namespace)}/{before['metadata']['name']}")
        assert ask(forward.port, "SELECT 2") == 2  # at once: it waits for the successor
        (after,) = (p for p in kube.get(PODS.format(namespace))["items"] if "deletionTimestamp" not in p["metadata"])
        assert after["metadata"]["uid"] != before["metadata"]["uid"]
        with pytest.raises(psycopg.OperationalError):  # and what ran in the old one is told, instead of waiting on
            running.execute("SELECT pg_sleep(60)")


@pytest.mark.full
def test_a_server_that_was_restarted_is_reached_again(
    cluster: Cluster, stores: Stores, namespace: str, api: Api
) -> None:
    cluster.forward(namespace, {5432: stores.postgres_port})
    with forwarded(api, Service(namespace, "db", 15432)) as forward:
        assert ask(forward.port, "SELECT 1") == 1
        stores.postgres.stop()
        with pytest.raises(psycopg.OperationalError):
            ask(forward.port, "SELECT 2")
        assert "connection refused" in forward.problem
        stores.postgres.start()
        assert ask(forward.port, "SELECT 3") == 3


@pytest.mark.full
def test_many_connections_at_once_do_not_mix(cluster: Cluster, stores: Stores, namespace: str, api: Api) -> None:
    cluster.forward(namespace, {5432: stores.postgres_port})
    answers: list[object] = []
    with forwarded(api, Service(namespace, "db", 15432)) as forward:

        def one(number: int) -> None:
            answers.append(ask(forward.port, f"SELECT {number} FROM pg_sleep(0.1)"))

        threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers, key=str) == sorted(range(20), key=str)


def test_without_a_pod_or_a_service_the_problem_is_named(cluster: Cluster, namespace: str, api: Api) -> None:
    cluster.kube.merge(f"/apis/apps/v1/namespaces/{namespace}/deployments/db", {"spec": {"replicas": 0}})
    cluster.kube.until(lambda: not cluster.kube.get(PODS.format(namespace))["items"])
    with pytest.raises(UnreachableError, match=f"no pod of service db runs in {namespace}"):
        find_pod(api, Service(namespace, "db", 15432))
    with forwarded(api, Service(namespace, "nobody", 1)) as forward:
        with socket.create_connection(("127.0.0.1", forward.port)) as near:
            near.settimeout(30)
            assert near.recv(1) == b""
        assert 'services "nobody" not found' in forward.problem


def test_it_closes_its_port_and_its_threads_end(cluster: Cluster, stores: Stores, namespace: str, api: Api) -> None:
    cluster.forward(namespace, {5432: stores.postgres_port})
    before = threading.active_count()
    with forwarded(api, Service(namespace, "db", 15432)) as forward:
        ask(forward.port, "SELECT 1")
        port = forward.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    deadline = time.monotonic() + 10
    while threading.active_count() > before:
        assert time.monotonic() < deadline, threading.enumerate()
        time.sleep(0.05)
