"""A machine on which nothing was done yet: a clone, tools on PATH, no cluster. kind and k3d make the bed."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.checkout import ROOT, Checkout, Result
from tests.cluster.stack import processes
from tests.testbed.kube import Kube
from tests.testbed.programs import free_port
from tests.testbed.tools import build

NAMESPACE = "dev-infra"
# What doctor asks of the tools, answered as on a machine on which all is well; what runs in the node runs here.
_DOCKER = """\
#!/bin/sh
case "$*" in
  version*) echo '{"Client": {"Version": "29.1.0"}, "Server": {"Version": "29.1.0"}}' ;;
  info*) echo '{"CgroupVersion": "2", "MemTotal": 17179869184, "Architecture": "x86_64"}' ;;
  *inotify*) echo 512; echo 524288 ;;
  *getent*) echo "192.0.2.1 registry-1.docker.io" ;;
  exec*) shift 2; exec "$@" ;;
esac
"""
_KUBECTL = """\
#!/bin/sh
echo '{"clientVersion": {"major": "1", "minor": "36", "gitVersion": "v1.36.4"}}'
"""
_LOCAL = """\
#!/bin/sh
PYTHONPATH={root} exec {python} -m tests.testbed.local {tool} "$@"
"""
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT")


def write_tools(folder: Path) -> None:
    """Put what a person has installed beside Tilt into `folder`."""
    write_tool(folder, "docker", _DOCKER)
    write_tool(folder, "kubectl", _KUBECTL)
    for tool in ("kind", "k3d"):
        write_tool(folder, tool, _LOCAL.format(root=ROOT, python=sys.executable, tool=tool))


def write_tool(folder: Path, name: str, script: str) -> None:
    """Put a program into `folder`."""
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


@dataclasses.dataclass
class Newcomer:
    """`home` is the person's, `bin` the first folder on PATH."""

    checkout: Checkout
    tilt: Path
    home: Path

    def __post_init__(self) -> None:
        self.port = free_port()
        self.kubeconfig = self.home / "kubeconfig"
        self.bin = self.home / "bin"
        self.bin.mkdir()
        (self.home / "bed").mkdir()
        write_tools(self.bin)
        self.checkout.configure(f"tilt-port = {self.port}")
        self.settle(forwards=False, automatic=False)  # no fixed ports in tests

    def settle(self, **settings: bool) -> None:
        """Write the developer's own settings."""
        (self.checkout.root / "tilt_config.json").write_text(json.dumps(settings))

    def environment(self, **more: str) -> dict[str, str]:
        """The whole environment of this person, with the tests' virtual environment and cache."""
        names = ("DEVKIT_STATE", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TILT_DEV_DIR")
        places = {name: str(self.home / name.lower()) for name in names}
        for folder in places.values():
            Path(folder).mkdir(exist_ok=True)
        path = os.pathsep.join([str(self.bin), str(self.tilt.parent), os.environ["PATH"]])
        own = {"KUBECONFIG": str(self.kubeconfig), "TILT_DISABLE_ANALYTICS": "1", "PATH": path}
        built = str(build.cache_folder())
        bed = {"BED_HOME": str(self.home / "bed"), "BED_NAMESPACE": NAMESPACE, "DEVKIT_TESTBED_CACHE": built}
        env = self.checkout.environment(**places, **own, **bed, **more)
        return {name: value for name, value in env.items() if name not in _CERTIFICATES}

    def run(self, *words: str, **env: str) -> Result:
        """Run ./inv in the clone."""
        return self.command(self.checkout.argv(*words), **env)

    def command(self, argv: list[str], **env: str) -> Result:
        """Run a program in the clone, to its end."""
        done = subprocess.run(
            argv, cwd=self.checkout.root, env=self.environment(**env), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=280, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    def onboard(self, *words: str) -> Any:  # noqa: ANN401 - JSON
        """An onboarding that ends well; its report."""
        done = self.run("onboard", "--yes", "--format", "json", *words)
        assert done.code == 0, done.out[-6000:] + done.err[-3000:]
        return done.report()

    def asked(self) -> list[str]:
        """How kind and k3d were called, without questions."""
        file = self.home / "bed/journal"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.split()[1] not in {"version", "--version", "get", "node"}]

    def kube(self) -> Kube:
        """The API server of the current context, as its administrator."""
        from devkit.cluster.credentials import credentials_of
        from devkit.cluster.kubeconfig import read_target

        target = read_target({"KUBECONFIG": str(self.kubeconfig)})
        return Kube(target.server, credentials_of(target).context())

    def clear(self) -> None:
        """Take everything away that a test may have left."""
        for pid in processes(str(self.checkout.root)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for tool in ("kind", "k3d"):
            for cluster in (self.home / "bed" / tool).glob("*"):
                self.command([str(self.bin / tool), "delete", "cluster", "--name", cluster.name])
