"""1,000 manifests with 3,000 uses of 40 images: found and rewritten beside kbld, and checked offline."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.peers import kbld
from devkit.config import load_project
from devkit.images.name import Name
from devkit.images.resolved import OCI_INDEX, Child, Resolved
from devkit.pin.plan import plan_pins
from devkit.pin.tree import read_tree
from devkit.pin.write import write
from devkit.postgres.cache import memory_folder
from devkit.verify.inputs import Request

FILES = 1000
DISTINCT = 40
ROUNDS = 5
REWRITE_TARGET, CHECK_TARGET = 2.0, 1.0
ROOT = Path(__file__).resolve().parent.parent
_FILE = """\
# Deployment {0}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{0}
  labels: {{app: web-{0}}}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web-{0}
  template:
    metadata:
      labels:
        app: web-{0}
    spec:
      initContainers:
        - name: wait
          image: {1}
          command: [sh, -c, "until nc -z db 5432; do sleep 1; done"]
      containers:
        - name: web
          image: "{2}" # the application
          ports:
            - containerPort: 8080
          env:
            - name: LEVEL
              value: 'on'
          readinessProbe:
            httpGet: {{path: /ready, port: 8080}}
        - name: side
          image: {3}
          resources:
            limits: {{cpu: 500m, memory: 64Mi}}
"""


def image(number: int) -> str:
    """One of the images."""
    return f"registry.example/team/app-{number % DISTINCT}:1.{number % DISTINCT}.0"


def digest(text: str) -> str:
    """A digest for what nobody pulls."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def make(root: Path, files: int) -> Request:
    """A project with `files` manifests of three images each."""
    folder = root / "infra/k8s"
    folder.mkdir(parents=True)
    for number in range(files):
        images = (image(3 * number + each) for each in range(3))
        (folder / f"web-{number}.yaml").write_text(_FILE.format(number, *images))
    (root / "pyproject.toml").write_text("[tool.devkit]\n")
    return request(root)


def request(root: Path) -> Request:
    """What ./inv pin works on in `root`."""
    return Request(load_project(root), root / "infra/migrations", root / "infra/k8s")


def answer(names: Iterable[Name], known: Mapping[str, Resolved]) -> dict[Name, Resolved]:
    """What registries would say, from no network: looking up is not what is measured."""
    del known
    return {name: _resolved(str(name)) for name in names}


def _resolved(name: str) -> Resolved:
    children = (
        Child(each, digest(f"{name} {each}"), digest(f"{name} {each} c"), 1) for each in ("linux/amd64", "linux/arm64")
    )
    return Resolved(digest(name), OCI_INDEX, tuple(children))


def rewrite(root: Path) -> None:
    """Pin what is in `root`, in this process, and say how much memory that took."""
    tree = read_tree(request(root), root / "infra/images.lock")
    plan = plan_pins(tree, None, answer)
    assert len(tree.pins.uses) == 3 * (len(plan.contents) - 1), "every file has three images, and changes"
    write(tree, plan.contents)
    print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def timed(argv: list[str], **more: str) -> tuple[float, bytes]:
    """Seconds of a process, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(argv, cwd=ROOT, env={**os.environ, **more}, capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.decode())
    return time.perf_counter() - started, done.stdout


def kbld_config(root: Path) -> Path:
    """kbld's own lock: every image resolved already, so that it asks no registry either."""
    overrides = [
        {"image": image(number), "newImage": f"{image(number).rpartition(':')[0]}@{digest(image(number))}",
         "preresolved": True}
        for number in range(DISTINCT)
    ]  # fmt: skip
    file = root / "kbld.json"
    config = {"apiVersion": "kbld.k14s.io/v1alpha1", "kind": "Config", "overrides": overrides}
    file.write_text(json.dumps(config))
    return file


def main() -> None:
    """Print the times, their ratio, the memory and the targets."""
    times: dict[str, list[float]] = {"devkit": [], "check": [], "kbld": []}
    peaks = {}
    peer = kbld()
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:  # the disk is not what is measured
        config = kbld_config(Path(folder))
        for number in range(ROUNDS):
            root = Path(folder) / str(number)  # nobody pins the same files five times
            make(root, FILES)
            seconds, said = timed([sys.executable, "-m", "bench.pin_beside_kbld", "rewrite", str(root)])
            times["devkit"].append(seconds)
            peaks[FILES] = json.loads(said)
            manifests = str(root / "infra/k8s")
            seconds, _ = timed([str(ROOT / "inv"), "pin", "--check", "--manifests", manifests])
            times["check"].append(seconds)
            if peer is not None:
                seconds, _ = timed([str(peer), "-f", manifests, "-f", str(config)])
                times["kbld"].append(seconds)
        few = Path(folder) / "few"
        make(few, FILES // 10)
        _, said = timed([sys.executable, "-m", "bench.pin_beside_kbld", "rewrite", str(few)])
        peaks[FILES // 10] = json.loads(said)
    _report({name: statistics.median(each) for name, each in times.items() if each}, peaks)


def _report(seconds: Mapping[str, float], peaks: Mapping[int, int]) -> None:
    uses = 3 * FILES
    print(f"{FILES} manifests in memory, {uses} uses of {DISTINCT} images, a process each, median of {ROUNDS}")
    print(f"  find and rewrite   {seconds['devkit']:5.2f} s   (target: below {REWRITE_TARGET} s)")
    if "kbld" in seconds:
        ratio = seconds["devkit"] / seconds["kbld"]
        print(f"  kbld               {seconds['kbld']:5.2f} s   ratio {ratio:4.2f} (it renders; it keeps no file)")
    else:
        print("  kbld               cannot be built here")
    print(f"  ./inv pin --check  {seconds['check']:5.2f} s   (target: below {CHECK_TARGET} s)")
    few, many = (peaks[files] / 1024 for files in (FILES // 10, FILES))
    print(f"  memory             {many:5.0f} MiB with {FILES} files, {few:.0f} MiB with {FILES // 10}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["rewrite"]:
        rewrite(Path(sys.argv[2]))
    else:
        main()
