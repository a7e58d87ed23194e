"""The cluster of a page: the test bed as the kind cluster `dev`, with real servers behind the sample's pods."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from devkit.postgres.cache import Cache
from tests.need import missing, need
from tests.testbed.cluster import Cluster
from tests.testbed.pod_servers import PodServers
from tests.testbed.programs import two_free_ports
from tests.testbed.services import Services
from tests.testbed.tools import build

NAME, NAMESPACE = "dev", "dev-infra"
UP = f"./inv up --yes --context kind-{NAME}"
TILT_PORT = 10350


@dataclasses.dataclass(frozen=True, slots=True)
class Bed:
    """The running cluster, and what leads programs there."""

    cluster: Cluster
    folder: Path
    port: int

    def environment(self) -> Mapping[str, str]:
        """Where devkit, kubectl and Tilt find the cluster, and keep their things."""
        places = {name: self.folder / name.lower() for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "TILT_DEV_DIR")}
        for place in places.values():
            place.mkdir(exist_ok=True, mode=0o700)
        return {
            **{name: str(place) for name, place in places.items()},
            "KUBECONFIG": str(self.cluster.kubeconfig),
            "TILT_PORT": str(self.port),
            "TILT_DISABLE_ANALYTICS": "1",
        }

    def addresses(self) -> Mapping[str, str]:
        """What pages call things of it, and where they are: tests have no fixed ports."""
        return {
            "https://127.0.0.1:6443": self.cluster.server,
            f"localhost:{TILT_PORT}": f"localhost:{self.port}",
            "~/.kube/config": str(self.cluster.kubeconfig),
            "~/.local/state": str(self.folder),
        }

    def asked(self) -> int:
        """How many requests people's programs have sent so far: Tilt itself never rests."""
        return sum(each.agent.startswith(("devkit", "kubectl")) for each in self.cluster.requests())


@contextlib.contextmanager
def bed(cache: Cache, copy: Path, folder: Path) -> Iterator[Bed]:
    """A cluster of the page's own, nothing in it yet; what the page has started goes with it."""
    programs = build.programs()
    if programs is None:
        missing("the test bed is not built: python -m tests.testbed.tools.build (it needs Go)")
    need("openssl")
    place = folder / "bed"
    place.mkdir()
    for name in ("tilt", "kubectl"):
        (folder / "bin" / name).symlink_to(programs[name])
    (copy / "tilt_config.json").write_text(json.dumps({"forwards": False, "automatic": False}))  # no fixed ports
    cluster = Cluster(place, programs, NAME)
    try:
        cluster.start()
        with Services(place) as services, PodServers(cache, cluster, NAMESPACE) as databases:
            databases.serve(services.ports())
            try:
                yield Bed(cluster, place, two_free_ports())  # a page counts one on for a second stack
            finally:
                end_tilts(folder)
    finally:
        cluster.stop()


def end_tilts(folder: Path) -> None:
    """End what follows a Tiltfile of the page, a second checkout's too: a Tilt outlives the command that started it."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        pid, _, words = line.strip().partition(" ")
        if str(folder) in words and " up " in words:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
