"""Redis with the sample's password, and Grafana, Loki and Redpanda as HTTP: each stops and starts by its name."""

from __future__ import annotations

import functools
import http.server
import json
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.infra.manifests import objects
from tests.need import need
from tests.testbed.programs import Program, free_port

_PORTS = {"redis": 6379, "grafana": 3000, "loki": 3100, "redpanda": 9644}
_PAUSE = 0.05


def redis_password() -> str:
    """The password that the sample's Secret `redis` has."""
    secret = next(each for each in objects() if each["kind"] == "Secret" and each["metadata"]["name"] == "redis")
    return str(secret["stringData"]["password"])


class Services:
    """The four services beside the database, on ports of 127.0.0.1 that stay theirs; Redis keeps its log in `folder`.

    What is called `name` is one of redis, grafana, loki, redpanda.
    """

    def __init__(self, folder: Path) -> None:
        self._all: dict[str, _Redis | _Http] = {
            "redis": _Redis(folder),
            "grafana": _Http("/api/health", {"database": "ok", "version": "10.4.3"}),
            "loki": _Http("/ready", "ready\n"),
            "redpanda": _Http("/v1/status/ready", {"status": "ready"}),
        }

    def start(self) -> None:
        """Start all of them."""
        for each in self._all.values():
            each.start()

    def stop(self) -> None:
        """Stop those that run."""
        for each in self._all.values():
            each.stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop_one(self, name: str) -> None:
        """Stop a service: its port refuses connections until start_one()."""
        self._all[name].stop()

    def start_one(self, name: str) -> None:
        """Start a stopped service on the port that it had; Redis comes back without its data."""
        self._all[name].start()

    def ports(self) -> dict[int, int]:
        """A pod's port to this machine's, for Cluster.forward() and PodServers.serve()."""
        return {_PORTS[name]: each.port for name, each in self._all.items()}


class _Redis(Program):
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        words = [need("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        super().__init__("redis", [*words, "--requirepass", redis_password()], folder)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        super().start()
        self.wait(self._answers)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port)) as session:
                session.sendall(b"PING\r\n")
                return session.recv(100).startswith(b"-NOAUTH")
        except OSError:
            return False


class _Http:
    """A server that answers 200 with `answer` at `path`, and 404 everywhere else."""

    def __init__(self, path: str, answer: object) -> None:
        self.port = free_port()
        self._handler = functools.partial(_Answering, path, answer)
        self._running: tuple[http.server.HTTPServer, threading.Thread] | None = None

    def start(self) -> None:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), self._handler)
        thread = threading.Thread(target=server.serve_forever, args=(_PAUSE,), daemon=True)
        thread.start()
        self._running = server, thread

    def stop(self) -> None:
        if self._running is None:
            return
        server, thread = self._running
        self._running = None
        server.shutdown()
        thread.join()
        server.server_close()


class _Answering(http.server.BaseHTTPRequestHandler):
    def __init__(self, expected: str, answer: object, *connection: Any) -> None:  # noqa: ANN401 - the library's
        self._expected = expected
        self._answer = answer
        super().__init__(*connection)  # which answers

    def do_GET(self) -> None:
        is_known = self.path == self._expected
        answer = self._answer if is_known else {}
        data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(200 if is_known else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        del format, args
