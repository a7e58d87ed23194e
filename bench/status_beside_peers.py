"""`./inv status` on the sample stack beside what a person would type instead, interleaved, on the test bed.

The peers tell less: kubectl shows pods and events, tilt its resources, and neither knows of the ledger, of the images
that the manifests name, or of which cluster this is.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from devkit.postgres.cache import find_cache
from tests.checkout import make_checkout
from tests.cluster.stack import Stack
from tests.testbed.cluster import Cluster
from tests.testbed.stores import serving
from tests.testbed.tools import build

ROUNDS = 7
TARGET_SECONDS = 1.5


def main() -> None:
    """Print the times, their ratios, and the target."""
    programs = build.programs()
    if programs is None:
        sys.exit("the test bed is not built: python -m tests.testbed.tools.build")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("bed", "home", "stores", "checkout"):
            (root / name).mkdir()
        cluster = Cluster(root / "bed", programs, "bench")
        cache = find_cache(os.environ)
        try:
            cluster.start()
            with serving(cache, root / "stores") as stores:
                stack = Stack(make_checkout(root / "checkout", cache.folder), cluster, programs["tilt"], root / "home")
                stores.serve(cluster, stack.namespace)
                _measure(stack)
                stack.clear()
        finally:
            cluster.stop()


def _measure(stack: Stack) -> None:
    began = time.monotonic()
    up = stack.up()
    took = time.monotonic() - began
    if up.code != 0:
        sys.exit(up.err)
    env = stack.checkout.environment(**stack.environment())
    commands = _commands(stack)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, words in commands.items():
            times[name].append(_timed(words, env, stack.checkout.root))
    medians = {name: statistics.median(each) for name, each in times.items()}
    peers = sum(each for name, each in medians.items() if not name.startswith("./inv"))
    print(f"\nthe sample stack, median of {ROUNDS} whole processes (./inv up from nothing: {took:.1f} s)")
    for name, median in medians.items():
        print(f"  {name:46}{median:6.2f} s   ratio {median / peers:5.2f} of both peers")
    print(f"  target for ./inv status: below {TARGET_SECONDS:.1f} s")


def _commands(stack: Stack) -> dict[str, list[str]]:
    found = {
        "./inv status": stack.checkout.argv("status"),
        "./inv --list (start-up alone)": stack.checkout.argv("--list"),
    }
    kubectl = shutil.which("kubectl")
    if kubectl:
        found["kubectl get all,pvc,events"] = [kubectl, "-n", stack.namespace, "get", "all,pvc,events"]
    found["tilt get uiresources"] = [str(stack.tilt), "get", "uiresources", "--port", str(stack.port)]
    return found


def _timed(words: list[str], env: Mapping[str, str], cwd: Path) -> float:
    began = time.monotonic()
    subprocess.run(words, env=env, cwd=cwd, check=True, capture_output=True)
    return time.monotonic() - began
