"""The nodes of a Citus cluster: the coordinator's own name, and every worker registered once."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence

import psycopg

from devkit.errors import DevkitError
from devkit.postgres.dsn import connection, refused

_NODES = "SELECT groupid, nodename, nodeport FROM pg_catalog.pg_dist_node WHERE noderole = 'primary'"
_COORDINATOR_GROUP = 0  # COORDINATOR_GROUP_ID (worker_manager.h)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Node:
    """Where the other nodes reach a node."""

    host: str
    port: int


def register_workers(dsn: str, coordinator: Node, workers: Sequence[Node]) -> tuple[Node, ...]:
    """Register what of `workers` the coordinator behind `dsn` does not know yet; returns those.

    The coordinator gets its name first: the workers have to reach it, and Citus refuses them while it is localhost
    (node_metadata.c:2153). DevkitError with Citus's words when it refuses: a worker that it cannot log in to.
    """
    with contextlib.closing(connection(dsn, "devkit workers")) as session:
        try:
            groups = {Node(host, port): group for group, host, port in session.execute(_NODES).fetchall()}
            if groups.get(coordinator) != _COORDINATOR_GROUP:
                session.execute(
                    "SELECT pg_catalog.citus_set_coordinator_host(%s, %s)", (coordinator.host, coordinator.port)
                )
            new = tuple(each for each in workers if each not in groups)
            for each in new:  # a second one at the same time is no harm: citus_add_node returns the node that is there
                session.execute("SELECT pg_catalog.citus_add_node(%s, %s)", (each.host, each.port))
        except psycopg.Error as error:
            names = ", ".join(f"{each.host}:{each.port}" for each in workers)
            raise _refused(names, error) from None
    return new


def _refused(names: str, error: psycopg.Error) -> DevkitError:
    cure = "see whether the workers run, and take the same password: ./inv status; then run the same command again"
    return refused(f"Citus does not take the workers {names}", error, cure)
