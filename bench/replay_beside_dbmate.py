"""300 generated migrations replayed by `./inv verify` and by dbmate on the same embedded server.

Whole processes are timed, the creation of the scratch database included; verify also parses, reads the catalogs,
judges and drops its database. Before any time counts, both must have made the same schema.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from bench.generated import SCHEMA, write
from bench.peers import DBMATE, dbmate
from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.postgres.cache import find_cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.install import ADMIN
from devkit.postgres.replay import Replay
from devkit.postgres.scratch import dsn_scratch
from devkit.progress import silent
from devkit.verify.reading import read_scripts

FILES = 300
ROUNDS = 5
TARGET = 1.0  # of dbmate's time: judging must cost no more than running
ROOT = Path(__file__).resolve().parent.parent


def run_dbmate(running: Embedded, folder: Path, database: str) -> float:
    """Seconds of `dbmate up`: it creates the database and migrates it."""
    url = f"postgres://{ADMIN}@/{database}?socket={running.sockets}"
    return timed([str(dbmate()), "--url", url, "--migrations-dir", str(folder), "--no-dump-schema", "up"])


def run_verify(running: Embedded, folder: Path, manifests: Path) -> float:
    """Seconds of `./inv verify` on the same server."""
    dsn = running.dsn(ADMIN, "postgres")
    words = ["verify", "--dsn", dsn, "--migrations", str(folder), "--manifests", str(manifests)]
    return timed([str(ROOT / "inv"), *words])


def timed(argv: list[str]) -> float:
    """Seconds from start to end of a process that must succeed."""
    started = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, text=True, env=dict(os.environ), check=False)
    if done.returncode != 0:
        sys.exit(f"{argv[0]} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def our_schema(running: Embedded, folder: Path) -> list[tuple[object, ...]]:
    """What our replay makes of the files."""
    scripts = read_scripts(order(read_folder(folder), "bench"))
    with dsn_scratch(running.dsn(ADMIN, "postgres"), extensions=frozenset()) as scratch:
        failure = Replay(scratch, 60, silent).run(scripts.runnable)
        if failure:
            sys.exit(failure.message)
        return scratch.owner.execute(SCHEMA).fetchall()


def main() -> None:
    """Print both times, the ratio and the target."""
    with tempfile.TemporaryDirectory() as folder, server(find_cache(os.environ), silent) as running:
        folders = write(Path(folder), FILES)
        ours, theirs = folders["devkit"], folders["dbmate"]
        manifests = Path(folder) / "k8s"
        manifests.mkdir()
        verify_times, dbmate_times = [], []
        run_verify(running, ours, manifests)  # compiled modules and the page cache are warm for both
        for number in range(ROUNDS):
            dbmate_times.append(run_dbmate(running, theirs, f"bench_{number}"))
            verify_times.append(run_verify(running, ours, manifests))
        with psycopg.connect(running.dsn(ADMIN, "bench_0")) as connection:
            their_schema = connection.execute(SCHEMA).fetchall()
        equal = their_schema == our_schema(running, ours)
    devkit, peer = statistics.median(verify_times), statistics.median(dbmate_times)
    print(f"replay of {FILES} files, median of {ROUNDS} whole processes on one embedded PostgreSQL")
    print(f"  schemas equal: {'yes' if equal else 'NO'} ({len(their_schema)} columns, indexes and constraints)")
    print(f"  dbmate {DBMATE} up     {peer:6.2f} s")
    print(f"  ./inv verify          {devkit:6.2f} s")
    print(f"  ratio                 {devkit / peer:6.2f}   (target: at most {TARGET:.2f})")
    if not equal:
        sys.exit("the two tools made different schemas: the times mean nothing")
