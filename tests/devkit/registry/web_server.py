"""Web servers of ours in a thread: one that answers what a test says, one between us and a real registry, a proxy."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import urllib3

_HOP = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding"})


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """A request that a server got."""

    method: str
    path: str
    headers: dict[str, str]  # names in small letters
    body: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What it answers."""

    status: int
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: bytes = b""


@dataclasses.dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, and all that it heard so far."""

    host: str
    heard: list[Heard]

    def count(self, method: str, part: str) -> int:
        """How many requests of `method` had `part` in their path."""
        return sum(1 for each in self.heard if each.method == method and part in each.path)


Answering = Callable[[Heard], Said | None]  # None: close the connection without a word


@contextlib.contextmanager
def answering(answer: Answering, *, tls: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """A server on 127.0.0.1 that answers what `answer` says; by https with a certificate and key."""
    heard: list[Heard] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *words: object) -> None:
            del words

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            names = {key.lower(): value for key, value in self.headers.items()}
            heard.append(Heard(self.command, self.path, names, body))
            said = answer(heard[-1])
            self.close_connection = True
            if said is None:
                return
            self.send_response_only(said.status)
            for key, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
                self.send_header(key, value)
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)

        def do_GET(self) -> None:
            self.answer()

        def do_HEAD(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that hangs up is no news
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with running(server):
        yield Server(f"127.0.0.1:{server.server_address[1]}", heard)


@contextlib.contextmanager
def running(server: Any) -> Iterator[None]:  # noqa: ANN401 - any of socketserver's
    """Run `server` in a thread, and end it."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def between(registry: str, alter: Callable[[Heard, Said], Said | None]) -> Iterator[Server]:
    """A server that passes everything on to `registry` (HOST:PORT), and its answers through `alter`."""

    def answer(heard: Heard) -> Said | None:
        headers = {key: value for key, value in heard.headers.items() if key not in _HOP}
        found = urllib3.request(heard.method, f"http://{registry}{heard.path}", headers=headers, redirect=False)
        kept = {key: value for key, value in found.headers.items() if key.lower() not in _HOP}
        if heard.method == "HEAD":
            kept["Content-Length"] = found.headers.get("Content-Length", "0")
        return alter(heard, Said(found.status, kept, found.data))

    with answering(answer) as server:
        yield server


@contextlib.contextmanager
def tunnelling(to: str) -> Iterator[Server]:
    """An HTTP proxy that brings every CONNECT, whatever it names, to `to` (HOST:PORT)."""
    heard: list[Heard] = []
    host, _, port = to.rpartition(":")

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            del words

        def do_CONNECT(self) -> None:
            names = {key.lower(): value for key, value in self.headers.items()}
            heard.append(Heard("CONNECT", self.path, names, b""))
            with socket.create_connection((host, int(port))) as far:
                self.send_response_only(200)
                self.end_headers()
                _carry(self.connection, far)
            self.close_connection = True

    with running(server := http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)):
        yield Server(f"127.0.0.1:{server.server_address[1]}", heard)


def _carry(near: socket.socket, far: socket.socket) -> None:
    while True:
        for each in select.select([near, far], [], [])[0]:
            data = each.recv(65536)
            if not data:
                return
            (far if each is near else near).sendall(data)
