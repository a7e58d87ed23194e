"""./inv psql on the sample's database, with the real psql, through the real API server."""

from __future__ import annotations

import base64
import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psycopg
import pytest

from tests.checkout import ROOT
from tests.cluster.stack import Stack
from tests.need import need
from tests.testbed.stores import Stores

_SECONDS = 30


@pytest.mark.full
def test_psql_runs_on_the_stacks_database_and_keeps_the_password_to_itself(stack: Stack, stores: Stores) -> None:
    need("psql")
    stores.serve(stack.cluster, stack.namespace)
    up = stack.up()
    assert up.code == 0, up.err
    encoded = stack.get("/api/v1/…/secrets/citus")["data"]["password"]
    password = base64.b64decode(encoded).decode()

    asked = stack.run("psql", "--", "-XAtc", "select 1 + 1")
    assert (asked.code, asked.out, asked.err) == (0, "2\n", "")
    others = {"PGHOST": "db.invalid", "PGSERVICE": "nobody", "PGOPTIONS": "-c work_mem=7MB", "PGAPPNAME": "x"}
    shown = stack.run("psql", "--", "-XAt", "-c", "show work_mem", "-c", "select current_user, 'a  b'", env=others)
    assert (shown.code, shown.out) == (0, "7MB\napp|a  b\n"), shown.err

    failed = stack.run("psql", "--", "-XAtc", "select nothing")
    assert (failed.code, failed.out) == (1, "")
    assert 'column "nothing" does not exist' in failed.err
    script = stack.home / "a script.sql"
    script.write_text("select nothing;\n")
    stopped = stack.run("psql", "--", "-Xv", "ON_ERROR_STOP=1", "-f", str(script))
    assert (stopped.code, "a script.sql:1: ERROR" in stopped.err) == (3, True), stopped.err

    listed = stack.run("psql", "--", "-Xc", r"\! ps -A -ww -o args= && test -n \"$PGPASSWORD\" && echo it is there")
    assert (listed.code, "psql -Xc" in listed.out, "it is there" in listed.out) == (0, True, True)
    for each in (asked, shown, failed, stopped, listed):
        assert password not in each.out + each.err

    _ctrl_c_cancels_the_query(stack, stores)
    _what_is_not_up_is_named(stack, stores)


def _ctrl_c_cancels_the_query(stack: Stack, stores: Stores) -> None:
    """At a prompt, as a person types it; ./inv goes on.

    The bed's kubelet never tells that a server has ended a connection, which psql waits for once it has asked for the
    cancellation; others tell within a second. So the server is asked here, and psql is ended.
    """
    checkout = stack.checkout
    words, environment = checkout.argv("psql", "--", "-X"), checkout.environment(**stack.environment())
    with _at_a_terminal(words, checkout.root, environment) as (running, person):
        _read(person, "app=>")
        os.write(person, b"select pg_sleep(60);\n")
        with stores.postgres.admin() as admin:
            _until(lambda: _sleeps(admin))
            os.killpg(running.pid, signal.SIGINT)
            _until(lambda: not _sleeps(admin))
        assert running.poll() is None
        running.terminate()
        assert running.wait(_SECONDS) == 128 + signal.SIGTERM


def test_ctrl_c_at_the_prompt_comes_back_to_the_prompt(stores: Stores) -> None:
    need("psql")
    places = {"PGHOST": "127.0.0.1", "PGPORT": str(stores.postgres_port), "PGUSER": "app", "PGDATABASE": "app"}
    words = [sys.executable, "-c", _FOREGROUND, "psql", "-X"]
    with _at_a_terminal(words, ROOT, {**os.environ, **places}) as (running, person):
        _read(person, "app=>")
        os.write(person, b"select pg_sleep(60);\n")
        with stores.postgres.admin() as admin:
            _until(lambda: _sleeps(admin))
        os.killpg(running.pid, signal.SIGINT)
        _read(person, "canceling statement due to user request")
        os.write(person, b"select 40 + 2 as answer;\n")
        _read(person, "42")
        os.write(person, b"\\q\n")
        _read(person, "psql ended with 0")
        assert running.wait(_SECONDS) == 0


_FOREGROUND = """
import os, sys
from pathlib import Path
from devkit.process import foreground
print("psql ended with", foreground(sys.argv[1:], cwd=Path.cwd(), env=os.environ))
"""


def _what_is_not_up_is_named(stack: Stack, stores: Stores) -> None:
    stores.postgres.stop()
    try:
        refused = stack.run("psql", "--", "-XAtc", "select 1")
    finally:
        stores.postgres.start()
    assert refused.code == 2
    assert "connection refused" in refused.err.split("inv: ")[1]
    assert "./inv status shows what is up" in refused.err


def _sleeps(admin: psycopg.Connection) -> bool:
    query = "SELECT FROM pg_stat_activity WHERE application_name = 'psql' AND state = 'active' AND query ~ 'pg_sleep'"
    return admin.execute(query).fetchone() is not None


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextlib.contextmanager
def _at_a_terminal(
    words: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A program on a terminal, in a process group of its own as a shell makes it; and the person's end of it."""
    person, terminal = os.openpty()
    with contextlib.ExitStack() as closing:
        closing.callback(os.close, person)
        running = closing.enter_context(
            subprocess.Popen(
                words,
                env={**environment, "TERM": "dumb", "PAGER": "cat"},
                cwd=cwd,
                stdin=terminal,
                stdout=terminal,
                stderr=terminal,
                start_new_session=True,
            )
        )
        closing.callback(running.kill)
        os.close(terminal)
        yield running, person


def _read(person: int, until: str) -> None:
    """Wait until the words `until` stand on the terminal."""
    said, deadline = b"", time.monotonic() + _SECONDS
    while until not in said.decode("utf-8", "replace"):
        ready, _, _ = select.select([person], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"it says no more than …{said[-1000:]!r}"
        said += os.read(person, 4096)
