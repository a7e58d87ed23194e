"""The snapshot misses nothing that pg_dump knows: a schema that was dumped and restored is the same."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.install import ADMIN, environment, installed
from devkit.process import run
from devkit.progress import silent
from devkit.schema.reading import read_snapshot
from devkit.schema.snapshot import Snapshot, differences
from devkit.schema.text import from_text, to_text
from tests.devkit.schema.generated import statements

ROUND = 20
ROUNDS = [pytest.param(each, marks=pytest.mark.full if each else ()) for each in range(25)]


@pytest.fixture(scope="module")
def running(found: Cache) -> Iterator[Embedded]:
    """A server whose databases are made and dropped."""
    with server(found, silent) as started:
        with started.admin() as admin:
            admin.execute("CREATE ROLE reader")
        yield started


@pytest.fixture(scope="module")
def programs(found: Cache) -> Path:
    """The bundled programs: pg_dump and psql."""
    return installed(found, silent) / "server/bin"


@pytest.mark.full
@pytest.mark.parametrize("number", ROUNDS)
def test_a_restored_schema_is_the_same(running: Embedded, programs: Path, found: Cache, number: int) -> None:
    made: collections.Counter[str] = collections.Counter()
    for seed in range(number * ROUND, (number + 1) * ROUND):
        before = _made(running, seed, made)
        after = _restored(running, _dump(running, programs, found))
        assert differences(before, after) == (), f"seed {seed}"
        assert from_text(to_text(before), "lock") == before
    kinds = {name.split(" ")[0] for name in made}
    assert kinds >= {"table", "column", "constraint", "index", "view", "function", "sequence", "trigger", "grant"}


def _made(running: Embedded, seed: int, made: collections.Counter[str]) -> Snapshot:
    with running.admin() as admin:
        for name in ("one", "two"):
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    with running.admin("one") as database:
        for statement in statements(seed):
            try:
                database.execute(statement.encode())
            except psycopg.Error:
                continue  # chance does not know every rule
        snapshot = read_snapshot(database)
    made.update(each.name for each in snapshot)
    return snapshot


def _dump(running: Embedded, programs: Path, found: Cache) -> str:
    return _program(programs / "pg_dump", ["--schema-only", running.dsn(ADMIN, "one")], found)


def _restored(running: Embedded, dump: str) -> Snapshot:
    with running.admin("two") as database:
        lines = (line for line in dump.split("\n") if not line.startswith(("\\restrict", "\\unrestrict")))
        database.execute("\n".join(lines).encode())
    with running.admin("two") as database:
        return read_snapshot(database)


def _program(program: Path, words: list[str], found: Cache) -> str:
    done = run([program, *words], user=found.server_user, env=environment(), cwd=program.parent)
    assert done.code == 0, done.output
    return done.output
