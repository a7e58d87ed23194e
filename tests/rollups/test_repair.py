"""Totals made again from the bets while writers go on, one transaction each, and only those that differ."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from examples.rollups import check
from examples.rollups.check import Difference, differences, repair
from examples.rollups.event import Event
from examples.rollups.record import record
from examples.rollups.totals import TAKE_DAY, TAKE_USER, Day, User, recount
from tests.checkout import ROOT
from tests.rollups.brand import MIDNIGHT, Brand, counted, make_brand
from tests.rollups.waiting import until_blocked

HOUR = datetime.timedelta(hours=1)
TODAY = Day(MIDNIGHT.date(), "EUR")
NEW = (uuid.uuid4(), uuid.uuid4())
Session = Callable[[], psycopg.Connection]


def test_it_makes_what_the_migration_made(connection: psycopg.Connection, brand: Brand) -> None:
    for number in range(12):
        day, currency = MIDNIGHT + number * 13 * HOUR, ("EUR", "JPY")[number % 2]
        record(connection, brand.placed(day, 10 + number, user=number // 2 % 2, currency=currency))
    kept = brand.kept()
    brand.forget_totals()
    with connection.transaction():
        connection.execute((ROOT / "infra/migrations/V16__backfill_rollups.sql").read_bytes())
    assert brand.kept().days == kept.days
    assert {type(each.total) for each in differences(connection, brand.tenant)} == {User}  # V16 makes days only
    brand.forget_totals()
    assert len(list(repair(connection, brand.tenant))) == len(kept.days) + len(kept.users)
    assert brand.kept() == kept


def test_each_difference_is_named_and_nothing_else_is_touched(session: Session, brand: Brand) -> None:
    one, other = session(), session()
    events = [brand.placed(MIDNIGHT + day * 24 * HOUR, 100 + day, user=day % 2) for day in range(4)]
    for event in events:
        record(one, event)
    key = (brand.tenant, MIDNIGHT.date())
    one.execute("UPDATE bet_daily_totals SET bets = 7 WHERE tenant_id = %s AND day = %s", key)
    one.execute("DELETE FROM bet_daily_totals WHERE tenant_id = %s AND day = %s::date + 1", key)
    one.execute("UPDATE bet_daily_totals SET stake_minor = 3 WHERE tenant_id = %s AND day = %s::date + 2", key)
    one.execute("INSERT INTO bet_daily_totals VALUES (%s, %s::date + 9, 'JPY', 1, 5)", key)
    one.execute(
        "UPDATE user_totals SET last_bet_at = %s WHERE tenant_id = %s AND user_id = %s",
        (MIDNIGHT, brand.tenant, brand.users[1]),
    )
    said = [
        "2026-02-01 EUR: kept 7 bets of 100, counted 1 bets of 100",
        "2026-02-02 EUR: kept 0 bets of 0, counted 1 bets of 101",
        "2026-02-03 EUR: kept 1 bets of 3, counted 1 bets of 102",
        "2026-02-10 JPY: kept 1 bets of 5, counted 0 bets of 0",
        f"user {brand.users[1]}: kept 2 bets until 2026-02-01 00:00:00+00:00,"
        " counted 2 bets until 2026-02-04 00:00:00+00:00",
    ]
    assert list(map(str, differences(one, brand.tenant))) == said
    with ThreadPoolExecutor(1) as pool, other.transaction():  # who holds what is right is not waited for
        days = "SELECT 1 FROM bet_daily_totals WHERE tenant_id = %s AND day = %s::date + 3 FOR UPDATE"
        other.execute(days, key)
        user = "SELECT 1 FROM user_totals WHERE tenant_id = %s AND user_id = %s FOR UPDATE"
        other.execute(user, (brand.tenant, brand.users[0]))
        other.execute("SELECT 1 FROM bets WHERE tenant_id = %s FOR UPDATE", key[:1])
        repaired = pool.submit(lambda: list(map(str, repair(one, brand.tenant))))
        assert repaired.result(60) == said
    assert brand.kept() == counted(events)
    assert differences(one, brand.tenant) == []


def test_each_total_is_a_transaction_of_its_own(session: Session, brand: Brand) -> None:
    one, other = session(), session()
    events = [brand.placed(MIDNIGHT + day * 24 * HOUR) for day in range(4)]
    for event in events:
        record(one, event)
    brand.forget_totals()
    left = len(differences(other, brand.tenant))
    assert left == 5
    for _ in repair(one, brand.tenant):
        left -= 1
        assert len(differences(other, brand.tenant)) == left
    assert left == 0


def test_its_row_is_held_until_all_of_it_is_committed(
    session: Session, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = session(), session()
    record(one, brand.placed())
    one.execute("UPDATE bet_daily_totals SET bets = 9 WHERE tenant_id = %s", (brand.tenant,))
    take = "SELECT 1 FROM bet_daily_totals WHERE tenant_id = %s FOR UPDATE NOWAIT"
    held: list[Day | User] = []

    def and_look(connection: psycopg.Connection, tenant: int, total: Day | User) -> None:
        recount(connection, tenant, total)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(take, (tenant,))
        held.append(total)

    monkeypatch.setattr(check, "recount", and_look)
    assert len(list(repair(one, brand.tenant))) == 1
    assert held == [TODAY]
    assert other.execute(take, (brand.tenant,)).fetchall() == [(1,)]


@pytest.mark.parametrize("ends", ["commits", "rolls back"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_writer_that_has_counted_is_waited_for(session: Session, brand: Brand, ends: str, *, is_there: bool) -> None:
    writer, repairer = session(), session()
    events = [brand.placed()] if is_there else []
    for event in events:
        record(writer, event)
    with ThreadPoolExecutor(1) as pool:
        with writer.transaction(force_rollback=ends == "rolls back"):
            record(writer, brand.placed(stake=50, event=NEW[0], bet=NEW[1]))
            waits = pool.submit(_recount, repairer, brand, TODAY)
            until_blocked(brand.database)
        waits.result(60)
    if ends == "commits":
        events.append(brand.placed(stake=50, event=NEW[0], bet=NEW[1]))
    assert brand.kept() == counted(events)


def test_a_writer_that_has_not_counted_yet_adds_to_what_was_made(session: Session, brand: Brand) -> None:
    writer, repairer, holder = session(), session(), session()
    events = [brand.placed(stake=10), brand.placed(stake=7)]
    record(writer, events[0])
    brand.forget_totals()
    with ThreadPoolExecutor(1) as pool:
        with holder.transaction():
            holder.execute(TAKE_USER, {"tenant": brand.tenant, "user": brand.users[0]})
            waits = pool.submit(record, writer, events[1])  # the bet and the event are written, the totals are not
            until_blocked(brand.database)
            _recount(repairer, brand, TODAY)
            assert brand.kept().days == counted(events[:1]).days
        assert waits.result(60)
    assert brand.kept().days == counted(events).days
    assert {type(each.total) for each in differences(repairer, brand.tenant)} == {User}
    _recount(repairer, brand, User(brand.users[0]))
    assert brand.kept() == counted(events)


def test_a_writer_waits_for_a_total_that_is_being_made(session: Session, brand: Brand) -> None:
    writer, repairer = session(), session()
    events = [brand.placed(stake=10), brand.placed(stake=7)]
    record(writer, events[0])
    brand.forget_totals()
    with ThreadPoolExecutor(1) as pool:
        with repairer.transaction():
            recount(repairer, brand.tenant, TODAY)
            recount(repairer, brand.tenant, User(brand.users[0]))
            waits = pool.submit(record, writer, events[1])
            until_blocked(brand.database)
        assert waits.result(60)
    assert brand.kept() == counted(events)


def test_a_repair_that_is_given_up_leaves_the_total_as_it_was(session: Session, brand: Brand) -> None:
    one, holder = session(), session()
    event = brand.placed()
    record(one, event)
    one.execute("UPDATE bet_daily_totals SET bets = 9 WHERE tenant_id = %s", (brand.tenant,))
    with ThreadPoolExecutor(1) as pool, holder.transaction():
        holder.execute(TAKE_DAY, {"tenant": brand.tenant, "day": TODAY.day, "currency": TODAY.currency})
        waits = pool.submit(lambda: list(repair(one, brand.tenant)))
        until_blocked(brand.database)
        one.cancel_safe()
        with pytest.raises(psycopg.errors.QueryCanceled):
            waits.result(60)
    assert [str(each.total) for each in differences(one, brand.tenant)] == ["2026-02-01 EUR"]
    assert len(list(repair(one, brand.tenant))) == 1
    assert brand.kept() == counted([event])


def test_one_tenant_is_repaired_and_no_other(connection: psycopg.Connection, brand: Brand) -> None:
    other = make_brand(brand.looking, brand.database)
    for each in (brand, other):
        record(connection, each.placed())
        each.forget_totals()
    assert len(list(repair(connection, brand.tenant))) == 2
    assert len(differences(connection, other.tenant)) == 2


def test_writers_go_on_while_totals_are_made_and_checked(session: Session, brand: Brand) -> None:
    meanwhile(session, brand, writers=3, each=12)


@pytest.mark.full
def test_many_writers_go_on_while_totals_are_made_and_checked(session: Session, brand: Brand) -> None:
    meanwhile(session, brand, writers=8, each=300)


def meanwhile(session: Session, brand: Brand, *, writers: int, each: int) -> None:
    """Writers record, one session forgets nothing but makes all totals again and again, another one checks."""
    old = [brand.placed(MIDNIGHT + hour * HOUR, user=hour % 2) for hour in range(0, 96, 8)]
    first = session()
    for event in old:
        record(first, event)
    done = threading.Event()

    def write(number: int, connection: psycopg.Connection) -> list[Event]:
        events: list[Event] = []
        for turn in range(each):
            placed = brand.placed(MIDNIGHT + (number * 31 + turn * 7) % 96 * HOUR, 1 + turn, user=turn % 2)
            moved = MIDNIGHT + (number * 17 + turn * 11) % 96 * HOUR
            events += [placed, brand.corrected(placed, MIDNIGHT + 200 * HOUR, 2 + turn, moved)]
            record(connection, events[-2])
            record(connection, events[-1])
        return events

    def make(connection: psycopg.Connection) -> int:
        made = 0
        while not done.is_set():
            for day in range(4):
                _recount(connection, brand, Day((MIDNIGHT + day * 24 * HOUR).date(), "EUR"))
            for user in brand.users:
                _recount(connection, brand, User(user))
            made += 6
        return made

    def look(connection: psycopg.Connection) -> list[list[Difference]]:
        found = []
        while not done.is_set():
            found.append(differences(connection, brand.tenant))
        return found

    with ThreadPoolExecutor(writers + 3) as pool:
        makers = [pool.submit(make, session()) for _ in range(2)]
        checks = pool.submit(look, session())
        try:
            written = list(pool.map(write, range(writers), [session() for _ in range(writers)]))
        finally:
            done.set()
        assert all(maker.result(60) for maker in makers)
        assert checks.result(60)
        assert [each for each in checks.result(60) if each] == []  # no alarm, at no moment
    assert brand.kept() == counted([*old, *(event for events in written for event in events)])


def _recount(connection: psycopg.Connection, brand: Brand, total: Day | User) -> None:
    with connection.transaction():
        recount(connection, brand.tenant, total)
