"""The sample with real servers behind its simulated pods."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg

from devkit.postgres.cache import Cache
from tests.cluster.stack import Stack
from tests.testbed.cluster import Cluster
from tests.testbed.pod_servers import PodServers
from tests.testbed.services import Services

_SHOWN = 12_000  # characters


class Living:
    """A stack, and the servers that its pods lead to."""

    def __init__(self, stack: Stack, databases: PodServers, services: Services) -> None:
        self.stack = stack
        self.databases = databases
        self.services = services

    def database(self) -> contextlib.AbstractContextManager[psycopg.Connection]:
        """The newest pod's database, as its administrator."""
        return self.databases.server.admin("app")

    def identifier(self) -> int:
        """What makes that server this one."""
        with self.database() as admin:
            ((found,),) = admin.execute("SELECT system_identifier FROM pg_control_system()").fetchall()
        return int(found)

    def volumes(self) -> set[str]:
        """The UIDs of the volume claims."""
        return {each["metadata"]["uid"] for each in self.stack.get("/api/v1/…/persistentvolumeclaims")["items"]}

    def tilts(self) -> list[str]:
        """The Tilts that follow this checkout's Tiltfile."""
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True)
        word = str(self.stack.checkout.root)
        return [line for line in listed.stdout.splitlines() if word in line and " up " in line]

    def buttons_said(self) -> str:
        """The last that Tilt, and whatever its buttons ran, wrote: for a test that fails to show."""
        logs = (self.stack.home / "devkit_state").rglob("tilt.log")
        return "\n".join(log.read_text(errors="replace")[-_SHOWN:] for log in logs)

    def strays(self) -> list[str]:
        """What a reset should not leave: half-written files of ours, scratch databases, namespaces that are going."""
        state = self.stack.home / "devkit_state"
        files = [
            str(path) for path in state.rglob("*") if path.is_file() and path.suffix not in {".json", ".lock", ".log"}
        ]
        with self.database() as admin:
            found = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'devkit%'").fetchall()
        namespace = self.stack.cluster.kube.get(f"/api/v1/namespaces/{self.stack.namespace}")
        going = [self.stack.namespace] if "deletionTimestamp" in namespace["metadata"] else []
        return [path for path in files if Path(path).name != "kubeconfig"] + [name for (name,) in found] + going


@contextlib.contextmanager
def living(stack: Stack, cache: Cache, folder: Path) -> Iterator[Living]:
    """Servers behind the stack's pods, while the context lasts."""
    cluster = stack.cluster
    assert isinstance(cluster, Cluster)
    with Services(folder) as services, PodServers(cache, cluster, stack.namespace) as databases:
        databases.serve(services.ports())
        yield Living(stack, databases, services)
