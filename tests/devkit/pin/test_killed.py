"""Killed at any step of the write, the next run has all of it or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.config import load_project
from devkit.errors import DevkitError
from devkit.pin.check import check
from devkit.pin.journal import alone
from devkit.pin.plan import plan_pins
from devkit.pin.tree import finish_killed, read_tree
from devkit.pin.undo import plan_undo
from devkit.pin.write import write
from devkit.verify.inputs import Request, gather
from devkit.verify.pins import read_pins
from tests.devkit.pin.registries import Registries
from tests.everyday import first

MANIFEST = (
    "apiVersion: v1\nkind: Pod\nmetadata: {{name: {0}}}\nspec:\n  containers:\n  - {{name: a, image: {0}:1.2.3}}\n"
)
NAMES = ("redis", "loki", "grafana")
ROOT = Path(__file__).resolve().parents[3]


def make(root: Path) -> Request:
    folder = root / "infra/k8s/more"
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / f"{name}.yaml").write_text(MANIFEST.format(name))
    (root / "pyproject.toml").write_text("[tool.devkit]\n")
    return Request(load_project(root), root / "infra/migrations", root / "infra/k8s")


def request_in(root: Path) -> Request:
    return Request(load_project(root), root / "infra/migrations", root / "infra/k8s")


def content(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def run(root: Path, verb: str, kill_at: int) -> None:
    """Pin or undo in this process, and die at the step numbered `kill_at`."""
    count = 0

    def reached(step: str) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            sys.stdout.write(f"{step}\n")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    tree = read_tree(request_in(root), root / "infra/images.lock")
    contents = plan_undo(tree) if verb == "undo" else plan_pins(tree, None, Registries()).contents
    write(tree, contents, reached)


def killed(root: Path, verb: str, kill_at: int) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys, pathlib, tests.devkit.pin.test_killed as test\n"
        "test.run(pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
    )
    argv = [sys.executable, "-c", code, str(root), verb, str(kill_at)]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.full
@pytest.mark.parametrize(
    ("verb", "kill_at"),
    first(
        3,
        [
            ("undo", 2),
            ("pin", 5),
            ("pin", 7),
            *(("pin", step) for step in (1, 2, 3, 4, 6, 8, 9, 10)),
            *(("undo", step) for step in (1, 3, 4, 5, 6, 7, 8, 9)),
        ],
    ),
)
def test_the_next_run_finds_the_old_files_or_the_new_ones(verb: str, kill_at: int, tmp_path: Path) -> None:
    request = make(tmp_path)
    lock = tmp_path / "infra/images.lock"
    unpinned = content(tmp_path)
    whole = read_tree(request, lock)
    write(whole, plan_pins(whole, None, Registries()).contents)
    pinned = content(tmp_path)
    if verb == "pin":
        tree = read_tree(request, lock)
        write(tree, plan_undo(tree))
    assert content(tmp_path) == (unpinned if verb == "pin" else pinned)

    done = killed(tmp_path, verb, kill_at)
    steps = 4 + 1 + 4 + 1 if verb == "pin" else 3 + 1 + 4 + 1
    assert (done.returncode, done.stderr) == (-signal.SIGKILL if kill_at <= steps else 0, "")

    finish_killed(request, lock)
    assert content(tmp_path) in (unpinned, pinned)
    journaled = done.stdout.startswith(("journal", "renamed", "done"))
    assert (content(tmp_path) == (pinned if verb == "pin" else unpinned)) is journaled
    assert not [finding for finding in check(read_tree(request, lock)) if finding.severity == "error"]


def test_a_file_that_was_edited_after_the_kill_keeps_the_edit(tmp_path: Path) -> None:
    request = make(tmp_path)
    assert killed(tmp_path, "pin", 6).stdout.startswith("renamed")
    edited = tmp_path / "infra/k8s/more/redis.yaml"
    mine = edited.read_text().replace("redis:1.2.3", "redis:1.2.4")
    edited.write_text(mine)
    finish_killed(request, tmp_path / "infra/images.lock")
    assert edited.read_text() == mine
    errors = [each for each in check(read_tree(request, tmp_path / "infra/images.lock")) if each.severity == "error"]
    assert errors
    assert all("redis" in each.message for each in errors)


@pytest.mark.full
def test_verify_says_that_a_run_was_killed(tmp_path: Path) -> None:
    request = make(tmp_path)
    killed(tmp_path, "pin", 6)
    (tmp_path / "infra/migrations").mkdir()
    pins, _ = read_pins(gather(request), request)
    assert pins.interrupted


def test_who_only_looks_is_held_off_by_nobody_and_who_carries_on_by_a_run_at_work(tmp_path: Path) -> None:
    request = make(tmp_path)
    lock = tmp_path / "infra/images.lock"
    with alone(request.manifests):
        assert finish_killed(request, lock) == ()
    killed(tmp_path, "pin", 6)
    with alone(request.manifests), pytest.raises(DevkitError, match="another run is writing the manifests"):
        finish_killed(request, lock)
    assert finish_killed(request, lock)
