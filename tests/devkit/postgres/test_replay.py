"""A replay comes to its end whatever the server does, or does not do any more."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.postgres import scratch as scratches
from devkit.postgres.cache import Cache
from devkit.postgres.dsn import connection, local_dsn
from devkit.postgres.replay import Replay
from devkit.postgres.scratch import dsn_scratch, embedded_scratch
from devkit.progress import silent
from devkit.verify.reading import Scripts, read_scripts
from tests.server import listening

_SCRATCHES = r"SELECT count(*) FROM pg_database WHERE datname LIKE 'devkit\_scratch\_%'"
_OTHERS = """SELECT count(*) FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""


class Way:
    """A way to a server that can die without a word: connections stay open, and nothing comes through any more."""

    def __init__(self, port: int) -> None:
        self.to = port
        self._is_dead = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._is_over = threading.Event()
        self.port = int(self._listener.getsockname()[1])
        self._begin(self._accept)

    def die(self) -> None:
        """Carry nothing more for the connections that are there; later ones are another way."""
        self._is_dead.set()
        self._is_dead = threading.Event()

    def close(self) -> None:
        """End everything; again is fine."""
        self._is_over.set()
        self._threads[0].join()
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in (*self._ends, self._listener):
            end.close()

    def _begin(self, work: Callable[..., None], *words: object) -> None:
        self._threads.append(threading.Thread(target=work, args=words))
        self._threads[-1].start()

    def _accept(self) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(TimeoutError):
                near, _ = self._listener.accept()
                near.settimeout(None)
                far = socket.create_connection(("127.0.0.1", self.to))
                self._ends += [near, far]
                self._begin(_carry, near, far, self._is_dead)
                self._begin(_carry, far, near, self._is_dead)


def _carry(source: socket.socket, target: socket.socket, is_dead: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            if not is_dead.is_set():
                target.sendall(data)
    if not is_dead.is_set():
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def endless(tmp_path: Path) -> Scripts:
    """A migration that does not end by itself."""
    (tmp_path / "V1__long.sql").write_text("SELECT pg_sleep(600);\n")
    return read_scripts(order(read_folder(tmp_path), "migrations"))


@pytest.fixture
def way(found: Cache) -> Iterator[Way]:
    """The way to a server whose superuser is `app`."""
    with listening(found) as server:
        server.database("app")
        with server.admin() as admin:
            admin.execute("ALTER ROLE app SUPERUSER")
        with contextlib.closing(Way(server.port)) as way:
            yield way


@pytest.mark.full
def test_a_way_that_dies_without_a_word_ends_the_replay_and_the_next_run_sweeps(
    way: Way, endless: Scripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratches, "_DROP_SECONDS", 1.0)
    dsn = local_dsn("app", "app", "any", way.port)
    with dsn_scratch(dsn, extensions=frozenset()) as scratch:
        dies = threading.Timer(0.5, way.die)
        dies.start()
        failure = Replay(scratch, 1, silent).run(endless.runnable)
        dies.join()
        assert failure is not None
        assert failure.timed_out
        assert scratch.owner.execute("SELECT 1").fetchone() == (1,)  # by another way
    with contextlib.closing(connection(dsn)) as session:
        assert session.execute(_SCRATCHES).fetchone() == (1,)
    way.close()  # whose sessions hold their locks until then
    with contextlib.closing(Way(way.to)) as again:
        dsn = local_dsn("app", "app", "any", again.port)
        with contextlib.closing(connection(dsn)) as session:
            until_gone = time.monotonic() + 60
            while session.execute(_OTHERS).fetchone() != (0,):
                assert time.monotonic() < until_gone
                time.sleep(0.05)
        with dsn_scratch(dsn, extensions=frozenset()) as scratch:
            assert scratch.owner.execute(_SCRATCHES).fetchone() == (1,)  # its own


@pytest.mark.full
def test_a_session_that_hears_neither_the_cancel_nor_its_end_is_left(found: Cache, endless: Scripts) -> None:
    with embedded_scratch(found, database="app", owner="app", progress=silent) as scratch:
        deaf = scratch.owner.info.backend_pid
        deafens = threading.Timer(0.5, os.kill, (deaf, signal.SIGSTOP))
        deafens.start()
        try:
            failure = Replay(scratch, 1, silent).run(endless.runnable)
        finally:
            deafens.join()
            os.kill(deaf, signal.SIGCONT)
        assert failure is not None
        assert (failure.timed_out, failure.statement.text) == (True, "SELECT pg_sleep(600)")
        assert scratch.owner.info.backend_pid != deaf
        assert scratch.owner.execute("SELECT 1").fetchone() == (1,)
