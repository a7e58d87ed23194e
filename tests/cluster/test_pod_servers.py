"""The bed's database pods: a pod made anew under its name has another server, with nothing in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
import pytest

from devkit.cluster.api import Api
from devkit.cluster.forward import Service, forwarded
from devkit.cluster.kubeconfig import read_target
from devkit.postgres.cache import Cache
from devkit.postgres.dsn import local_dsn
from tests.testbed.cluster import Cluster
from tests.testbed.pod_servers import PodServers

POD = "citus-coordinator-0"


@pytest.fixture
def namespace(cluster: Cluster) -> Iterator[str]:
    """A namespace with a Service `db` that has no pod yet."""
    name = cluster.namespace()
    kube = cluster.kube
    kube.create("/api/v1/namespaces", {"metadata": {"name": name}})
    spec = {"selector": {"app": "db"}, "ports": [{"port": 5432}]}
    kube.create(f"/api/v1/namespaces/{name}/services", {"metadata": {"name": "db"}, "spec": spec})
    kube.until(lambda: kube.find(f"/api/v1/namespaces/{name}/serviceaccounts/default"))  # no pod without it
    yield name
    kube.delete(f"/api/v1/namespaces/{name}")


def make_pod(cluster: Cluster, namespace: str) -> str:
    """The UID of a new pod, which runs."""
    pods = f"/api/v1/namespaces/{namespace}/pods"
    container = {"name": "db", "image": "postgres", "ports": [{"containerPort": 5432}]}
    made = cluster.kube.create(
        pods, {"metadata": {"name": POD, "labels": {"app": "db"}}, "spec": {"containers": [container]}}
    )
    cluster.kube.until(lambda: cluster.kube.get(f"{pods}/{POD}")["status"].get("phase") == "Running")
    return str(made["metadata"]["uid"])


def connect(port: int) -> psycopg.Connection:
    return psycopg.connect(local_dsn("app", "app", "any", port), autocommit=True, connect_timeout=20)


def look(port: int) -> tuple[object, bool]:
    """The server's identifier, and whether it has the table `kept`."""
    with connect(port) as session:
        row = session.execute("SELECT system_identifier, to_regclass('kept') FROM pg_control_system()").fetchone()
    assert row is not None
    return row[0], row[1] is not None


@pytest.mark.full
def test_a_pod_made_anew_under_its_name_has_a_server_of_its_own(cluster: Cluster, found: Cache, namespace: str) -> None:
    with (
        PodServers(found, cluster, namespace) as servers,
        contextlib.closing(Api(read_target({"KUBECONFIG": str(cluster.kubeconfig)}))) as api,
        forwarded(api, Service(namespace, "db", 5432)) as forward,
    ):
        first = make_pod(cluster, namespace)
        with connect(forward.port) as session:
            session.execute("CREATE TABLE kept ()")
        before, has_table = look(forward.port)
        assert has_table
        folder = servers.server.folder

        pod = f"/api/v1/namespaces/{namespace}/pods/{POD}"
        cluster.kube.delete(pod)
        cluster.kube.until(lambda: cluster.kube.find(pod) is None)
        assert make_pod(cluster, namespace) != first
        after, has_table = look(forward.port)
        assert after != before
        assert not has_table
        assert not folder.exists()
        with servers.server.admin("app") as admin:
            assert admin.execute("SELECT system_identifier FROM pg_control_system()").fetchone() == (after,)
