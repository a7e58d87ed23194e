"""Seed files: each whole or not at all, in their order, with the place where the server stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devkit.errors import DevkitError
from devkit.finding import Finding, Place
from devkit.postgres.cache import Cache
from devkit.postgres.dsn import local_dsn
from devkit.postgres.seeding import Seed, run_seeds
from tests.server import Server, listening
from tests.testbed.programs import free_port


@pytest.fixture(scope="module")
def server(found: Cache) -> Iterator[Server]:
    """A server with a database and one table."""
    with listening(found) as server:
        server.database("app")
        with server.admin("app") as admin:
            admin.execute("CREATE TABLE public.t (id int PRIMARY KEY); ALTER TABLE public.t OWNER TO app")
        yield server


def run(server: Server, *texts: str) -> tuple[list[str], Finding | None]:
    done: list[str] = []
    seeds = [Seed(f"{number}.sql", text) for number, text in enumerate(texts, 1)]
    found = run_seeds(local_dsn("app", "app", "secret-word", server.port), seeds, lambda seed: done.append(seed.shown))
    return done, found


def rows(server: Server) -> list[int]:
    with server.admin("app") as admin:
        return [number for (number,) in admin.execute("SELECT id FROM public.t ORDER BY 1").fetchall()]


def test_files_of_several_statements_run_and_may_run_again(server: Server) -> None:
    texts = "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING;\nINSERT INTO t VALUES (2) ON CONFLICT DO NOTHING;\n", ""
    assert run(server, *texts) == (["1.sql", "2.sql"], None)
    assert run(server, *texts) == (["1.sql", "2.sql"], None)
    assert rows(server) == [1, 2]


def test_a_refused_file_leaves_nothing_and_ends_it_with_its_place(server: Server) -> None:
    done, found = run(
        server, "INSERT INTO t VALUES (3);", "INSERT INTO t VALUES (4);\n  INSERT INTO nowhere VALUES (1);", "SELECT 1"
    )
    assert done == ["1.sql"]
    assert found is not None
    assert found.place == Place("2.sql", 2, 15, 2, 16)
    assert 'relation "nowhere" does not exist' in found.message
    assert 4 not in rows(server)


def test_a_database_that_is_not_there_is_no_finding() -> None:
    with pytest.raises(DevkitError, match="cannot be reached"):
        run_seeds(local_dsn("app", "app", "x", free_port()), [], lambda _seed: None)
