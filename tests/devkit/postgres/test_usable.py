"""A server is usable when Citus is, twice, and nothing was restarted in between: the image's first start, replayed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.condition import Condition
from devkit.postgres.dsn import local_dsn
from devkit.postgres.usable import Commands, NotUsableError, wait_usable
from devkit.progress import silent
from tests.server import Server, listening

COMMANDS = Commands("logs db", "psql app")


@pytest.fixture
def server(found: Cache) -> Iterator[Server]:
    """A server on TCP, with a database `app` without Citus: what a person without patience meets."""
    with listening(found) as server:
        server.database("app")
        yield server


def dsn(server: Server, database: str = "app") -> str:
    return local_dsn("app", database, "secret-word", server.port)


def usable(
    server: Server, seconds: float = 30, *, citus: bool = True, said: Callable[[str], None] = silent
) -> Condition:
    return wait_usable(dsn(server), citus=citus, seconds=seconds, progress=said, commands=COMMANDS)


def extend(server: Server, version: str = "") -> None:
    with server.admin("app") as admin:
        admin.execute("CREATE EXTENSION citus")
        if version:
            admin.execute("UPDATE pg_extension SET extversion = %s WHERE extname = 'citus'", [version])


def register(server: Server, *, has_metadata: bool) -> None:
    """A worker w1, as the coordinator's catalog has it."""
    with server.admin("app") as admin:
        admin.execute(
            "INSERT INTO pg_dist_node (nodeid, groupid, nodename, nodeport, noderole, isactive, metadatasynced, "
            "hasmetadata, shouldhaveshards, nodecluster, noderack) "
            "VALUES (7, 7, 'w1', 5432, 'primary', true, %(has)s, %(has)s, true, 'default', 'default')",
            {"has": has_metadata},
        )


@pytest.mark.full
def test_the_images_first_start_is_waited_out(server: Server) -> None:
    said: list[str] = []
    events: list[str] = []

    def image() -> None:
        time.sleep(1.2)
        events.append("restart")
        server.stop()
        time.sleep(0.5)
        server.start()
        time.sleep(0.5)
        events.append("extension")
        extend(server)

    thread = threading.Thread(target=image)
    thread.start()
    condition = usable(server, said=said.append)
    events.append("usable")
    thread.join()
    assert events == ["restart", "extension", "usable"]
    assert condition.extension == "13.0"
    assert any("extension is not in database app yet" in line for line in said)
    assert any("does not answer yet" in line for line in said)


def test_a_look_that_nobody_answers_is_given_up_for_another(server: Server) -> None:
    extend(server)
    said: list[str] = []
    with server.admin("app") as admin:
        admin.execute("BEGIN")
        admin.execute("LOCK TABLE pg_catalog.pg_extension")  # whoever asks for the extension waits

        def hear(text: str) -> None:
            said.append(text)
            admin.execute("ROLLBACK")

        found = wait_usable(dsn(server), citus=True, seconds=60, progress=hear, commands=COMMANDS, answer_seconds=0.3)
    assert found.extension == "13.0"
    assert said[0] == "the database does not answer yet: no answer within 0.3 s"


def test_a_worker_that_is_away_is_named_however_long_citus_waits_for_it(server: Server) -> None:
    extend(server)
    register(server, has_metadata=True)
    with server.admin("app") as admin:
        admin.execute(
            "CREATE FUNCTION pg_catalog.citus_check_cluster_node_health(OUT from_nodename text, OUT from_nodeport int, "
            "OUT to_nodename text, OUT to_nodeport int, OUT result bool) RETURNS SETOF record LANGUAGE sql AS "
            "$$ SELECT 'c', 5432, 'w1', 5432, false FROM pg_sleep(1) $$"
        )
    with pytest.raises(NotUsableError, match="workers that do not answer or lack the metadata: w1:5432"):
        wait_usable(dsn(server), citus=True, seconds=0.1, progress=silent, commands=COMMANDS, answer_seconds=0.4)


def test_a_restart_between_the_two_looks_begins_anew(server: Server) -> None:
    extend(server)
    looks = 0

    def sleep(seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            server.stop()
            server.start()
        del seconds

    wait_usable(dsn(server), citus=True, seconds=60, progress=silent, commands=COMMANDS, sleep=sleep)
    assert looks == 2


def test_what_is_missing_is_named_after_the_time_is_up(server: Server) -> None:
    with pytest.raises(
        NotUsableError, match="Citus is not preloaded, and its extension is not in database app yet"
    ) as no:
        usable(server, 0.1)
    assert "secret-word" not in str(no.value)
    assert no.value.cure == "see what the database says: logs db; then ./inv up again"


def test_without_citus_a_plain_server_is_usable(server: Server) -> None:
    assert usable(server, citus=False).extension is None


def test_a_library_of_another_version_than_the_extension_is_named_at_once(server: Server) -> None:
    extend(server)
    server.stop()
    server.settings = (*server.settings, "citus.version=13.2.0")
    server.start()
    with pytest.raises(NotUsableError, match=r"app has the citus extension 13.0, the server has Citus 13.2") as differ:
        usable(server)
    assert "upgrade it: psql app -c 'ALTER EXTENSION citus UPDATE'" in differ.value.cure


def test_a_worker_with_another_version_is_named(server: Server) -> None:
    extend(server)
    with server.admin("app") as admin:
        admin.execute(
            "CREATE FUNCTION pg_catalog.run_command_on_workers(text, OUT nodename text, OUT nodeport int, "
            "OUT success bool, OUT result text) RETURNS SETOF record LANGUAGE sql AS "
            "$$ VALUES ('w1', 5432, true, '13.0'), ('w2', 5432, true, '12.1') $$"
        )
    with pytest.raises(NotUsableError, match=r"on worker w2:5432 has the citus extension 12.1"):
        usable(server)


@pytest.mark.full
def test_a_worker_that_lacks_the_metadata_is_waited_for(server: Server) -> None:
    extend(server)
    register(server, has_metadata=False)
    with pytest.raises(NotUsableError, match="workers that do not answer or lack the metadata: w1:5432"):
        usable(server, 0.1)


@pytest.mark.full
def test_a_database_or_a_role_that_is_not_there(server: Server) -> None:
    with pytest.raises(NotUsableError, match='database "nope" does not exist'):
        wait_usable(dsn(server, "nope"), citus=True, seconds=0.1, progress=silent, commands=COMMANDS)
    began = time.monotonic()
    with pytest.raises(NotUsableError, match=r'refuses the login: .*role "nobody" does not exist'):
        wait_usable(
            local_dsn("nobody", "app", "x", server.port), citus=True, seconds=60, progress=silent, commands=COMMANDS
        )
    assert time.monotonic() - began < 30


@pytest.mark.full
def test_a_replica_is_waited_for(found: Cache) -> None:
    with listening(found, "hot_standby=on") as server:
        server.database("app")
        server.stop()
        server.stand_by()
        server.start()
        with pytest.raises(NotUsableError, match="still recovering"):
            usable(server, 0.1)


@pytest.mark.full
def test_nobody_answers(server: Server) -> None:
    server.stop()
    with pytest.raises(NotUsableError, match="does not answer yet"):
        usable(server, 0.1)
    server.start()


def test_psycopg_has_no_sqlstate_for_a_refused_login(server: Server) -> None:
    """Why usable.py reads libpq's words: should psycopg ever tell, it is to be asked instead."""
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(local_dsn("nobody", "app", "x", server.port))
    assert refused.value.sqlstate is None
