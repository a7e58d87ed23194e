"""300 files applied by `./inv migrate` and by its peers: one server, the same files, interleaved runs.

Whole processes are timed, each with its own ledger and lock. Two times of ours count: with a verdict that `./inv
verify` or `./inv watch` has left (the everyday case), and what verifying for the first time adds is shown beside it.
Before any time counts, all must have made the same schema.
"""

from __future__ import annotations

import os
import socket
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.generated import SCHEMA, write
from bench.peers import DBMATE, FLYWAY, GOLANG_MIGRATE, dbmate, flyway, golang_migrate
from bench.replay_beside_dbmate import ROOT, timed
from devkit.postgres.cache import find_cache
from tests.server import Server

FILES = 300
ROUNDS = 5
TARGET = 1.0  # of dbmate's time, for all files and for none

Command = Callable[[str], list[str]]  # a database's name to the words that migrate it


def commands(folders: dict[str, Path], port: int) -> dict[str, Command]:
    """Every runner's command line."""

    def url(database: str) -> str:
        return f"postgres://app@127.0.0.1:{port}/{database}?sslmode=disable"

    ours = [str(ROOT / "inv"), "migrate", "--migrations", str(folders["devkit"]), "--dsn"]
    dbmates = [str(dbmate()), "--migrations-dir", str(folders["dbmate"]), "--no-dump-schema", "--url"]
    golangs = [str(golang_migrate()), "-path", str(folders["golang-migrate"]), "-database"]
    found: dict[str, Command] = {
        "./inv migrate": lambda database: [*ours, url(database)],
        "./inv migrate --no-verify": lambda database: [*ours, url(database), "--no-verify"],
        f"dbmate {DBMATE}": lambda database: [*dbmates, url(database), "migrate"],
        f"golang-migrate {GOLANG_MIGRATE}": lambda database: [*golangs, url(database), "up"],
    }
    java = flyway()
    if java is not None:
        where = f"-locations=filesystem:{folders['devkit']}"
        found[f"flyway {FLYWAY}"] = lambda database: [
            *java, "-user=app", where, f"-url=jdbc:postgresql://127.0.0.1:{port}/{database}", "migrate",
        ]  # fmt: skip
    return found


def main() -> None:
    """Print the times of all, their ratios to dbmate's, and the targets."""
    with tempfile.TemporaryDirectory() as folder:
        folders = write(Path(folder), FILES)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        server = Server(find_cache(os.environ), "listen_addresses=127.0.0.1", f"port={port}")
        server.port = port
        try:
            server.start()
            _measure(server, commands(folders, port))
        finally:
            server.remove()


def _measure(server: Server, runners: dict[str, Command]) -> None:
    server.database("warm")
    first = timed(runners["./inv migrate"]("warm"))  # leaves the verdict, as a save under ./inv watch does
    full: dict[str, list[float]] = {name: [] for name in runners}
    none: dict[str, list[float]] = {name: [] for name in runners}
    schemas = {}
    for number in range(ROUNDS):
        for at, (name, command) in enumerate(runners.items()):
            database = f"bench_{at}_{number}"
            server.database(database)
            full[name].append(timed(command(database)))
            none[name].append(timed(command(database)))
            schemas[name] = _schema(server, database)
    _report(full, none, first)
    if len({str(schema) for schema in schemas.values()}) != 1:
        sys.exit("the runners made different schemas: the times mean nothing")


def _schema(server: Server, database: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.dsn("app", database)) as connection:
        return connection.execute(SCHEMA).fetchall()


def _report(full: dict[str, list[float]], none: dict[str, list[float]], first: float) -> None:
    peer = f"dbmate {DBMATE}"
    base = (statistics.median(full[peer]), statistics.median(none[peer]))
    print(f"\n{FILES} files applied, then nothing to do, median of {ROUNDS} whole processes on one server")
    for (name, applied), idle in zip(full.items(), none.values(), strict=True):
        both = (statistics.median(applied), statistics.median(idle))
        ratios = ", ".join(f"{mine / theirs:5.2f}" for mine, theirs in zip(both, base, strict=True))
        print(f"  {name:28}{both[0]:6.2f} s {both[1]:6.3f} s   ratio {ratios}")
    print(f"  target for ./inv migrate: at most {TARGET:.2f} and {TARGET:.2f}")
    print(f"  with the first verification of the files: {first:.2f} s")
