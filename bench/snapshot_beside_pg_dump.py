"""A schema's fingerprint, of the sample and of 1,000 tables with 20 columns, beside `pg_dump --schema-only`.

The server, its connection and pg_dump's file are warm; pg_dump starts a process and connects, as any script would.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.postgres.cache import Cache, find_cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.install import ADMIN, environment, installed
from devkit.process import run
from devkit.progress import silent
from devkit.schema.reading import read_snapshot
from devkit.schema.text import fingerprint
from devkit.verify.reading import read_scripts

ROUNDS = 9
TABLES, COLUMNS = 1000, 20
TARGETS = {"the sample": 0.030, f"{TABLES} tables": 1.0}  # seconds
ROOT = Path(__file__).resolve().parent.parent


def median(action: Callable[[], object]) -> float:
    """Seconds of the middle one of some rounds, after one that does not count."""
    action()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def make_sample(database: psycopg.Connection) -> None:
    """The sample's migrations."""
    for script in read_scripts(order(read_folder(ROOT / "infra/migrations"), "infra/migrations")).runnable:
        for statement in script.statements:
            database.execute(statement.text.encode())


def make_many(database: psycopg.Connection) -> None:
    """Tables with a key, an index and defaults."""
    columns = ", ".join(f"column_{number} text NOT NULL DEFAULT ''" for number in range(2, COLUMNS))
    for number in range(TABLES):
        database.execute(
            f"CREATE TABLE table_{number} (tenant_id bigint, id bigint, {columns}, PRIMARY KEY (tenant_id, id));"
            f"CREATE INDEX ON table_{number} (column_2)".encode()
        )


def compare(name: str, running: Embedded, cache: Cache, make: Callable[[psycopg.Connection], None]) -> None:
    """Print both times, the ratio and the target."""
    database = "bench_many" if make is make_many else "bench_sample"
    with running.admin() as admin:
        admin.execute(f"CREATE DATABASE {database}".encode())
    with running.admin(database) as connection:
        connection.prepare_threshold = None  # as devkit connects
        make(connection)
        connection.execute("ANALYZE")
        ours = median(lambda: fingerprint(read_snapshot(connection)))
        lines = len(read_snapshot(connection))
    program = installed(cache, silent) / "server/bin/pg_dump"
    words = (program, "--schema-only", running.dsn(ADMIN, database))
    theirs = median(lambda: run(words, user=cache.server_user, env=environment(), cwd=program.parent))
    print(f"fingerprint of {name} ({lines} objects), median of {ROUNDS}")
    print(f"  pg_dump --schema-only {theirs * 1000:6.0f} ms")
    print(f"  devkit's fingerprint  {ours * 1000:6.0f} ms   (target: below {TARGETS[name] * 1000:.0f} ms)")
    print(f"  ratio                 {ours / theirs:6.2f}")


def main() -> None:
    """Both schemas on one embedded server."""
    cache = find_cache(os.environ)
    with server(cache, silent) as running:
        for name, make in zip(TARGETS, (make_sample, make_many), strict=True):
            compare(name, running, cache, make)


if __name__ == "__main__":
    main()
