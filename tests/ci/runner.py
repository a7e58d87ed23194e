"""Runs the jobs of CI as a runner would: block by block under bash, with what GitHub and GitLab set, in a copy.

Stood in for, so that the tests do not run themselves: ruff, mypy, lint-imports, shellcheck and apt-get on PATH, pytest,
pip, tests.reference and tests.docs as modules, and .ci/fresh, which makes a machine of its own. Each writes down how it
was called. All else is the real thing: the launcher, tasks.py, .ci/run, the embedded PostgreSQL, verify, compare, the
builder of the test bed. Artifacts are kept in a folder.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.checkout import ROOT, make_checkout
from tests.ci.files import Block, gitlab_jobs
from tests.testbed.tools import build

COPIED = (
    ".ci",
    "tests/testbed",
    "tests/__init__.py",
    "requirements-squawk.lock",
    "infra/schema.lock",
    "infra/migrations.sum",
)
CHECKERS = ("ruff", "mypy", "lint-imports", "shellcheck")
_SHELL_STAND_IN = '#!/bin/sh\nprintf "%s\\n" "${0##*/} $*" >>"$STAND_INS"\n'
_PYTHON_STAND_IN = """\
import os, sys

with open(os.environ["STAND_INS"], "a") as journal:
    print("{}", *sys.argv[1:], file=journal)
"""
_IGNORED = ("actions/checkout", "actions/setup-python", "actions/setup-go", "actions/cache", "github/codeql-action")
_MATRIX = re.compile(r"\$\{\{ matrix\.(\w+) \}\}")


@dataclasses.dataclass
class Ran:
    """A block that was executed: its output, and how it ended."""

    block: Block
    code: int
    out: str


@dataclasses.dataclass
class Machine:
    """A runner with a fresh copy of the repository; `journal` is what the stand-ins wrote."""

    folder: Path
    env: dict[str, str]
    ran: list[Ran] = dataclasses.field(default_factory=list)

    @property
    def root(self) -> Path:
        """The checkout."""
        return self.folder / "checkout"

    @property
    def journal(self) -> list[str]:
        """How the stand-ins were called."""
        file = self.folder / "stand-ins"
        return file.read_text().splitlines() if file.exists() else []

    def run(self, block: Block, **more: str) -> None:
        """Execute a block as GitHub's runner does with shell: bash."""
        script = self.folder / "block.sh"
        script.write_text(block.text)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.root,
            env={**self.env, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        self.ran.append(Ran(block, done.returncode, done.stdout + done.stderr))
        added = self.folder / "path"
        for line in added.read_text().splitlines():
            self.env["PATH"] = f"{line}{os.pathsep}{self.env['PATH']}"
        added.write_text("")


def new_machine(folder: Path, cache: Path, commit: Path, env: Mapping[str, str]) -> Machine:
    """A machine with a copy of `commit`, stand-ins, and the environment of a runner."""
    folder.mkdir()
    checkout = folder / "checkout"
    shutil.copytree(commit, checkout)
    (folder / "home").mkdir()
    for name in ("output", "summary", "path", "env"):
        (folder / name).touch()
    stand_ins = folder / "bin"
    stand_ins.mkdir()
    _executable(stand_ins / "apt-get")
    return Machine(
        folder,
        {
            "PATH": f"{stand_ins}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "CI": "true",
            **{key: _expanded(str(value), checkout) for key, value in env.items()},
            "DEVKIT_CACHE": str(cache),
            "DEVKIT_VENV": str(_environment(folder / "venv")),
            "DEVKIT_TESTBED_CACHE": str(build.cache_folder()),
            "STAND_INS": str(folder / "stand-ins"),
        },
    )


def make_checkout_of_all(folder: Path, cache: Path) -> Path:
    """What every machine of a run checks out: the repository with its locks, and the modules that stand in."""
    folder.mkdir()
    make_checkout(folder, cache)
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    _executable(folder / ".ci/fresh")
    for module in ("pytest", "pip", "tests/reference", "tests/docs"):
        (folder / f"{module}.py").write_text(_PYTHON_STAND_IN.format(module.rpartition("/")[2]))
    return folder


def run_workflow(workflow: Mapping[str, Any], folder: Path, cache: Path) -> dict[str, Machine]:
    """Every job of a workflow, each on a machine of its own, after those that it needs."""
    store, commit = folder / "artifacts", make_checkout_of_all(folder / "commit", cache)
    machines = {}
    for name in _in_order(workflow["jobs"]):
        job = workflow["jobs"][name]
        machine = new_machine(folder / name, cache, commit, {**_github(folder / name), **workflow.get("env", {})})
        first = {key: str(values[0]) for key, values in job.get("strategy", {}).get("matrix", {}).items()}
        for step in job["steps"]:
            _step(machine, name, step, first, store)
        machines[name] = machine
    return machines


def run_pipeline(pipeline: Mapping[str, Any], folder: Path, cache: Path) -> dict[str, Machine]:
    """Every job of a pipeline of GitLab: the lines of its scripts in one shell, as GitLab's runner has them."""
    store, commit = folder / "artifacts", make_checkout_of_all(folder / "commit", cache)
    machines = {}
    for name, job in gitlab_jobs(pipeline).items():
        machine = new_machine(folder / name, cache, commit, {"GITLAB_CI": "true", **pipeline["variables"]})
        for needed in job.get("needs", ()):
            shutil.copytree(store / needed, machine.root, dirs_exist_ok=True)
        blocks = [Block(name, line) for line in (*job.get("before_script", ()), *job["script"])]
        machine.run(Block(name, "\n".join(block.text for block in blocks if not block.needs)))
        for path in job.get("artifacts", {}).get("paths", ()):
            _keep(machine.root / path, store / name)
        machines[name] = machine
    return machines


def executed(machines: Mapping[str, Machine]) -> list[Block]:
    """The blocks that ran on `machines`."""
    return sorted(ran.block for machine in machines.values() for ran in machine.ran)


def _step(machine: Machine, job: str, step: Mapping[str, Any], matrix: Mapping[str, str], store: Path) -> None:
    if "run" in step:
        block = Block(job, step["run"])
        if not block.needs:
            machine.run(block, **{key: _of_matrix(value, matrix) for key, value in step.get("env", {}).items()})
        return
    action, given = step["uses"].partition("@")[0], step.get("with", {})
    if action == "actions/upload-artifact":
        _keep(machine.root / given["path"], store / _of_matrix(given["name"], matrix), wanted=_is_wanted(given))
    elif action == "actions/download-artifact":
        shutil.copytree(store / given["name"], machine.root / given["path"], dirs_exist_ok=True)
    elif not action.startswith(_IGNORED):
        raise AssertionError(f"what {action} does is not known here")


def _is_wanted(given: Mapping[str, Any]) -> bool:
    return bool(given["if-no-files-found"] == "error")


def _keep(file: Path, folder: Path, *, wanted: bool = False) -> None:
    if file.exists() or wanted:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, folder)


