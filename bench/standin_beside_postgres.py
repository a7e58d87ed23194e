"""What the stand-in costs plain tables: 300 files of DDL, replayed without it, with it, and beside a Citus table."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.generated import statements
from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.postgres.cache import find_cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.install import ADMIN
from devkit.postgres.replay import Replay
from devkit.postgres.scratch import dsn_scratch
from devkit.progress import silent
from devkit.verify.reading import Scripts, read_scripts

FILES = 300
ROUNDS = 7
TARGET = 1.30
ALONE = "PostgreSQL alone"
WITH = "with the stand-in"
_CITUS = "CREATE EXTENSION citus;\n"
FIRST = {
    ALONE: "SELECT 1;\n",
    WITH: _CITUS,
    "beside a Citus table": f"{_CITUS}CREATE TABLE d (id bigint);\nSELECT create_distributed_table('d', 'id');\n",
}


def scripts_in(folder: Path, first: str) -> Scripts:
    """The files, each a table, or changes of one, after a `first` one."""
    folder.mkdir()
    (folder / "V1__first.sql").write_text(first)
    plain = (number for number in range(10 * FILES) if number % 3 != 2)  # without rows
    for version, number in zip(range(2, FILES + 2), plain, strict=False):
        (folder / f"V{version}__step.sql").write_text(statements(number))
    return read_scripts(order(read_folder(folder), "bench"))


def replay(running: Embedded, scripts: Scripts) -> float:
    """Seconds of a replay, without its database."""
    with dsn_scratch(running.dsn(ADMIN, "postgres"), extensions=frozenset()) as scratch:
        started = time.perf_counter()
        failure = Replay(scratch, 60, silent).run(scripts.runnable)
        if failure:
            sys.exit(failure.message)
        return time.perf_counter() - started


def main() -> None:
    """Print the times, their ratios and the target."""
    with tempfile.TemporaryDirectory() as folder, server(find_cache(os.environ), silent) as running:
        scripts = {
            name: scripts_in(Path(folder) / str(number), first) for number, (name, first) in enumerate(FIRST.items())
        }
        times: dict[str, list[float]] = {name: [] for name in FIRST}
        for number in range(ROUNDS + 1):
            for name, each in scripts.items():
                seconds = replay(running, each)
                if number:  # the first round warms all
                    times[name].append(seconds)
    bare = statistics.median(times[ALONE])
    print(f"replay of {FILES} files of plain DDL, median of {ROUNDS}")
    for name, measured in times.items():
        seconds = statistics.median(measured)
        target = f"   (target: at most {TARGET:.2f})" if name == WITH else ""
        ratio = "" if name == ALONE else f"  ratio {seconds / bare:4.2f}{target}"
        print(f"  {name:<21} {seconds * 1000:6.0f} ms{ratio}")


if __name__ == "__main__":
    main()
