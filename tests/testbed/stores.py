"""Real servers behind the simulated pods: PostgreSQL with the stand-in, Redis, and HTTP as Grafana, Loki, Redpanda."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

from devkit.postgres.cache import Cache
from tests.need import need
from tests.server import Server
from tests.testbed.cluster import Cluster
from tests.testbed.programs import Program, free_port

_ANSWERS = {
    "/api/health": (200, {"database": "ok", "version": "10.4.3"}),  # Grafana
    "/ready": (200, "ready\n"),  # Loki
    "/v1/status/ready": (200, {"status": "ready"}),  # Redpanda's admin API
}


class Stores:
    """The five services of the sample, as they are behind one namespace's pods."""

    def __init__(self, cache: Cache, folder: Path) -> None:
        self.postgres_port = free_port()
        self.postgres = Server(cache, "listen_addresses=127.0.0.1", f"port={self.postgres_port}")
        self.postgres.port = self.postgres_port
        self.redis_port = free_port()
        self._redis = Program(
            "redis", [need("redis-server"), "--bind", "127.0.0.1", "--port", str(self.redis_port), "--save", ""], folder
        )
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
        self.http_port = int(self._http.server_address[1])

    def start(self) -> None:
        """Start all of them; the database is as the image leaves it after its first start."""
        self.postgres.start()
        self._redis.start()
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.postgres.database("app")
        with self.postgres.admin("app") as admin:
            admin.execute("CREATE EXTENSION citus")

    def stop(self) -> None:
        """Stop all of them."""
        self._http.shutdown()
        self._http.server_close()
        self._redis.stop()
        self.postgres.remove()

    def serve(self, cluster: Cluster, namespace: str) -> None:
        """Lead the ports of a namespace's pods here."""
        http_port = self.http_port
        cluster.forward(
            namespace,
            {5432: self.postgres_port, 6379: self.redis_port, 3000: http_port, 3100: http_port, 9644: http_port},
        )


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        code, body = _ANSWERS.get(self.path, (404, {}))
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        del format, args


@contextlib.contextmanager
def serving(cache: Cache, folder: Path) -> Iterator[Stores]:
    """The stores, started; stopped at the end."""
    stores = Stores(cache, folder)
    try:
        stores.start()
        yield stores
    finally:
        stores.stop()
