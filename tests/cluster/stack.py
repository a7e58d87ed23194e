"""A checkout whose sample lives in a namespace of the test's own, with a Tilt of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import time
import urllib.error
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.checkout import Checkout, Result
from tests.testbed.cluster import Cluster
from tests.testbed.programs import free_port
from tests.testbed.stages import ANNOTATION


@dataclasses.dataclass
class Stack:
    """`home` holds what devkit and Tilt keep of their own; `port` is Tilt's."""

    checkout: Checkout
    cluster: Cluster
    tilt: Path
    home: Path

    def __post_init__(self) -> None:
        self.namespace = self.cluster.namespace()
        self.port = free_port()
        self.kubeconfig = self.home / "kubeconfig"
        self.kubeconfig.write_bytes(self.cluster.kubeconfig.read_bytes())
        self.checkout.configure(f'namespace = "{self.namespace}"')
        self.checkout.configure(f"tilt-port = {self.port}")
        self.checkout.configure("ready-timeout-seconds = 120")  # what does not come up says why while the test waits
        self.settle(forwards=False, automatic=False)  # no fixed ports in tests

    def settle(self, **settings: bool) -> None:
        """Write the developer's own settings."""
        (self.checkout.root / "tilt_config.json").write_text(json.dumps(settings))

    def environment(self, **more: str) -> dict[str, str]:
        """Where devkit and Tilt find and keep their things in this test."""
        places = {
            name: str(self.home / name.lower())
            for name in ("DEVKIT_STATE", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TILT_DEV_DIR")
        }
        for folder in places.values():
            Path(folder).mkdir(exist_ok=True)
        path = f"{self.tilt.parent}{os.pathsep}{os.environ['PATH']}"
        return {**places, "KUBECONFIG": str(self.kubeconfig), "TILT_DISABLE_ANALYTICS": "1", "PATH": path, **more}

    def run(self, *words: str, env: Mapping[str, str] | None = None) -> Result:
        """Run ./inv in the checkout, meant for this namespace."""
        return self.checkout.run(*words, env=self.environment(**(env or {})))

    def up(self, *words: str, env: Mapping[str, str] | None = None) -> Result:
        """Run ./inv up, agreeing to the cluster."""
        return self.run("up", "--yes", "--context", self.cluster.context, *words, env=env)

    def up_until(self, is_so: Callable[[Result], bool], *words: str, seconds: float) -> Result:
        """Run ./inv up for `seconds` at a time until a run is as wanted: on busy cores Tilt takes its time."""
        deadline = time.monotonic() + 120
        while not is_so(up := self.up("--timeout", f"{seconds:g}", *words)):
            assert time.monotonic() < deadline, up
        return up

    def agree(self) -> None:
        """What the first ./inv up does before anything else: the cluster is agreed to."""
        from devkit.cluster.proof import agree, prove
        from devkit.config import load_project

        environ = {**os.environ, **self.environment()}
        agree(prove(load_project(self.checkout.root).settings, environ), lambda _plan, _word, _may: None)

    def annotate(self, workload: str, behaviour: str) -> None:
        """Have the pods of a workload behave as tests/testbed/stages.py names it."""
        file = self.checkout.manifests / f"{workload}.yaml"
        before, template, after = file.read_text().partition("  template:\n    metadata:\n")
        assert template
        file.write_text(f"{before}{template}      annotations:\n        {ANNOTATION}: {behaviour}\n{after}")

    def replace(self, workload: str, old: str, new: str) -> None:
        """Change a manifest's text."""
        file = self.checkout.manifests / f"{workload}.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """An object or list of the namespace, as /apis/apps/v1/…/statefulsets with … for the namespace."""
        return self.cluster.kube.find(path.replace("…", f"namespaces/{self.namespace}"))

    def clear(self) -> None:
        """Take everything away that a test may have left."""
        for pid in processes(str(self.checkout.root)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(urllib.error.HTTPError):
            self.cluster.kube.delete(f"/api/v1/namespaces/{self.namespace}")
        with contextlib.suppress(urllib.error.HTTPError):
            self.cluster.kube.delete(f"/api/v1/namespaces/default/configmaps/devkit-{self.namespace}")


def processes(word: str) -> list[int]:
    """The processes that have `word` in their command line: our Tilt names its Tiltfile there."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    found = (line.split(None, 1) for line in listed.splitlines() if word in line)
    return [int(pid) for pid, args in found if " up " in args]
