"""Every worker is registered once, whoever asks how often; against the stand-in's pg_dist_node."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devkit.errors import DevkitError
from devkit.postgres.cache import Cache
from devkit.postgres.dsn import local_dsn
from devkit.postgres.workers import Node, register_workers
from tests.server import Server, listening

COORDINATOR = Node("citus-coordinator", 5432)
WORKERS = (Node("citus-worker-0.citus-worker", 5432), Node("citus-worker-1.citus-worker", 5432))


@pytest.fixture(scope="module")
def server(found: Cache) -> Iterator[Server]:
    """A server with Citus, whose role app may do what the image's POSTGRES_USER may."""
    with listening(found) as server:
        yield server


@pytest.fixture
def dsn(server: Server) -> str:
    """An empty database with the extension."""
    with server.admin("template1") as admin:
        admin.execute("DROP DATABASE IF EXISTS app WITH (FORCE)")
    server.database("app")
    with server.admin("app") as admin:
        admin.execute("ALTER ROLE app SUPERUSER")
        admin.execute("CREATE EXTENSION citus")
    return local_dsn("app", "app", "secret-word", server.port)


def nodes(server: Server) -> list[tuple[int, str, int]]:
    with server.admin("app") as admin:
        return admin.execute("SELECT groupid, nodename, nodeport FROM pg_dist_node ORDER BY groupid").fetchall()


REGISTERED = [(0, *("citus-coordinator", 5432)), (1, WORKERS[0].host, 5432), (2, WORKERS[1].host, 5432)]


def test_workers_are_registered_once_also_after_a_second_run(server: Server, dsn: str) -> None:
    assert register_workers(dsn, COORDINATOR, WORKERS) == WORKERS
    assert nodes(server) == REGISTERED
    assert register_workers(dsn, COORDINATOR, WORKERS) == ()
    assert nodes(server) == REGISTERED


def test_one_more_worker_is_added_to_those_that_are_there(server: Server, dsn: str) -> None:
    assert register_workers(dsn, COORDINATOR, WORKERS[:1]) == WORKERS[:1]
    assert register_workers(dsn, COORDINATOR, WORKERS) == WORKERS[1:]
    assert nodes(server) == REGISTERED


def test_a_coordinator_that_calls_itself_localhost_gets_its_name_first(server: Server, dsn: str) -> None:
    with server.admin("app") as admin:  # the first create_… call enters it so
        admin.execute("CREATE TABLE t (id bigint PRIMARY KEY); SELECT create_reference_table('t')")
        with pytest.raises(Exception, match="coordinator hostname is set to localhost"):
            admin.execute("SELECT citus_add_node('citus-worker-0.citus-worker', 5432)")
    register_workers(dsn, COORDINATOR, WORKERS)
    assert nodes(server) == REGISTERED


def test_what_citus_refuses_is_said_in_its_words(server: Server, dsn: str) -> None:
    with server.admin("app") as admin:
        admin.execute("ALTER ROLE app NOSUPERUSER")
    with pytest.raises(
        DevkitError, match=r"Citus does not take the workers citus-worker-0.*permission denied"
    ) as raised:
        register_workers(dsn, COORDINATOR, WORKERS)
    assert "./inv status" in raised.value.cure
