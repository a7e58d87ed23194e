""".ci/stack: the one thing that needs Docker, run with stand-ins, and with the real programs as far as they go."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.checkout import ROOT, Checkout
from tests.ci.files import load
from tests.need import missing
from tests.testbed.tools import build

STACK = ROOT / ".ci/stack"
STAND_IN = """\
#!/bin/sh
printf '%s\\n' "${0##*/} $*" >>"$STAND_INS"
[ "$1" != "${FAILS:-}" ]
"""
ONBOARD = "inv onboard --yes --context {0} --timeout 900 --despite kubectl,kubectl-skew --report report.json"
DOWN = "inv down --yes --context {0}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with .ci/stack, and stand-ins for devkit, kind and k3d."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/stack").write_bytes(STACK.read_bytes())
    for name in ("inv", "kind", "k3d"):
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def run(place: Path, *words: str, fails: str = "") -> tuple[int, list[str]]:
    """The exit code, and what was called."""
    journal = place / "journal"
    env = {"PATH": f"{place}:/usr/bin:/bin", "STAND_INS": str(journal), "FAILS": fails}
    done = subprocess.run(["bash", place / ".ci/stack", *words], env=env, capture_output=True, timeout=60, check=False)
    return done.returncode, journal.read_text().splitlines() if journal.exists() else []


@pytest.mark.parametrize(("cluster", "context"), [("kind", "kind-devkit-ci"), ("k3s", "k3d-devkit-ci")])
@pytest.mark.full
def test_from_a_new_cluster_to_a_report_and_nothing_stays(place: Path, cluster: str, context: str) -> None:
    code, called = run(place, cluster, "report.json")
    assert code == 0
    deleted, *created, onboard, down, last = called
    assert [" create " in each for each in created] == [True] * (cluster == "k3s")  # kind's is made by onboard
    assert onboard == ONBOARD.format(context)
    assert down == DOWN.format(context)
    assert " delete " in deleted
    assert last == deleted


@pytest.mark.full
def test_what_fails_is_told_and_ends_it(place: Path) -> None:
    code, called = run(place, "kind", "report.json", fails="onboard")
    assert code == 1
    failed, status, down, deleted = called[-4:]
    assert failed.startswith("inv onboard ")
    assert status == "inv status --context kind-devkit-ci"
    assert down == DOWN.format("kind-devkit-ci")
    assert deleted == "kind delete cluster --name devkit-ci"


@pytest.mark.full
def test_without_a_cluster_nothing_is_brought_up(place: Path) -> None:
    code, called = run(place, "k3s", "report.json", fails="cluster")
    assert code == 1
    assert [line for line in called if line.startswith("inv ")] == []


@pytest.mark.parametrize("words", [(), ("kind",), ("minikube", "report.json")])
def test_a_wrong_call_says_how(place: Path, words: tuple[str, ...]) -> None:
    assert run(place, *words) == (2, [])


@pytest.mark.full
def test_the_real_k3d_takes_these_options(place: Path) -> None:
    """It reads them all, and then fails to reach Docker, which is led astray where there is one."""
    programs = build.programs_of_ci()
    if programs is None:
        missing("k3d is not built: python -m tests.testbed.tools.build k3d (it needs Go)")
    (place / "k3d").unlink()
    (place / "k3d").symlink_to(programs["k3d"])
    env = {
        "PATH": f"{place}:/usr/bin:/bin", "HOME": str(place), "STAND_INS": str(place / "journal"),
        "DOCKER_HOST": "unix:///nowhere/docker.sock",
    }  # fmt: skip
    argv: list[str | Path] = ["bash", place / ".ci/stack", "k3s", "report.json"]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "/nowhere/docker.sock" in done.stderr + done.stdout
    assert "unknown flag" not in done.stderr


def test_both_clusters_are_of_the_same_kubernetes() -> None:
    node = load((ROOT / "infra/kind.yaml").read_text())["nodes"][0]["image"]
    kind, k3s = re.search(r"kindest/node:(v[\d.]+)@", node), re.search(r"rancher/k3s:(v[\d.]+)-", STACK.read_text())
    assert kind is not None
    assert k3s is not None
    assert kind[1] == k3s[1]


@pytest.mark.parametrize("call", re.findall(r"^ *\./inv (.+?)(?: \|\| .*)?$", STACK.read_text(), re.MULTILINE))
@pytest.mark.full
def test_devkit_has_these_options(checkout: Checkout, call: str) -> None:
    verb = call.split(maxsplit=1)[0]
    said = checkout.run("--help", verb).out
    for option in re.findall(r"--[a-z-]+", call):
        assert re.search(rf"{option}\b", said), f"{verb} has no {option}"
