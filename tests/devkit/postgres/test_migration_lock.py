"""The migration lock: polled, and given up in time even when nobody is seen to hold it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
import pytest

from devkit.errors import DevkitError
from devkit.postgres import migration_lock
from devkit.postgres.cache import Cache
from devkit.postgres.embedded import server
from devkit.postgres.migration_lock import QUEUE, WORK, acquire, release, try_acquire
from devkit.progress import silent

Two = tuple[psycopg.Connection, psycopg.Connection]


@pytest.fixture(scope="module")
def two(found: Cache) -> Iterator[Two]:
    """Two sessions of one database."""
    with (
        server(found, silent) as running,
        contextlib.closing(running.admin()) as one,
        contextlib.closing(running.admin()) as other,
    ):
        yield one, other


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.pauses.append(seconds)
        self.now += seconds


def test_the_two_locks_are_not_one(two: Two) -> None:
    assert try_acquire(two[0], QUEUE)
    assert try_acquire(two[1], WORK)
    release(two[0], QUEUE)
    release(two[1], WORK)


@pytest.mark.parametrize(("lock", "said"), [(QUEUE, "another ./inv migrate"), (WORK, "a run that is gone")])
def test_a_waiter_polls_ever_more_slowly_and_names_the_holder_at_last(two: Two, lock: int, said: str) -> None:
    clock, heard = Clock(), list[str]()
    assert try_acquire(two[0], lock)
    with pytest.raises(DevkitError, match=said) as refused:
        acquire(two[1], lock, 30, heard.append, clock=clock, sleep=clock.sleep)
    release(two[0], lock)
    assert f"pg_terminate_backend({two[0].info.backend_pid})" in str(refused.value)
    assert 30 < clock.now < 33
    assert clock.pauses[0] < 0.03
    assert max(clock.pauses) <= 2
    assert f"server process {two[0].info.backend_pid}" in heard[0]


def test_a_lock_whose_holder_is_never_seen_is_given_up_too(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(migration_lock, "find_holder", _nobody)
    assert try_acquire(two[0], QUEUE)
    with pytest.raises(DevkitError, match="from hand to hand"):
        acquire(two[1], QUEUE, 5, silent, clock=clock, sleep=clock.sleep)
    release(two[0], QUEUE)


def _nobody(connection: psycopg.Connection, lock: int) -> None:
    del connection, lock


def test_a_lock_that_is_given_back_is_taken(two: Two) -> None:
    clock = Clock()
    assert try_acquire(two[0], QUEUE)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if clock.now > 1:
            release(two[0], QUEUE)

    acquire(two[1], QUEUE, 30, silent, clock=clock, sleep=sleep)
    assert not try_acquire(two[0], QUEUE)
    release(two[1], QUEUE)
