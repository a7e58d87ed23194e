"""Every block of shell in the files of CI is executed here, but for those that need Docker and say so."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.ci.files import GITLAB, WORKFLOWS, Block, blocks_of_gitlab, blocks_of_workflow, every_block, load
from tests.ci.runner import CHECKERS, Machine, executed, run_pipeline, run_workflow
from tests.need import missing
from tests.testbed.tools import build

CHECKS = ("ruff", "ruff", "mypy", "reference", "lint-imports", "shellcheck", "shellcheck", "docs")  # of ./inv check

pytestmark = pytest.mark.full


@pytest.fixture(autouse=True)
def bed() -> None:
    """What `./inv test` and the clusters' jobs build is built already: a test builds nothing."""
    if build.programs() is None or build.programs_of_ci() is None:
        missing("the programs are not built: python -m tests.testbed.tools.build (it needs Go)")


def assert_all_ended_well(machines: dict[str, Machine]) -> None:
    for machine in machines.values():
        for ran in machine.ran:
            assert ran.code == 0, f"{ran.block.job}: {ran.block.text}\n{ran.out}"


def of_file(name: str) -> tuple[dict[str, object], list[Block], list[Block]]:
    """A workflow, its blocks to execute, and those that are left out."""
    workflow = load(next(file for file in WORKFLOWS if file.name == name).read_text())
    blocks = list(blocks_of_workflow(workflow))
    return workflow, [b for b in blocks if not b.needs], [b for b in blocks if b.needs]


def test_every_block_of_the_everyday_workflow_runs(tmp_path: Path, cache: Path) -> None:
    workflow, to_run, left = of_file("ci.yml")
    machines = run_workflow(workflow, tmp_path, cache)
    assert_all_ended_well(machines)
    assert executed(machines) == sorted(to_run)
    assert [block.job for block in left] == ["stack"]

    called = machines["check"].journal
    assert [line.split()[0] for line in called] == [*CHECKS]
    assert {line.split()[0] for line in called} == {*CHECKERS, "reference", "docs"}
    assert machines["test"].journal == ["pytest -n 3 --dist worksteal -q -m not full"]

    annotated, _ = machines["verify"].ran
    assert "::warning file=infra/k8s/citus-coordinator.yaml,line=" in annotated.out
    assert json.loads((machines["verify"].root / "verify.sarif").read_text())["version"] == "2.1.0"
    assert (machines["code-scanning"].root / "sarif/verify.sarif").is_file()

    assert "the same stack" in machines["same-on-macos"].ran[1].out
    assert "the same stack" in (machines["same-on-macos"].folder / "summary").read_text()
    assert_has_the_programs(machines["stack"])


def test_every_block_of_the_full_workflow_runs(tmp_path: Path, cache: Path) -> None:
    workflow, to_run, left = of_file("full.yml")
    machines = run_workflow(workflow, tmp_path, cache)
    assert_all_ended_well(machines)
    assert executed(machines) == sorted(to_run)
    assert left == []
    full = machines["full"]
    assert str(full.root) in (full.folder / "home/.gitconfig").read_text()
    assert_ran_the_full_run(full)


def test_every_line_of_the_pipeline_runs(tmp_path: Path, cache: Path) -> None:
    pipeline = load(GITLAB.read_text())
    machines = run_pipeline(pipeline, tmp_path, cache)
    assert_all_ended_well(machines)
    ran = "\n".join(block.text for block in executed(machines))
    blocks = list(blocks_of_gitlab(pipeline))
    assert [block.text for block in blocks if not block.needs and block.text not in ran] == []
    assert [block.job for block in blocks if block.needs] == ["stack"]
    assert machines["test"].journal == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends python3-venv",
        "pytest -n 3 --dist worksteal -q -m not full",
    ]
    assert_ran_the_full_run(machines["full"])
    assert "the same stack" in machines["same-on-macos"].ran[0].out


def assert_ran_the_full_run(machine: Machine) -> None:
    called = [line for line in machine.journal if not line.startswith("apt-get")]
    assert called[:2] == ["fresh trixie", "fresh bookworm newcomer"]
    assert [line.split()[0] for line in called[2:-2]] == [*CHECKS]
    assert called[-2:] == [
        "pip install -q --require-hashes -r requirements-squawk.lock",
        "pytest -n 3 --dist worksteal -q",
    ]


def assert_has_the_programs(machine: Machine) -> None:
    """What GITHUB_PATH was given holds the programs of the versions that infra/kind.yaml and .ci/stack speak of."""
    said = {
        name: subprocess.run([name, "version"], env=machine.env, capture_output=True, text=True, check=True).stdout
        for name in ("kind", "k3d", "tilt")
    }
    assert "v0.33.0" in said["kind"]
    assert "kind 0.33.0" in (machine.root / "infra/kind.yaml").read_text()
    assert "v5.9.0" in said["k3d"]
    assert "v0.37.6" in said["tilt"]


def test_a_failing_block_ends_the_job(tmp_path: Path, cache: Path) -> None:
    """The emulated runner stops at a pipe's first program, as GitHub's does: what is green above is not so by grace."""
    workflow = {"jobs": {"a": {"steps": [{"run": "false | cat\ntouch reached"}]}}}
    machine = run_workflow(workflow, tmp_path, cache)["a"]
    assert machine.ran[0].code == 1
    assert not (machine.root / "reached").exists()


def test_only_blocks_that_need_docker_are_left_out() -> None:
    marked = [(file.name, block.job, block.text.splitlines()[1]) for file, block in every_block() if block.needs]
    assert marked == [
        ("ci.yml", "stack", '.ci/stack "$CLUSTER" report.json'),
        (".gitlab-ci.yml", "stack", '.ci/stack "$CLUSTER" report.json'),
    ]
