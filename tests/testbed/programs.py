"""Starts the bed's servers on ports that the system picks, and stops them by pid."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

_STOP_SECONDS = 5
_START_SECONDS = 60
_PAIRS = range(20_000, 30_000, 2)  # below the ports that systems give out by themselves: 32768 and up, macOS 49152


def free_port() -> int:
    """A port of 127.0.0.1 that a server can take within the next minute, and that the system gives to nobody else.

    A connection was made to it and closed from its side: it waits (TIME_WAIT) until servers, which ask for that
    (SO_REUSEADDR), take it over. Without that, a connection of another test may get it in between.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        address: tuple[str, int] = server.getsockname()
        with socket.create_connection(address) as near:
            far, _ = server.accept()
            far.close()
            near.recv(1)
        return address[1]


def two_free_ports() -> int:
    """The first of two neighbouring ports of 127.0.0.1, which the system cannot pick, and gives to nobody else."""
    while True:
        first = random.choice(_PAIRS)
        with contextlib.suppress(OSError):  # somebody has one of them
            for port in (first, first + 1):
                socket.create_server(("127.0.0.1", port)).close()
            return first


class Program:
    """One server with a log of its own."""

    def __init__(self, name: str, argv: list[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.argv = argv
        self.log = folder / f"{name}.log"
        self.env = env
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=self.env
            )

    def wait(self, is_up: Callable[[], bool]) -> None:
        """Until `is_up`; an assertion with the log's end when it does not come."""
        deadline = time.monotonic() + _START_SECONDS
        while not is_up():
            assert self._process is not None
            in_time = self._process.poll() is None and time.monotonic() < deadline
            assert in_time, f"{self.name} does not start:\n{self.tail()}"
            time.sleep(0.05)

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:]

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def stop(self, *, at_once: bool = False) -> None:
        """End it and its group; a server that does not end in 5 s (an API server without etcd) is killed."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL if at_once else signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None
