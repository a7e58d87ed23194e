"""What `./inv` offers in this repository: devkit's verbs, and check, test and bench for devkit itself."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from invoke import Context, Exit, task

from devkit.process import passthrough
from devkit.tasks import namespace

_ROOT = Path(__file__).resolve().parent
_BIN = Path(sys.executable).parent

_CHECKS = (
    ("format", (_BIN / "ruff", "format", "--check", ".")),
    ("ruff", (_BIN / "ruff", "check", ".")),
    ("mypy", (_BIN / "mypy",)),
    ("reference", (sys.executable, "-m", "tests.reference", "--check")),
    ("imports", (_BIN / "lint-imports", "--no-cache")),
    ("shellcheck", (_BIN / "shellcheck", "--shell=sh", "inv", "examples/notes/inv")),
    ("shellcheck", (_BIN / "shellcheck", ".ci/run", ".ci/stack", ".ci/fresh")),
    ("docs", (sys.executable, "-m", "tests.docs", "--quick")),  # last: it takes longest
)


@task
def check(context: Context) -> None:
    """Check devkit itself: format, lint, types, reference, import contracts, shell scripts, what its docs show.

    Exit 1: one of them found something; its own words are above.
    """
    del context
    failed = [name for name, argv in _CHECKS if passthrough(argv, cwd=_ROOT, env=_environment()) != 0]
    if failed:
        raise Exit(f"check failed: {', '.join(failed)}; ./inv check shows it again when mended", code=1)


@task(help={"full": "with the long rounds, as CI runs it"})
def test(context: Context, full: bool = False) -> None:
    """Run devkit's own tests; --full, or CI=true, adds the long rounds. With Go, the bed is built once (20 minutes).

    Exit 1: a test failed.
    """
    del context
    if shutil.which("go") and passthrough(
        (sys.executable, "-m", "tests.testbed.tools.build"), cwd=_ROOT, env=_environment()
    ):
        raise Exit("the test bed cannot be built; Go says why above", code=1)
    chosen = () if full or os.environ.get("CI") == "true" else ("-m", "not full")
    # three on two cores: tests with servers wait as much as they work
    argv = (sys.executable, "-m", "pytest", "-n", "3", "--dist", "worksteal", "-q", *chosen)
    code = passthrough(argv, cwd=_ROOT, env=_environment())
    if code != 0:
        raise Exit(code=1)


@task
def bench(context: Context) -> None:
    """Measure devkit beside its peers, in one run, as ratios.

    Exit 1: something could not be measured.
    """
    del context
    if passthrough((sys.executable, "-m", "bench"), cwd=_ROOT, env=_environment()) != 0:
        raise Exit(code=1)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT)}


for _own in (check, test, bench):
    namespace.add_task(_own)  # type: ignore[arg-type]  # Invoke types what @task returns as a function
