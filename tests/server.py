"""A PostgreSQL server that stays: the embedded one's binaries on a data directory that a crash does not take away."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN, LOCALE, SETTINGS, environment, installed
from devkit.progress import silent
from tests.testbed.programs import free_port

_SETTINGS = ("max_connections=160", "wal_level=replica", "max_wal_senders=2")
_WAIT_SECONDS = 60


class Server:
    """A server on a socket of its own, with the roles of a team: `app` owns databases and is no superuser.

    Its data are a copy, and so is their system identifier; `anew` has initdb make them, which takes a second.
    """

    def __init__(self, cache: Cache, *settings: str, anew: bool = False) -> None:
        self._home = installed(cache, silent)
        user = cache.server_user
        self._uid = user.uid if user else None
        self._gid = user.gid if user else None
        self._groups: Sequence[int] | None = () if user else None
        self.settings = (*_SETTINGS, *settings)
        self.port = 5432
        memory = cache.memory or self._home
        self.folder = memory / f"devkit-server-{secrets.token_hex(4)}"
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user(["mkdir", "-m", "700", self.folder])
        if anew:
            self._initialize()
        else:
            self._as_user(["cp", "-Rp", self._home / "runs/pristine", self.data])

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = [str(self._home / "server/bin/postgres"), "-D", str(self.data), "-k", str(self.folder)]
        words += [word for setting in self.settings for word in ("-c", setting)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(), start_new_session=True,
                user=self._uid, group=self._gid, extra_groups=self._groups,
            )  # fmt: skip
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.dsn(ADMIN, "template1")).close()
                return
            assert time.monotonic() < deadline, "the server does not answer"
            assert self._process.poll() is None, "the server has ended"
            time.sleep(0.02)

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder.parent / f"{self.folder.name}.log"

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it: SIGINT as its administrator would, SIGKILL as the machine does (with all its children)."""
        assert self._process is not None
        if number == signal.SIGKILL:
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.send_signal(number)
        self._process.wait(_WAIT_SECONDS)
        self._process = None

    def stand_by(self) -> None:
        """Make a replica of it, which waits for a primary that never sends anything."""
        self._as_user(["touch", self.data / "standby.signal"])

    def remove(self) -> None:
        """Take it and its data away."""
        if self._process is not None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)
        self.log.unlink()

    def dsn(self, user: str, database: str) -> str:
        """A connection string; everybody is trusted."""
        return psycopg.conninfo.make_conninfo(host=str(self.folder), port=self.port, user=user, dbname=database)

    def admin(self, database: str = "template1") -> psycopg.Connection:
        """A superuser's connection, in autocommit."""
        return psycopg.connect(self.dsn(ADMIN, database), autocommit=True)

    def database(self, name: str = "") -> str:
        """A new database that `app` owns; returns its connection string for `app`."""
        name = name or f"db_{secrets.token_hex(4)}"
        with self.admin() as admin:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'app'").fetchone():
                admin.execute("CREATE ROLE app LOGIN CREATEROLE")
            admin.execute(f'CREATE DATABASE "{name}" OWNER app'.encode())
        return self.dsn("app", name)

    def _initialize(self) -> None:
        """As devkit/postgres/install.py makes the pristine data."""
        words: list[str | Path] = [self._home / "server/bin/initdb", "-D", self.data, "-U", ADMIN, "--auth=trust"]
        words += ["--no-sync", "--no-instructions", "--wal-segsize=1", *LOCALE]
        self._as_user([*words, *(word for setting in SETTINGS for word in ("-c", setting))])

    def _as_user(self, words: Sequence[str | Path]) -> None:
        subprocess.run(
            words, check=True, stdout=subprocess.DEVNULL, env=environment(), cwd=self._home,
            user=self._uid, group=self._gid, extra_groups=self._groups,
        )  # fmt: skip


@contextlib.contextmanager
def running(cache: Cache, *settings: str) -> Iterator[Server]:
    """A server with `settings`, started; removed at the end."""
    server = Server(cache, *settings)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@contextlib.contextmanager
def listening(cache: Cache, *settings: str) -> Iterator[Server]:
    """The same on a port of 127.0.0.1, too."""
    port = free_port()
    server = Server(cache, "listen_addresses=127.0.0.1", f"port={port}", *settings)
    server.port = port
    try:
        server.start()
        yield server
    finally:
        server.remove()
