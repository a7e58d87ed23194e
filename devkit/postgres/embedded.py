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
from devkit.process import run, start
from devkit.progress import Progress

START_SECONDS = 60
_PORT = 5432  # the server's own; whatever PGPORT says is about another one
_SOCKET_PATH_BYTES = 103  # sun_path on macOS; Linux has four more

# $1 the pristine data, $2 to $5 a run's places, then the server's words. A line on stdin says go, its end says that
# we are gone, or done; whatever happens in between, everything is removed. Only the server keeps our stdout open
# afterwards, so its end tells us of the server's. QUIT ends a server at once, but a shell's child begins deaf to it:
# TERM before it ends one that has not got so far.
_GUARDIAN = """
pristine=$1 folder=$2 data=$3 sockets=$4 lock=$5; shift 5
exec 2>&1
server=
if read -r _; then
  if mkdir -m 700 "$folder" && { [ "$folder" = "$sockets" ] || mkdir -m 700 "$sockets"; } &&
    cp -Rp "$pristine" "$data"; then
    ulimit -v 4194304 2>/dev/null # KiB a process, where the system knows it: a migration may not eat the machine
    "$@" 3>&1 </dev/null >"$folder/log" 2>&1 &
    server=$!
  fi
  exec >/dev/null 2>&1
  read -r _
fi
[ -z "$server" ] || { kill -TERM "$server"; kill -QUIT "$server"; wait "$server"; }
rm -rf "$data" "$sockets" "$folder" "$lock"
"""


@dataclasses.dataclass(frozen=True, slots=True)
class _Run:
    """Where a run has its things. All but the lock are removed with it; every process of the run holds the lock."""

    folder: Path
    data: Path
    sockets: Path
    lock: Path

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "log"

    def remove(self, cache: Cache) -> None:
        """Take everything away, as the user who made it."""
        words: list[str | Path] = ["rm", "-rf", self.data, self.sockets, self.folder, self.lock]
        run(words, user=cache.server_user, env=environment(), cwd=self.folder.parent)


@dataclasses.dataclass(frozen=True, slots=True)
class Embedded:
    """A running server, reached through a socket in `sockets` that only its user can enter; `log` is its log file."""

    sockets: Path
    log: Path

    def dsn(self, user: str, database: str) -> str:
        """A connection string for `user` on `database`; no password exists."""
        return psycopg.conninfo.make_conninfo(host=str(self.sockets), port=_PORT, user=user, dbname=database)

    def admin(self, database: str = "template1") -> psycopg.Connection:
        """A superuser's connection, in autocommit."""
        return psycopg.connect(self.dsn(ADMIN, database), autocommit=True)


@contextlib.contextmanager
def server(cache: Cache, progress: Progress) -> Iterator[Embedded]:
    """Start a server on a fresh copy of the pristine data directory; stop and remove it at the end.

    Raises DevkitError when it cannot be installed or started (a full disk, a forbidden folder).
    """
    home = installed(cache, progress)
    runs = home / "runs"
    _sweep(runs, cache)
    here = _places(runs / f"run-{secrets.token_hex(4)}", cache)
    with _guarded(home, here, cache):
        yield Embedded(here.sockets, here.log)


def _places(folder: Path, cache: Cache) -> _Run:
    data = cache.memory / f"devkit-{folder.name}" if cache.memory else folder / "data"
    fits = len(os.fsencode(folder)) + len(f"/.s.PGSQL.{_PORT}") <= _SOCKET_PATH_BYTES
    sockets = folder if fits else Path("/tmp") / f"devkit-{folder.name}"  # noqa: S108 - a random name, mode 0700
    return _Run(folder, data, sockets, folder.with_suffix(".lock"))


def _sweep(runs: Path, cache: Cache) -> None:
    """Remove what a crash of the machine left behind: runs whose lock nobody holds."""
    with locked(runs.parent / "runs.lock"):
        for left in runs.glob("run-*.lock"):
            handle = try_lock(left)
            if handle is not None:
                _places(left.with_suffix(""), cache).remove(cache)
                os.close(handle)


@contextlib.contextmanager
def _guarded(home: Path, here: _Run, cache: Cache) -> Iterator[None]:
    places = (here.folder, here.data, here.sockets, here.lock)
    server_words = (home / "server/bin/postgres", "-D", here.data, "-k", here.sockets)
    waiting, holding = os.pipe()
    gone, alive = os.pipe()
    handles = [waiting, holding, gone, alive]
    guardian = None
    try:
        guardian = start(
            ["/bin/sh", "-c", _GUARDIAN, "sh", home / "runs/pristine", *places, *server_words],
            stdin=waiting, stdout=alive, user=cache.server_user, env=environment(), cwd=home / "runs",
        )  # fmt: skip
        for handle in (waiting, alive):
            handles.remove(handle)
            os.close(handle)
        with locked(home / "runs.lock"):  # no sweep between making the lock and holding it
            handles.append(_take(here.lock))
        os.write(holding, b"go\n")
        _wait_ready(Embedded(here.sockets, here.log), gone, cache)
        yield
    finally:
        for handle in handles:
            os.close(handle)
        if guardian is not None:
            guardian.wait(timeout=START_SECONDS)  # its clean-up goes on even when Ctrl-C ends our waiting


def _take(lock: Path) -> int:
    handle = try_lock(lock)
    if handle is None:
        raise DevkitError(f"another run took {lock}", "run again")
    return handle


def _wait_ready(running: Embedded, gone: int, cache: Cache) -> None:
    deadline = time.monotonic() + START_SECONDS
    said = b""
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            running.admin().close()
            return
        ended, _, _ = select.select([gone], [], [], 0.01)
        if ended:
            said = _read_all(gone)
            break
    if running.log.exists():
        said += running.log.read_bytes()
    raise no_server("it says", said.decode("utf-8", "replace"), cache.folder)


def _read_all(handle: int) -> bytes:
    parts = []
    while part := os.read(handle, 65_536):
        parts.append(part)
    return b"".join(parts)
