"""Fixtures: one migrated database a worker, a tenant a test.

DEVKIT_TEST_CITUS=DSN runs all of this on a real Citus instead, on a database that has the migrations.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.postgres.cache import Cache
from examples.rollups.database import connect
from tests.checkout import ROOT
from tests.rollups.brand import Brand, make_brand
from tests.server import running

_FOLDER = "infra/migrations"


@pytest.fixture(scope="session")
def database(found: Cache) -> Iterator[str]:
    """A database that has all migrations of the sample, as its owner sees it."""
    given = os.environ.get("DEVKIT_TEST_CITUS")
    if given:
        yield given
        return
    with running(found) as server:
        dsn = server.database()
        with psycopg.connect(dsn, autocommit=True) as connection:
            for each in order(read_folder(ROOT / _FOLDER), _FOLDER).migrations:
                with connection.transaction():
                    connection.execute(each.source.text.encode())
        yield dsn


@pytest.fixture
def session(database: str) -> Iterator[Callable[[], psycopg.Connection]]:
    """Opens connections as the application does; they end with the test."""
    opened: list[psycopg.Connection] = []

    def open_one() -> psycopg.Connection:
        opened.append(connect(database))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def connection(session: Callable[[], psycopg.Connection]) -> psycopg.Connection:
    """One such connection."""
    return session()


@pytest.fixture(scope="session")
def looking(database: str) -> Iterator[psycopg.Connection]:
    """The connection that tenants are made and looked at with."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def brand(looking: psycopg.Connection, database: str) -> Brand:
    """A tenant of this test's own, with players and something to bet on."""
    return make_brand(looking, database)
