"""A stranger's first minute: a clean copy, an empty cache, no PostgreSQL on PATH, and not root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.need import need

TOOLS = ("awk", "cat", "cmp", "cp", "dirname", "env", "mkdir", "mv", "pwd", "readlink", "rm", "sed", "sleep", "tail")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="devkit-launcher-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.full
@pytest.mark.parametrize("way", ["uv", "python3"])
def test_a_real_first_run_verifies_the_sample_for_somebody_who_is_not_root(shared: Path, way: str) -> None:
    """The README's first command on a clean copy with an empty cache, with no PostgreSQL on PATH."""
    for name in (
        "inv",
        "tasks.py",
        "pyproject.toml",
        "requirements.lock",
        "requirements-postgres.lock",
        "devkit",
        "infra",
    ):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, shared / name)
    tools = shared / "bin"
    tools.mkdir()
    python = next(
        path for path in ("/usr/bin/python3", "/usr/local/bin/python3", need("python3")) if Path(path).exists()
    )
    for tool in {*TOOLS, "sh", "ln", "uname", "id", "chmod", "ls", "ldd", "ps"}:
        (tools / tool).symlink_to(need(tool))
    (tools / "python3").symlink_to(python)
    if way == "uv":
        shutil.copy2(Path(sys.prefix) / "bin/uv", tools / "uv")
    user = 65534 if os.geteuid() == 0 else None
    for path in (shared, *shared.rglob("*")):
        if user is not None and not path.is_symlink():
            os.chown(path, user, user)
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("PIP_", "UV_", "SSL_", "HTTP", "REQUESTS_"))
    }
    env = {**kept, "PATH": str(tools), "HOME": str(shared / "home"), "CI": "true"}
    done = subprocess.run(
        [str(shared / "inv"), "verify"], cwd=shared, env=env, capture_output=True, text=True, user=user, check=False
    )
    assert done.returncode == 0, done
    assert "engine embedded: PostgreSQL 17.11, citus 13.0 (stand-in)" in done.stdout
