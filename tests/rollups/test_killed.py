"""SIGKILL at any moment: what was done stays whole, and the same command again does the rest, once."""

from __future__ import annotations

import contextlib
import datetime
import random
import signal
import time
from collections.abc import Callable

import psycopg
import pytest

from examples.rollups.check import differences, repair
from examples.rollups.database import connect
from examples.rollups.event import Event
from examples.rollups.record import record
from examples.rollups.totals import TAKE_DAY
from tests.rollups.brand import MIDNIGHT, Brand, Totals, counted
from tests.rollups.program import lines, start
from tests.rollups.waiting import until_blocked

HOUR = datetime.timedelta(hours=1)
DAY = 24 * HOUR
Session = Callable[[], psycopg.Connection]


def hold(connection: psycopg.Connection, brand: Brand, day: datetime.datetime) -> None:
    connection.execute(TAKE_DAY, {"tenant": brand.tenant, "day": day.date(), "currency": "EUR"})


def test_a_record_killed_before_its_last_total_leaves_nothing_of_it(session: Session, brand: Brand) -> None:
    holder = session()
    events = [brand.placed(MIDNIGHT), brand.placed(MIDNIGHT + DAY)]
    with holder.transaction(force_rollback=True):
        hold(holder, brand, events[1].at)
        with start(brand.database, "record", events=lines(events)) as process:
            until_blocked(brand.database)  # the bet, the event and the user's total are written
            process.kill()
        assert process.returncode == -signal.SIGKILL
    wait_until_gone(holder)
    assert (brand.events(), brand.kept()) == (1, counted(events[:1]))
    assert [record(holder, event) for event in events] == [False, True]
    assert brand.kept() == counted(events)


def test_a_backfill_killed_half_way_is_gone_on_with(session: Session, brand: Brand) -> None:
    holder = session()
    events = [brand.placed(MIDNIGHT + day * DAY, user=day % 2) for day in range(5)]
    for event in events:
        record(holder, event)
    brand.forget_totals()
    with start(brand.database, "backfill", "--tenant", str(brand.tenant)) as process:
        with holder.transaction(force_rollback=True):
            hold(holder, brand, events[3].at)
            until_blocked(brand.database)
            process.kill()
            process.wait(60)
        assert process.stdout
        done = process.stdout.read().decode().splitlines()
    wait_until_gone(holder)
    assert [line.split()[2] for line in done] == ["2026-02-01", "2026-02-02", "2026-02-03"]
    assert brand.kept() == Totals(counted(events[:3]).days, {})
    assert len(list(repair(holder, brand.tenant))) == 4  # two days and two users, and nothing that was done
    assert brand.kept() == counted(events)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(3))
def test_programs_killed_at_any_moment(brand: Brand, seed: int) -> None:
    """Three deliver the same events in their own orders, one makes totals; all are killed, again and again."""
    chance = random.Random(seed)
    events: list[Event] = []
    for number in range(100):
        placed = brand.placed(MIDNIGHT + chance.randrange(96) * HOUR, 1 + number, user=chance.randrange(2))
        moved = MIDNIGHT + chance.randrange(96) * HOUR
        events += [placed, brand.corrected(placed, MIDNIGHT + 200 * HOUR, 1 + chance.randrange(900), moved)]
    with connect(brand.database) as connection:
        for _ in range(4):
            with contextlib.ExitStack() as ending:
                orders = [lines(chance.sample(events, len(events))) * 20 for _ in range(3)]  # no end is reached
                writers = [ending.enter_context(start(brand.database, "record", events=order)) for order in orders]
                maker = ending.enter_context(start(brand.database, "backfill", "--tenant", str(brand.tenant)))
                for process in writers:
                    assert process.stdout
                    assert process.stdout.readline()  # they are at it
                time.sleep(chance.uniform(0, 0.1))
                for process in (*writers, maker):
                    process.kill()
            assert [process.returncode for process in writers] == [-signal.SIGKILL] * 3
            wait_until_gone(connection)
            assert differences(connection, brand.tenant) == []  # whole at every moment
        for event in events:
            record(connection, event)
    assert brand.events() == len(events)
    assert brand.kept() == counted(events)


def wait_until_gone(connection: psycopg.Connection) -> None:
    """A killed client's session ends when the server notices, and what it held with it."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND usename = current_user AND pid <> %s"
    deadline = time.monotonic() + 60
    while connection.execute(query, (connection.info.backend_pid,)).fetchone() != (0,):
        assert time.monotonic() < deadline, "a session does not end"
        time.sleep(0.01)
