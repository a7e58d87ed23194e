"""The server that a page with `with: database` finds at localhost: an empty database `app` of the role `app`.

Nobody is asked for a password, and the role `postgres` is the superuser that every server has.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

from devkit.postgres.cache import Cache
from tests.server import Server
from tests.testbed.programs import free_port

ADDRESS = "localhost:5432"  # what pages call it
_SERVICE = "[dev]\nhost=localhost\nport={port}\nuser=app\ndbname=app\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Database:
    """The running server, and the file of services that names it `dev`."""

    server: Server
    services: Path

    def environment(self) -> Mapping[str, str]:
        """What leads to it by the service `dev`."""
        return {"PGSERVICEFILE": str(self.services)}

    def addresses(self) -> Mapping[str, str]:
        """What pages call it, and where it is: tests have no fixed ports."""
        return {ADDRESS: f"localhost:{self.server.port}"}

    def was_used(self) -> bool:
        """Whether anybody has connected to a database that the page can name."""
        with self.server.admin() as admin:
            row = admin.execute(
                "SELECT sum(sessions) FROM pg_stat_database WHERE datname IN ('app', 'postgres')"
            ).fetchone()
        return bool(row and row[0])


@contextlib.contextmanager
def database(cache: Cache, folder: Path) -> Iterator[Database]:
    """A server with the database, until the page ends."""
    port = free_port()
    services = folder / "pg_service.conf"
    services.write_text(_SERVICE.format(port=port))
    server = Server(cache, "listen_addresses=127.0.0.1", f"port={port}")
    server.port = port
    try:
        server.start()
        server.database("app")
        with server.admin() as admin:
            admin.execute("CREATE ROLE postgres LOGIN SUPERUSER")
        yield Database(server, services)
    finally:
        server.remove()
