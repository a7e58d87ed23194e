"""A password, whichever way it comes, is nowhere but on the way to the server."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.postgres.cache import Cache
from tests.migrate.team import Team
from tests.processes import command_lines
from tests.server import Server

PASSWORD = "hidden-w0rd@with:odd/letters"
QUOTED = "hidden-w0rd%40with%3Aodd%2Fletters"
HIDDEN = ("hidden-w0rd", "with:odd", "with%3Aodd")


@pytest.fixture(scope="module")
def guarded(found: Cache) -> Iterator[tuple[Server, int]]:
    """A server that wants a password over TCP, and writes down every statement; with its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(found, "listen_addresses=127.0.0.1", "log_statement=all", "log_connections=on")
    try:
        rules = server.folder / "hba.conf"
        rules.write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        rules.chmod(0o644)
        server.settings += (f"hba_file={rules}", f"port={port}")
        server.port = port
        server.start()
        with server.admin() as admin:
            verifier = admin.pgconn.encrypt_password(PASSWORD.encode(), b"app", b"scram-sha-256").decode()
            admin.execute(f"CREATE ROLE app LOGIN CREATEROLE PASSWORD '{verifier}'".encode())
        yield server, port
    finally:
        server.remove()


@pytest.fixture
def secret(team: Team, guarded: tuple[Server, int], tmp_path: Path) -> tuple[Team, dict[str, dict[str, str]]]:
    """A team on that server, and the four ways to carry the password."""
    server, port = guarded
    mine = dataclasses.replace(team, server=server, dsn=server.database())
    mine.write("V1__bets.sql", "CREATE TABLE bets (id int);\nSELECT pg_sleep(0.5);\n")
    (database,) = mine.ask("SELECT current_database()")[0]
    where = f"host=127.0.0.1 port={port} user=app dbname={database}"
    passwords, services = tmp_path / "pgpass", tmp_path / "services"
    escaped = PASSWORD.replace(":", r"\:")
    passwords.write_text(f"127.0.0.1:{port}:*:app:{escaped}\n")
    passwords.chmod(0o600)
    lines = where.replace(" ", "\n")
    services.write_text(f"[dev]\n{lines}\npassword={PASSWORD}\n")
    return mine, {
        "url": {"DEVKIT_DSN": f"postgresql://app:{QUOTED}@127.0.0.1:{port}/{database}"},
        "environment": {"DEVKIT_DSN": where, "PGPASSWORD": PASSWORD},
        "password file": {"DEVKIT_DSN": where, "PGPASSFILE": str(passwords)},
        "service file": {"DEVKIT_DSN": "service=dev", "PGSERVICEFILE": str(services)},
    }


class Watch:
    """Reads every process's command line, again and again."""

    def __init__(self) -> None:
        self.looks = 0
        self.found: list[str] = []
        self._end = threading.Event()

    def look(self) -> None:
        """Look until `watching` ends."""
        while not self._end.is_set():
            self.found += [line for line in command_lines() if any(word in line for word in HIDDEN)]
            self.looks += 1

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Look while the body runs."""
        thread = threading.Thread(target=self.look)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()


def assert_hidden(team: Team, *texts: str) -> None:
    """Not in what was said, not in the server's log, not in the ledger."""
    ledger = ""
    if team.ask("SELECT to_regclass('devkit_ledger.migrations')::text") != [(None,)]:
        ledger = str(team.ask("SELECT * FROM devkit_ledger.migrations"))
    for text in (*texts, team.server.log.read_text("utf-8", "replace"), ledger):
        assert not any(word in text for word in HIDDEN), text


@pytest.mark.parametrize(
    "way",
    ["url", *(pytest.param(way, marks=pytest.mark.full) for way in ("environment", "password file", "service file"))],
)
def test_a_password_is_seen_nowhere(secret: tuple[Team, dict[str, dict[str, str]]], way: str) -> None:
    team, ways = secret
    watch = Watch()
    with watch.watching():
        first = team.inv("migrate", **ways[way])
    again = team.inv("status", "--format", "json", **ways[way])
    assert (first.code, again.code, again.report()["summary"]) == (0, 0, {"applied": 1}), first
    assert watch.looks > 5
    assert watch.found == []
    assert_hidden(team, first.out, first.err, again.out, again.err)
    assert 'LOG:  connection authenticated: identity="app" method=scram-sha-256' in team.server.log.read_text()


@pytest.mark.full
@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"DEVKIT_DSN": ("127.0.0.1", "127.0.0.2")}, "cannot connect", marks=pytest.mark.full),
        ({"DEVKIT_DSN": ("app:", "nobody:")}, "password authentication failed"),
        ({"DEVKIT_DSN": ("/db_", "/no_db_")}, "does not exist"),
        ({"DEVKIT_DSN": ("postgresql://", "postgresql:/")}, "not a PostgreSQL connection string"),
    ],
)
def test_no_error_shows_it(
    secret: tuple[Team, dict[str, dict[str, str]]], change: dict[str, tuple[str, str]], said: str
) -> None:
    team, ways = secret
    env = {key: ways["url"][key].replace(*pair) for key, pair in change.items()}
    result = team.inv("migrate", **env)
    assert (result.code, said in result.err, "Traceback" in result.err) == (2, True, False), result
    assert_hidden(team, result.out, result.err)


@pytest.mark.full
def test_neither_a_refusal_nor_a_lost_server_nor_a_bug_shows_it(secret: tuple[Team, dict[str, dict[str, str]]]) -> None:
    team, ways = secret
    team.write("V2__bad.sql", "SELECT 1 / (SELECT count(*) FROM bets);\n")
    refused = team.inv("migrate", "--no-verify", **ways["url"])
    team.write("V2__bad.sql", "SELECT pg_terminate_backend(pg_backend_pid());\n")
    lost = team.inv("migrate", "--no-verify", **ways["url"])
    broken = team.checkout.root / "devkit/postgres/ledger.py"
    text = broken.read_text()
    broken.write_text(text.replace("def read(", "def read(*a: object) -> None:\n    raise KeyError\ndef r("))
    bug = team.inv("migrate", **ways["url"])
    assert (refused.code, lost.code, bug.code) == (1, 2, 3), (refused, lost, bug)
    assert_hidden(team, *(text for result in (refused, lost, bug) for text in (result.out, result.err)))
