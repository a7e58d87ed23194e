"""The embedded server: a fresh copy of a pristine data directory, thrown away at the end of the run.

Nothing survives a run by construction: no role, no setting, no database. A guardian (a POSIX shell in a session
of its own) starts the server and waits at a pipe that only we hold; when we end, in whichever way, kill -9
included, the pipe closes, and it stops the server and removes the directory.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
import select
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from devkit.errors import DevkitError
from devkit.postgres.cache import Cache, locked, try_lock
from devkit.postgres.install import ADMIN, environment, installed, no_server
from devkit.process import Child, run, start
from devkit.progress import Progress

START_SECONDS = 60
_SOCKET_PATH_BYTES = 103  # sun_path on macOS; Linux has four more

# $1 the run's directory, $2 its data, $3 its lock, then the server's words. Only the server keeps our stdout open,
# so its end tells us of the server's; stdin ends when we do. The server heeds QUIT, to which a shell's child is deaf.
_GUARDIAN = """
dir=$1 data=$2 lock=$3; shift 3
"$@" 3>&1 </dev/null >"$dir/log" 2>&1 &
server=$!
exec >/dev/null 2>&1
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$data" "$dir" "$lock"
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Embedded:
    """A running server, reached through a socket in `folder` that only its user can enter."""

    folder: Path

    def dsn(self, user: str, database: str) -> str:
        """A connection string for `user` on `database`; no password exists."""
        return psycopg.conninfo.make_conninfo(host=str(self.folder), user=user, dbname=database)

    def admin(self, database: str = "template1") -> psycopg.Connection:
        """A superuser's connection, in autocommit."""
        return psycopg.connect(self.dsn(ADMIN, database), autocommit=True)


@contextlib.contextmanager
def server(cache: Cache, progress: Progress) -> Iterator[Embedded]:
    """Start a server on a fresh copy of the pristine data directory; stop and remove it at the end.

    Raises DevkitError when it cannot be installed or started (a full disk, a path too long for a socket).
    """
    home = installed(cache, progress)
    runs = home / "runs"
    _check_socket_path(runs, cache)
    folder, lock = _claim(runs, cache)
    try:
        _copy(runs / "pristine", folder, cache)
        with _guarded(home, folder, lock, cache):
            yield Embedded(folder)
    finally:
        if folder.exists() or _lock_path(folder).exists():
            _remove(folder, cache)
        os.close(lock)


def _lock_path(folder: Path) -> Path:
    """The lock of a run, beside its directory; held by every process of the run."""
    return folder.with_suffix(".lock")


def _data_path(folder: Path, cache: Cache) -> Path:
    return cache.memory / f"devkit-{folder.name}" if cache.memory else folder / "data"


def _remove(folder: Path, cache: Cache) -> None:
    words: list[str | Path] = ["rm", "-rf", _data_path(folder, cache), folder, _lock_path(folder)]
    run(words, user=cache.server_user, env=environment(), cwd=folder.parent)


def _check_socket_path(runs: Path, cache: Cache) -> None:
    if len(os.fsencode(runs)) + len("/run-01234567/.s.PGSQL.5432") > _SOCKET_PATH_BYTES:
        raise DevkitError(
            f"the cache folder {cache.folder} has too long a path for a Unix socket",
            "name a shorter one, for example: DEVKIT_CACHE=/var/tmp/devkit-$(id -u) ./inv verify",
        )


def _claim(runs: Path, cache: Cache) -> tuple[Path, int]:
    """A directory name for this run with its lock taken; sweeps what a crash of the machine left behind."""
    with locked(runs.parent / "runs.lock"):
        for left in runs.glob("run-*.lock"):
            handle = try_lock(left)
            if handle is not None:
                _remove(left.with_suffix(""), cache)
                os.close(handle)
        folder = runs / f"run-{secrets.token_hex(4)}"
        handle = try_lock(_lock_path(folder))
    if handle is None:
        raise DevkitError(f"another run took {folder}", "run again")
    return folder, handle


def _copy(pristine: Path, folder: Path, cache: Cache) -> None:
    script = 'mkdir -m 700 "$1" && exec cp -Rp "$2" "$3"'
    words: list[str | Path] = ["/bin/sh", "-c", script, "sh", folder, pristine, _data_path(folder, cache)]
    done = run(words, user=cache.server_user, env=environment(), cwd=pristine.parent)
    if done.code != 0:
        raise no_server("its data directory could not be copied", done.output, cache.folder)


@contextlib.contextmanager
def _guarded(home: Path, folder: Path, lock: int, cache: Cache) -> Iterator[None]:
    words: list[str | Path] = [home / "server/bin/postgres", "-D", _data_path(folder, cache), "-k", folder]
    waiting, holding = os.pipe()
    gone, alive = os.pipe()
    guardian = None
    try:
        guardian = start(
            ["/bin/sh", "-c", _GUARDIAN, "sh", folder, _data_path(folder, cache), _lock_path(folder), *words],
            stdin=waiting, stdout=alive, user=cache.server_user, env=environment(), keep=(lock,),
        )  # fmt: skip
        os.close(waiting)
        os.close(alive)
        waiting = alive = -1
        _wait_ready(folder, gone, cache)
        yield
    finally:
        for handle in (waiting, holding, gone, alive):
            if handle >= 0:
                os.close(handle)
        if guardian is not None:
            _reap(guardian)


def _wait_ready(folder: Path, gone: int, cache: Cache) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            Embedded(folder).admin().close()
            return
        ended, _, _ = select.select([gone], [], [], 0.01)
        if ended:
            break
    raise no_server("its log says", (folder / "log").read_text("utf-8", "replace"), cache.folder)


def _reap(guardian: Child) -> None:
    """Wait for the guardian's clean-up; Ctrl-C may interrupt the wait, never the clean-up."""
    guardian.wait(timeout=START_SECONDS)
