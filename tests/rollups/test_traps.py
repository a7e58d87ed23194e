"""What the page says goes wrong otherwise does go wrong: each trap, stepped into."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from examples.rollups.record import ADD_EVENT, record
from examples.rollups.record import _values as values_of
from examples.rollups.totals import ADD_TO_DAY, RECOUNT_DAY
from tests.rollups.brand import MIDNIGHT, Brand, counted
from tests.rollups.waiting import is_citus, until_blocked

Session = Callable[[], psycopg.Connection]
Step = Callable[[psycopg.Connection, int], object]
DAY = datetime.timedelta(days=1)


def test_counting_in_the_statement_that_waits_counts_too_little(session: Session, brand: Brand) -> None:
    writer, repairer = session(), session()
    events = [brand.placed(stake=10), brand.placed(stake=7)]
    record(writer, events[0])
    key = {"tenant": brand.tenant, "day": MIDNIGHT.date(), "currency": "EUR"}
    with ThreadPoolExecutor(1) as pool:
        with writer.transaction():
            record(writer, events[1])
            waits = pool.submit(repairer.execute, RECOUNT_DAY, key)  # its snapshot is older than its lock
            until_blocked(brand.database)
        waits.result(60)
    assert brand.kept().days == counted(events[:1]).days


def test_counting_without_the_lock_loses_what_is_counted_meanwhile(session: Session, brand: Brand) -> None:
    writer, repairer = session(), session()
    events = [brand.placed(stake=10), brand.placed(stake=7)]
    record(writer, events[0])
    count = "SELECT count(*), sum(stake_minor)::bigint FROM bets WHERE tenant_id = %s"
    with repairer.transaction():
        found = repairer.execute(count, (brand.tenant,)).fetchone()
        record(writer, events[1])
        assert found is not None
        write = "UPDATE bet_daily_totals SET bets = %s, stake_minor = %s WHERE tenant_id = %s"
        repairer.execute(write, (*found, brand.tenant))
    assert brand.kept().days == counted(events[:1]).days


def test_delete_and_insert_meets_what_a_writer_has_inserted(session: Session, brand: Brand) -> None:
    writer, repairer = session(), session()
    record(writer, brand.placed(MIDNIGHT - DAY))
    make = (
        "INSERT INTO bet_daily_totals (tenant_id, day, currency, bets, stake_minor)"
        " SELECT tenant_id, (placed_at AT TIME ZONE 'UTC')::date, currency, count(*), sum(stake_minor)::bigint"
        " FROM bets WHERE tenant_id = %s GROUP BY tenant_id, (placed_at AT TIME ZONE 'UTC')::date, currency"
    )
    with repairer.transaction(force_rollback=True):
        repairer.execute("DELETE FROM bet_daily_totals WHERE tenant_id = %s", (brand.tenant,))
        record(writer, brand.placed(MIDNIGHT))
        with pytest.raises(psycopg.errors.UniqueViolation):
            repairer.execute(make, (brand.tenant,))


def test_in_repeatable_read_a_second_delivery_fails(session: Session, brand: Brand) -> None:
    first, second = session(), session()
    second.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    event = brand.placed()
    with ThreadPoolExecutor(1) as pool:
        with first.transaction():
            record(first, event)
            waits = pool.submit(record, second, event)
            until_blocked(brand.database)
        with pytest.raises(psycopg.errors.SerializationFailure):
            waits.result(60)


@pytest.mark.full
def test_days_taken_in_two_orders_are_a_ring(session: Session, brand: Brand) -> None:
    keys = [{"tenant": brand.tenant, "day": (MIDNIGHT + n * DAY).date(), "currency": "EUR"} for n in range(2)]

    def add(connection: psycopg.Connection, which: int) -> None:
        connection.execute(ADD_TO_DAY, {**keys[which], "bets": 1, "stake_minor": 1})

    assert_ring(session, brand, add, lambda connection, which: add(connection, 1 - which))


@pytest.mark.full
def test_a_bet_taken_for_update_after_its_event_is_a_ring(session: Session, brand: Brand) -> None:
    placed = brand.placed()
    record(session(), placed)
    events = [brand.settled(placed, MIDNIGHT + DAY) for _ in range(2)]
    take = "SELECT 1 FROM bets WHERE tenant_id = %(tenant)s AND id = %(bet)s FOR UPDATE"

    def add(connection: psycopg.Connection, which: int) -> None:
        connection.execute(ADD_EVENT, values_of(events[which]))  # holds the bet FOR KEY SHARE, for the foreign key

    assert_ring(session, brand, add, lambda connection, which: connection.execute(take, values_of(events[which])))


def assert_ring(session: Session, brand: Brand, first: Step, then: Step) -> None:
    """Two transactions, each of which takes one thing and then waits for what the other has."""
    sessions = session(), session()

    def both() -> None:
        with ThreadPoolExecutor(1) as pool, sessions[1].transaction():
            first(sessions[1], 1)
            waits = pool.submit(in_one, sessions[0], lambda one: (first(one, 0), then(one, 0)))
            until_blocked(brand.database)
            then(sessions[1], 1)
        waits.result(60)

    with pytest.raises(psycopg.errors.DeadlockDetected):
        both()


def test_a_day_without_a_zone_is_the_evaluating_sessions(session: Session, brand: Brand) -> None:
    connection = session()
    record(connection, brand.placed(MIDNIGHT))
    connection.execute("SET TimeZone = 'America/Los_Angeles'")
    query = "SELECT placed_at::date, (placed_at AT TIME ZONE 'UTC')::date FROM bets WHERE tenant_id = %s"
    today = MIDNIGHT.date()
    here = today if is_citus(connection) else today - DAY  # a worker's session has the worker's zone, UTC here
    assert connection.execute(query, (brand.tenant,)).fetchall() == [(here, today)]


def in_one(connection: psycopg.Connection, work: Callable[[psycopg.Connection], object]) -> None:
    with connection.transaction():
        work(connection)
