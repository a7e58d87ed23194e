"""Whatever a statement changes, the snapshot changes, and a difference names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import server
from devkit.postgres.install import ADMIN
from devkit.progress import silent
from devkit.schema.reading import read_snapshot
from devkit.schema.snapshot import differences
from devkit.schema.text import from_text, to_text
from tests.devkit.schema.changes import BASE, CHANGES, Change
from tests.everyday import first

Fresh = Callable[[], psycopg.Connection]


@pytest.fixture(scope="module")
def fresh(found: Cache) -> Iterator[Fresh]:
    """Makes a connection to a copy of a database with an object of every kind."""
    opened: list[psycopg.Connection] = []
    with server(found, silent) as running, running.admin() as admin:
        admin.execute("CREATE DATABASE base")
        with running.admin("base") as base:
            base.execute(BASE)

        def make() -> psycopg.Connection:
            for old in opened:
                old.close()
            admin.execute("DROP DATABASE IF EXISTS copy WITH (FORCE)")
            admin.execute("CREATE DATABASE copy TEMPLATE base STRATEGY FILE_COPY")
            opened[:] = [psycopg.connect(running.dsn(ADMIN, "copy"), autocommit=True)]
            return opened[0]

        yield make
        opened[0].close()


@pytest.mark.parametrize("change", first(12, CHANGES), ids=lambda change: change.statement)
def test_a_change_is_a_difference_that_names_it(fresh: Fresh, change: Change) -> None:
    database = fresh()
    before = read_snapshot(database)
    assert from_text(to_text(before), "lock") == before
    database.execute(change.statement.encode())
    after = read_snapshot(database)
    assert change.names in {each.object for each in differences(before, after)}
    assert to_text(before) != to_text(after)
    assert from_text(to_text(after), "lock") == after


def test_nothing_changes_by_itself(fresh: Fresh) -> None:
    database = fresh()
    before = read_snapshot(database)
    database.execute("VACUUM ANALYZE")
    database.execute("SET TimeZone TO 'Asia/Tokyo'; SET DateStyle TO German; SET search_path TO app")
    assert read_snapshot(database) == before
