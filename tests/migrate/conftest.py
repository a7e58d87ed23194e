"""Fixtures: a server a worker, a database a test, a project whose migrations are ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devkit.postgres.cache import Cache
from tests.checkout import Checkout
from tests.migrate.team import Team
from tests.server import Server, running


@pytest.fixture(scope="session")
def server(found: Cache) -> Iterator[Server]:
    """A server that stays up for this worker's tests."""
    with running(found) as started:
        yield started


@pytest.fixture
def team(empty: Checkout, server: Server) -> Team:
    """A checkout without migrations, and a database that has none."""
    return Team(empty, server, server.database())
