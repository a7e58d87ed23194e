"""kind and k3d as far as devkit calls them, with the bed as the cluster: python -m tests.testbed.local kind|k3d WORDS

A cluster is a process of its own that outlives the command, as a container does; its folder is below BED_HOME, and is
there from the first moment, so that a half-made cluster is listed. As with the real ones the kubeconfig is written at
the very end. Behind the pods of the namespace BED_NAMESPACE are the servers of the living stack.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from devkit.postgres.cache import find_cache, memory_folder
from tests.testbed.cluster import Cluster
from tests.testbed.pod_servers import PodServers
from tests.testbed.services import Services
from tests.testbed.tools import build

PREFIX = {"kind": "kind-", "k3d": "k3d-"}
NODE = {"kind": "kind://docker/{0}/{0}-control-plane", "k3d": "k3s://k3d-{0}-server-0"}
VERSIONS = {"kind": "kind v0.33.0 go1.26.4 linux/amd64", "k3d": "k3d version v5.9.0"}
_SECONDS = 120


class Local(Cluster):
    """The bed as a cluster of `tool`."""

    def __init__(self, tool: str, name: str, folder: Path) -> None:
        programs = build.programs()
        assert programs is not None, "the test bed is not built"
        super().__init__(folder, programs, name)
        self.context = f"{PREFIX[tool]}{name}"
        self.node = NODE[tool].format(name)
        self.write_kubeconfig(folder / "kubeconfig")

    def add_node(self, name: str, provider_id: str, **labels: str) -> None:
        """The one node, as `tool` calls it."""
        del provider_id
        super().add_node(name, self.node, **labels)


def home(tool: str) -> Path:
    """Where the clusters of `tool` are."""
    return Path(os.environ["BED_HOME"], tool)


def create(tool: str, name: str) -> int:
    """Make a cluster, and write its context down once a node is ready."""
    folder = home(tool) / name
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        say(f'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "{name}"')
        return 1
    say(f'Creating cluster "{name}" ...')
    with (folder / "log").open("w") as log:
        node = subprocess.Popen(
            [sys.executable, "-m", "tests.testbed.local", tool, "node", name],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    (folder / "pid").write_text(str(node.pid))
    say(" • Starting control-plane")
    deadline = time.monotonic() + _SECONDS
    while not (folder / "ready").exists():
        if node.poll() is not None or time.monotonic() > deadline:
            say(f"ERROR: failed to create cluster: {(folder / 'log').read_text()[-2000:].splitlines()}")
            return 1
        time.sleep(0.05)
    _merge(json.loads((folder / "kubeconfig").read_text()))
    say(f'Set kubectl context to "{PREFIX[tool]}{name}"')
    return 0


def delete(tool: str, name: str) -> int:
    """Delete a cluster with all of it; one that is not there is none."""
    folder = home(tool) / name
    say(f'Deleting cluster "{name}" ...')
    if folder.exists():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(pid := int((folder / "pid").read_text()), signal.SIGTERM)
            _gone(pid)
        shutil.rmtree(folder, ignore_errors=True)
    _unmerge(f"{PREFIX[tool]}{name}")
    return 0


def export(tool: str, name: str) -> int:
    """Write the context of a cluster down."""
    _merge(json.loads((home(tool) / name / "kubeconfig").read_text()))
    return 0


def node(tool: str, name: str) -> int:
    """Be the cluster, until SIGTERM."""
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    folder = home(tool) / name
    with _running(Local(tool, name, folder)) as cluster, Services(folder) as services:
        cache = dataclasses.replace(find_cache(os.environ), memory=memory_folder())
        with PodServers(cache, cluster, os.environ["BED_NAMESPACE"]) as databases:
            databases.serve(services.ports())
            (folder / "ready").touch()
            over.wait()
    return 0


@contextlib.contextmanager
def _running(cluster: Cluster) -> Iterator[Cluster]:
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def _gone(pid: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        os.kill(pid, 0)  # ProcessLookupError ends it
        time.sleep(0.05)


def _merge(added: Any) -> None:  # noqa: ANN401 - JSON
    """Add entries to the first file of KUBECONFIG; its context becomes the current one."""
    file = Path(os.environ["KUBECONFIG"].split(os.pathsep)[0])
    before: Any = json.loads(file.read_text()) if file.exists() else {"apiVersion": "v1", "kind": "Config"}
    for kind in ("clusters", "users", "contexts"):
        names = {each["name"] for each in added[kind]}
        before[kind] = [*(each for each in before.get(kind, []) if each["name"] not in names), *added[kind]]
    before["current-context"] = added["current-context"]
    file.write_text(json.dumps(before))


def _unmerge(name: str) -> None:
    file = Path(os.environ["KUBECONFIG"].split(os.pathsep)[0])
    if not file.exists():
        return
    config = json.loads(file.read_text())
    for kind in ("clusters", "users", "contexts"):
        config[kind] = [each for each in config.get(kind, []) if each["name"] != name]
    if config.get("current-context") == name:
        config["current-context"] = ""
    file.write_text(json.dumps(config))


def say(line: str) -> None:
    """A line for whoever called us, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(tool: str, words: list[str]) -> int:
    """One command of `tool`; the exit code."""
    with (Path(os.environ["BED_HOME"]) / "journal").open("a") as journal:
        journal.write(f"{tool} {' '.join(words)}\n")
    verb, *options = (word for word in words if word not in {"cluster", "kubeconfig"})
    if verb in {"version", "--version"}:
        say(VERSIONS[tool])
        return 0
    if verb == "get":
        say("\n".join(sorted(each.name for each in home(tool).glob("*"))) or "No kind clusters found.")
        return 0
    does = {"create": create, "delete": delete, "export": export, "node": node}[verb]
    return does(tool, options[options.index("--name") + 1] if "--name" in options else options[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