def _of_matrix(text: str, matrix: Mapping[str, str]) -> str:
    return _MATRIX.sub(lambda match: matrix[match[1]], text)


def _in_order(jobs: Mapping[str, Any]) -> Iterator[str]:
    """The names of jobs, each behind those that it needs."""
    done: set[str] = set()
    while len(done) < len(jobs):
        ready = [name for name, job in jobs.items() if name not in done and _needs(job) <= done]
        assert ready, "jobs need one another in a ring"
        done.update(ready)
        yield from ready


def _needs(job: Mapping[str, Any]) -> set[str]:
    needs: str | Sequence[str] = job.get("needs", ())
    return {needs} if isinstance(needs, str) else set(needs)


def _github(folder: Path) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(folder / "checkout"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_PATH": str(folder / "path"),
        "GITHUB_ENV": str(folder / "env"),
        "RUNNER_TEMP": str(folder / "home"),
        "RUNNER_OS": "Linux",
    }


def _expanded(value: str, checkout: Path) -> str:
    return value.replace("$CI_PROJECT_DIR", str(checkout))


def _environment(folder: Path) -> Path:
    """The tests' virtual environment by links, with stand-ins among its programs."""
    real = Path(sys.prefix)
    (folder / "bin").mkdir(parents=True)
    for entry in real.iterdir():
        if entry.name not in ("bin", "pyvenv.cfg", "pycache"):
            (folder / entry.name).symlink_to(entry)
    shutil.copy2(real / "pyvenv.cfg", folder)
    for entry in (real / "bin").iterdir():
        if entry.name in CHECKERS:
            _executable(folder / "bin" / entry.name)
        else:
            (folder / "bin" / entry.name).symlink_to(entry)
    return folder


def _executable(file: Path) -> None:
    file.write_text(_SHELL_STAND_IN)
    file.chmod(0o755)
