"""The set-up for real: the real locks, both ways, in a fresh copy. Needs the package index."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import make_checkout
from tests.launcher.clone import TOOLS
from tests.need import need

pytestmark = pytest.mark.full


def world(place: Path, **programs: Path) -> dict[str, str]:
    """An environment whose PATH holds the tools of POSIX and `programs`, and nothing of this environment."""
    place.mkdir()
    for tool in TOOLS:
        (place / tool).symlink_to(need(tool))
    for name, program in programs.items():
        (place / name).symlink_to(program)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DEVKIT_", "PYTHON"))}
    return {**kept, "PATH": str(place)}


def listed(place: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The end of `./inv --list` in a fresh copy."""
    root = place / "fresh copy"
    root.mkdir()
    make_checkout(root, place)
    return subprocess.run(
        [str(root / "inv"), "--list"], env=env, cwd=place, capture_output=True, text=True, timeout=280, check=False
    )


def base_python() -> Path:
    """The Python below this environment."""
    return Path(sys.base_prefix) / f"bin/python3.{sys.version_info.minor}"


def test_with_uv_on_path(tmp_path: Path) -> None:
    uv = Path(sys.prefix) / "bin/uv"
    done = listed(tmp_path, world(tmp_path / "bin", uv=uv, python3=base_python()))
    assert (done.returncode, "verify" in done.stdout) == (0, True), done.stderr
    assert not (tmp_path / "fresh copy/.venv/uv.lock").exists()  # pip was asked for nothing


def test_with_python_alone(tmp_path: Path) -> None:
    done = listed(tmp_path, world(tmp_path / "bin", python3=base_python()))
    assert (done.returncode, "verify" in done.stdout) == (0, True), done.stderr
    assert (tmp_path / "fresh copy/.venv/bin/uv").exists()
