"""actionlint, with shellcheck inside, has nothing to say about the workflows, nor shellcheck about GitLab's lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.files import GITLAB, WORKFLOWS, gitlab_jobs, load
from tests.need import missing
from tests.testbed.tools import build

SHELLCHECK = Path(sys.executable).parent / "shellcheck"


@pytest.fixture
def actionlint() -> Path:
    """The program, built from its Go module."""
    programs = build.programs_of_ci()
    if programs is None:
        missing("actionlint is not built: python -m tests.testbed.tools.build actionlint (it needs Go)")
    return programs["actionlint"]


def lint(actionlint: Path, *files: Path) -> tuple[int, str]:
    """Its exit code and what it says."""
    argv: list[str | Path] = [actionlint, "-no-color", f"-shellcheck={SHELLCHECK}", "-pyflakes=", *files]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_workflows_are_right(actionlint: Path) -> None:
    assert lint(actionlint, *WORKFLOWS) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("needs: verify", "needs: verifies", "does not exist"),
        ("timeout-minutes: 15", "timeout-minuts: 15", "unexpected key"),
        ("ubuntu-24.04", "ubuntu-24.05", "is unknown"),
        ("matrix.cluster }}", "matrix.clusters }}", "is not defined"),
        ("run: ./inv check", "run: cat $HOME", "SC2086"),
        ("!cancelled()", "!canceled()", "undefined function"),
        ("contents: read\n\n", "content: read\n\n", "unknown permission scope"),
    ],
)
def test_a_planted_mistake_is_found(actionlint: Path, tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = WORKFLOWS[0].read_text()
    assert right in text
    file = tmp_path / "ci.yml"
    file.write_text(text.replace(right, wrong, 1))
    code, out = lint(actionlint, file)
    assert code == 1
    assert said in out


@pytest.mark.parametrize("job", sorted(gitlab_jobs(load(GITLAB.read_text()))))
def test_the_scripts_of_gitlab_are_right(job: str) -> None:
    found = gitlab_jobs(load(GITLAB.read_text()))[job]
    script = "\n".join((*found.get("before_script", ()), *found["script"], ""))
    done = subprocess.run(
        [SHELLCHECK, "--shell=bash", "-"], input=script, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
