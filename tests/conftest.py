"""Fixtures: a cache a worker, a checkout a test."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from devkit.postgres.cache import Cache, find_cache, memory_folder
from devkit.postgres.install import server_version
from tests.checkout import Checkout, make_checkout
from tests.examples import Project, make_project
from tests.need import missing
from tests.testbed.tools import build

# A test asserts no time: the machine may be busy. What is tried every day is the same on every machine, as it is where
# CI=true; new values are looked for by ./inv test --full on one's own.
settings.register_profile("full", deadline=None)
settings.register_profile("everyday", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("full")


def pytest_configure(config: pytest.Config) -> None:
    """Where the long rounds are left out, property tests try fewer values, too."""
    if config.option.markexpr == "not full":
        settings.load_profile("everyday")


@pytest.fixture(scope="session")
def cache() -> Iterator[Path]:
    """A cache of this worker's own, where the server's user may enter; in memory where programs may run there."""
    memory = memory_folder()
    quick = memory is not None and not os.statvfs(memory).f_flag & os.ST_NOEXEC
    folder = Path(tempfile.mkdtemp(prefix="devkit-test-", dir=memory if quick else "/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def found(cache: Path) -> Cache:
    """The same as devkit sees it, with data in memory where there is room."""
    return dataclasses.replace(find_cache({"DEVKIT_CACHE": str(cache)}), memory=memory_folder())


@pytest.fixture
def project(tmp_path: Path, cache: Path) -> Project:
    """A project without migrations, judged in this process."""
    return make_project(tmp_path, {"DEVKIT_CACHE": str(cache)})


@pytest.fixture
def checkout(tmp_path: Path, cache: Path) -> Iterator[Checkout]:
    """A copy of the repository, with the sample stack; what its modules were compiled to goes with it."""
    yield make_checkout(tmp_path, cache)
    shutil.rmtree(Path(sys.prefix, "pycache", *tmp_path.parts[1:]), ignore_errors=True)


@pytest.fixture
def empty(checkout: Checkout) -> Checkout:
    """A copy of the repository without migrations and manifests."""
    checkout.clear()
    return checkout


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], Path]]:
    """Mounts a file system of so many MiB; only root can."""
    mounted: list[Path] = []

    def mount(megabytes: int) -> Path:
        if os.geteuid() != 0:
            missing("only root can mount a small file system")
        folder = Path(tempfile.mkdtemp(prefix="devkit-disk-", dir="/var/tmp"))
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", folder], check=True)
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


def pytest_report_header() -> list[str]:
    """The versions of the real things that the tests run on, as their programs say them."""
    programs = build.programs()
    if programs is None:
        return [f"embedded: PostgreSQL {server_version()}; test bed: not built (python -m tests.testbed.tools.build)"]
    said = {name: _version(programs[name], word) for name, word in _SAID.items()}
    return [f"embedded: PostgreSQL {server_version()}; test bed: {', '.join(f'{n} {v}' for n, v in said.items())}"]


_SAID = {"kube-apiserver": "--version", "kwok": "--version", "tilt": "version"}


def _version(program: Path, word: str) -> str:
    done = subprocess.run([program, word], capture_output=True, text=True, check=True)
    return next(each.rstrip(",") for each in done.stdout.split() if each.startswith("v") and each[1].isdigit())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how many cases of each group the stand-in answers as the real Citus did, also those of other workers."""
    reports = [each for outcome in ("passed", "failed") for each in terminalreporter.getreports(outcome)]
    found = sorted(value for each in reports for name, value in each.user_properties if name == "oracle")
    if found:
        terminalreporter.write_line("cases that the stand-in answers as Citus 13.0.3 did:")
        for group, right, count in (*found, ("together", sum(f[1] for f in found), sum(f[2] for f in found))):
            terminalreporter.write_line(f"  {group:16} {right:3} of {count:3}")
