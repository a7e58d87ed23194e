"""Workers registered once, and two developers on one cluster who do not touch each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from devkit.postgres.cache import Cache
from tests.cluster.danger import share
from tests.cluster.living import living
from tests.cluster.stack import Stack
from tests.testbed.cluster import Cluster

SHARED = "team-bed"


@pytest.mark.full
def test_two_workers_are_registered_once_also_after_a_second_run(
    stack: Stack, found: Cache, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stack.checkout.configure("citus-workers = 2")
    nodes = [(0, "citus-coordinator", 5432)] + [(n, f"citus-worker-{n - 1}.citus-worker", 5432) for n in (1, 2)]
    with living(stack, found, tmp_path_factory.mktemp("services")) as alive:
        for _ in range(2):
            up = stack.up("--format", "json")
            assert up.code == 0, up.err
            assert {each["name"]: each["state"] for each in up.report()["services"]}["citus-worker"] == "ready"
            assert stack.get("/apis/apps/v1/…/statefulsets/citus-worker")["spec"]["replicas"] == 2
            with alive.database() as admin:
                found_nodes = admin.execute(
                    "SELECT groupid, nodename, nodeport FROM pg_dist_node ORDER BY 1"
                ).fetchall()
            assert found_nodes == nodes
        done = stack.run("reset", "--yes")
        assert done.code == 0, done.out + done.err
        with alive.database() as admin:
            assert admin.execute("SELECT count(*) FROM pg_dist_node").fetchall() == [(3,)]


def of_a_developer(stack: Stack, prefix: str, label: str) -> None:
    """The stack in a namespace of a developer's own, on a cluster that is allowed by its UID alone."""
    stack.checkout.configure(f'namespace = "{prefix}-{{user}}"')
    stack.namespace = f"{prefix}-{label}"
    stack.cluster.write_kubeconfig(stack.kubeconfig, context=SHARED)


@pytest.mark.full
def test_two_developers_on_one_cluster_do_not_touch_each_other(
    cluster: Cluster, make_stack: Callable[[Cluster], Stack], found: Cache, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stack = make_stack(cluster)
    shared = stack.namespace
    of_a_developer(stack, shared, "ada-l")
    share(stack)  # in the pyproject.toml that both of them have
    with living(stack, found, tmp_path_factory.mktemp("services")) as ada:
        done = stack.run("reset", "--yes", "--context", SHARED, env={"LOGNAME": "Ada.L"})
        assert done.code == 0, done.out + done.err
        before = ada.identifier(), ada.volumes()
        pods = {each["metadata"]["uid"] for each in stack.get("/api/v1/…/pods")["items"]}

        # the other has another home; repository and cluster are the same
        other = make_stack(cluster)
        of_a_developer(other, shared, "bob")
        with living(other, found, tmp_path_factory.mktemp("services")):
            for verb in ("reset", "reset", "down"):
                words = ("--yes",) if verb == "down" else ("--yes", "--context", SHARED)
                done = other.run(verb, *words, env={"LOGNAME": "bob", "TILT_PORT": str(other.port)})
                assert done.code == 0, done.out + done.err
                assert f"namespace {shared}-bob" in done.err
        assert (ada.identifier(), ada.volumes()) == before
        assert {each["metadata"]["uid"] for each in stack.get("/api/v1/…/pods")["items"]} == pods
        verified = stack.run("verify", "--engine", "cluster", env={"LOGNAME": "Ada.L"})
        assert verified.code == 0, verified.out
    for name in (f"{shared}-ada-l", f"{shared}-bob"):
        cluster.kube.delete(f"/api/v1/namespaces/{name}")
        marker = f"/api/v1/namespaces/default/configmaps/devkit-{name}"
        assert cluster.kube.find(marker)
        cluster.kube.delete(marker)
