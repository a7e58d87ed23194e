"""A session that nobody answers is given up, on this side alone."""

from __future__ import annotations

import contextlib
import time

import psycopg
import pytest

from devkit.postgres.answering import answering, cut_off
from devkit.postgres.cache import Cache
from devkit.postgres.embedded import server
from devkit.progress import silent


def test_what_takes_too_long_is_cut_off_and_what_does_not_is_left_alone(found: Cache) -> None:
    with server(found, silent) as running, contextlib.closing(running.admin()) as session:
        with answering(session, 30):
            assert session.execute("SELECT 1").fetchone() == (1,)
        with answering(session, 0.05):
            pass
        time.sleep(0.1)  # the time is up, but nobody is waiting any more
        assert session.execute("SELECT 2").fetchone() == (2,)
        with pytest.raises(psycopg.OperationalError, match=r"^no answer within 0[.]6 s$"), answering(session, 0.6):
            session.execute("SELECT pg_sleep(60)")
        assert session.closed


def test_a_refusal_that_came_in_time_is_the_servers_own(found: Cache) -> None:
    with server(found, silent) as running, contextlib.closing(running.admin()) as session:
        with pytest.raises(psycopg.errors.LockNotAvailable), answering(session, 30):
            session.execute("DO $$BEGIN RAISE lock_not_available; END$$")
        with answering(session, 30):
            assert session.execute("SELECT 3").fetchone() == (3,)


def test_a_session_that_is_gone_already_is_no_fault(found: Cache) -> None:
    with server(found, silent) as running:
        session = running.admin()
        session.close()
        cut_off(session)
