"""`./inv reset` on the sample beside what a person would type instead, interleaved, on the test bed.

The peers are kubectl delete namespace and tilt ci, which brings everything up, migrates and verifies by the same
Tiltfile. They ask nobody, seed nothing, and wait as long as the namespace takes when everything in it goes at once.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from devkit.postgres.cache import find_cache
from tests.checkout import make_checkout
from tests.cluster.living import living
from tests.cluster.stack import Stack
from tests.testbed.cluster import Cluster
from tests.testbed.tools import build

ROUNDS = 3
TARGET_SECONDS = 30.0


def main() -> None:
    """Print the times, their ratio, and the target."""
    programs = build.programs()
    kubectl = shutil.which("kubectl")
    if programs is None or kubectl is None:
        sys.exit("the test bed is not built (python -m tests.testbed.tools.build), or kubectl is not on PATH")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("bed", "home", "services", "checkout"):
            (root / name).mkdir()
        cluster = Cluster(root / "bed", programs, "bench")
        cache = find_cache(os.environ)
        try:
            cluster.start()
            stack = Stack(make_checkout(root / "checkout", cache.folder), cluster, programs["tilt"], root / "home")
            stack.settle(forwards=False)
            with living(stack, cache, root / "services"):
                _measure(stack, kubectl)
                stack.clear()
        finally:
            cluster.stop()


def _measure(stack: Stack, kubectl: str) -> None:
    env = stack.checkout.environment(**stack.environment())
    reset = stack.checkout.argv("reset", "--yes", "--context", stack.cluster.context)
    delete = [kubectl, "delete", "namespace", stack.namespace, "--wait"]
    bring_up = [str(stack.tilt), "ci", "--port", str(stack.port)]
    times: dict[str, list[float]] = {"./inv reset": [], "kubectl delete namespace": [], "tilt ci": []}
    _timed(reset, env, stack.checkout.root)  # from nothing
    for _ in range(ROUNDS):
        times["./inv reset"].append(_timed(reset, env, stack.checkout.root))
        _stop_tilt(stack)
        times["kubectl delete namespace"].append(_timed(delete, env, stack.checkout.root))
        times["tilt ci"].append(_timed(bring_up, env, stack.checkout.root))
    medians = {name: statistics.median(each) for name, each in times.items()}
    peers = medians["kubectl delete namespace"] + medians["tilt ci"]
    print(f"\nthe sample stack made anew, median of {ROUNDS} whole processes")
    for name, median in medians.items():
        print(f"  {name:28}{median:6.2f} s   ratio {median / peers:5.2f} of both peers")
    print(f"  target for ./inv reset: below {TARGET_SECONDS:.0f} s")


def _stop_tilt(stack: Stack) -> None:
    report = stack.run("status", "--format", "json").report()
    os.kill(report["tilt"]["pid"], signal.SIGTERM)
    while stack.run("status", "--format", "json").report()["tilt"]:
        time.sleep(0.2)


def _timed(words: list[str], env: Mapping[str, str], cwd: Path) -> float:
    began = time.monotonic()
    subprocess.run(words, env=env, cwd=cwd, check=True, capture_output=True)
    return time.monotonic() - began
