"""A database with the stand-in, and statements run in it as the replay runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pglast
import psycopg
import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.standin.before import facts_before
from devkit.postgres.standin.telling import tell
from devkit.progress import silent

Run = Callable[..., list[str]]


@pytest.fixture(scope="module")
def running(found: Cache) -> Iterator[Embedded]:
    """A server with a template database that has the extension, made by its owner."""
    with server(found, silent) as started:
        with started.admin() as admin:
            admin.execute("CREATE ROLE owner LOGIN")
            admin.execute("CREATE DATABASE with_citus OWNER owner")
        with psycopg.connect(started.dsn("owner", "with_citus"), autocommit=True) as owner:
            owner.execute("CREATE EXTENSION citus")
        yield started


@pytest.fixture
def owner(running: Embedded) -> Iterator[psycopg.Connection]:
    """The owner of a fresh copy of the template."""
    with running.admin() as admin:
        admin.execute("CREATE DATABASE fresh TEMPLATE with_citus OWNER owner STRATEGY FILE_COPY")
        with psycopg.connect(running.dsn("owner", "fresh"), autocommit=True) as connection:
            yield connection
        admin.execute("DROP DATABASE fresh WITH (FORCE)")


@pytest.fixture
def admin(running: Embedded, owner: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A superuser in the owner's database."""
    del owner  # it makes the database
    with running.admin("fresh") as connection:
        yield connection


@pytest.fixture
def run(owner: psycopg.Connection) -> Run:
    """Runs statements as the replay does; returns the messages of those that were refused."""

    def run_all(*statements: str) -> list[str]:
        refused = []
        for statement in statements:
            facts = facts_before(pglast.parse_sql(statement)[0].stmt)
            try:
                if facts is not None:
                    tell(owner, facts)
                owner.execute(statement.encode())
            except psycopg.Error as error:
                refused.append(error.diag.message_primary or "")
        return refused

    return run_all


@pytest.fixture
def kinds(owner: psycopg.Connection) -> Callable[[], dict[str, str]]:
    """What each Citus table is now."""
    query = "SELECT logicalrelid::text, citus_internal.kind(logicalrelid) FROM pg_dist_partition"
    return lambda: {str(name): str(kind) for name, kind in owner.execute(query.encode()).fetchall()}
