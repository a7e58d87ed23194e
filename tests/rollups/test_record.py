"""An event and its totals are one transaction, and count once, however often and from wherever they are delivered."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest

from examples.rollups.check import differences, repair
from examples.rollups.database import connect
from examples.rollups.event import Event, RefusedError, read_event
from examples.rollups.record import record
from examples.rollups.totals import TAKE_DAY
from tests.rollups.brand import MIDNIGHT, Brand, Totals, counted, make_brand
from tests.rollups.waiting import until_blocked

HOUR = datetime.timedelta(hours=1)
Session = Callable[[], psycopg.Connection]


def test_an_event_and_its_totals_are_there_together(connection: psycopg.Connection, brand: Brand) -> None:
    event = brand.placed(stake=700)
    assert record(connection, event)
    assert (
        brand.kept()
        == Totals({(datetime.date(2026, 2, 1), "EUR"): (1, 700)}, {brand.users[0]: (1, MIDNIGHT)})
        == counted([event])
    )


def test_where_a_total_cannot_be_written_nothing_is(connection: psycopg.Connection, brand: Brand) -> None:
    full = brand.placed(stake=2**63 - 1)
    assert record(connection, full)
    with pytest.raises(RefusedError, match="bigint out of range"):
        record(connection, brand.placed(stake=1))
    assert brand.events() == 1
    assert brand.ask("SELECT count(*) FROM bets WHERE tenant_id = %s") == [(1,)]
    assert brand.kept() == counted([full])


def test_a_second_delivery_counts_nothing(connection: psycopg.Connection, brand: Brand) -> None:
    placed = brand.placed()
    corrected = brand.corrected(placed, MIDNIGHT + HOUR, 250, MIDNIGHT - HOUR)
    events = [placed, corrected, brand.settled(placed, MIDNIGHT + 2 * HOUR)]
    assert [record(connection, event) for event in events * 3] == [True] * 3 + [False] * 6
    assert brand.kept() == counted(events)


def test_a_second_delivery_may_write_the_same_otherwise(connection: psycopg.Connection, brand: Brand) -> None:
    line = (
        '{"tenant": %d, "id": "%s", "bet": "%s", "at": "%s", "content": {"kind": "placed", "user": "%s",'
        ' "wallet": "%s", "odds": "%s", "currency": "EUR", "stake_minor": 700, "price": %s}}'
    )
    ids = (uuid.uuid4(), uuid.uuid4())
    rest = (brand.users[0], brand.wallets[brand.users[0], "EUR"], brand.odds)
    first = line % (brand.tenant, *ids, "2026-02-01T00:30:00+02:00", *rest, "1.9")
    second = line % (brand.tenant, *ids, "2026-01-31T22:30:00Z", *rest, '"1.900"')
    assert record(connection, read_event(first.encode()))
    assert not record(connection, read_event(second.encode()))
    there = datetime.datetime(2026, 2, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    placed = read_event(first.encode())
    corrected = brand.corrected(placed, MIDNIGHT, 1, there)
    assert record(connection, corrected)
    content = msgspec.structs.replace(corrected.content, placed_at=there.astimezone(datetime.UTC))
    assert not record(connection, msgspec.structs.replace(corrected, content=content))


@pytest.mark.parametrize("other", ["stake", "time", "bet", "kind"])
def test_the_same_id_with_other_content_is_refused(connection: psycopg.Connection, brand: Brand, other: str) -> None:
    event = brand.placed(stake=100)
    changed = {
        "stake": brand.placed(stake=101, bet=event.bet, event=event.id),
        "time": msgspec.structs.replace(event, at=event.at + datetime.timedelta(microseconds=1)),
        "bet": msgspec.structs.replace(event, bet=uuid.uuid4()),
        "kind": msgspec.structs.replace(brand.settled(event, event.at), id=event.id),
    }
    record(connection, event)
    with pytest.raises(RefusedError, match="has other content"):
        record(connection, changed[other])
    assert brand.events() == 1
    assert brand.ask("SELECT count(*) FROM bets WHERE tenant_id = %s") == [(1,)]
    assert brand.kept() == counted([event])


def test_the_same_id_is_another_event_for_another_tenant(connection: psycopg.Connection, brand: Brand) -> None:
    other = make_brand(brand.looking, brand.database)
    event = uuid.uuid4()
    assert record(connection, brand.placed(event=event))
    assert record(connection, other.placed(event=event))
    assert (brand.events(), other.events()) == (1, 1)


def test_delivered_by_many_at_once_it_counts_once(session: Session, brand: Brand) -> None:
    many = 8
    events = [brand.placed(stake=1 + number) for number in range(5)]
    sessions = [session() for _ in range(many)]
    together = threading.Barrier(many)

    def deliver(connection: psycopg.Connection) -> list[bool]:
        done = []
        for event in events:
            together.wait(60)
            done.append(record(connection, event))
        return done

    with ThreadPoolExecutor(many) as pool:
        done = list(pool.map(deliver, sessions))
    assert [sum(each) for each in zip(*done, strict=True)] == [1] * len(events)
    assert brand.kept() == counted(events)


@pytest.mark.parametrize("ends", ["commits", "rolls back"])
def test_a_second_delivery_waits_for_the_first(session: Session, brand: Brand, ends: str) -> None:
    first, second = session(), session()
    event = brand.placed()
    with ThreadPoolExecutor(1) as pool:
        with first.transaction(force_rollback=ends == "rolls back"):
            record(first, event)
            waits = pool.submit(record, second, event)
            until_blocked(brand.database)
        assert waits.result(60) is (ends == "rolls back")
    assert brand.kept() == counted([event])


def test_a_second_delivery_is_known_whatever_the_default_isolation_is(brand: Brand) -> None:
    dsn = psycopg.conninfo.make_conninfo(brand.database, options="-c default_transaction_isolation=serializable")
    event = brand.placed()
    with connect(dsn) as first, connect(dsn) as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            record(first, event)
            waits = pool.submit(record, second, event)
            until_blocked(brand.database)
        assert waits.result(60) is False


def test_a_bet_is_placed_by_one_event(connection: psycopg.Connection, brand: Brand) -> None:
    event = brand.placed()
    record(connection, event)
    with pytest.raises(RefusedError, match="was placed by another event"):
        record(connection, brand.placed(bet=event.bet))
    assert brand.events() == 1
    assert brand.kept() == counted([event])


def test_what_comes_before_its_bet_is_taken_later(connection: psycopg.Connection, brand: Brand) -> None:
    placed = brand.placed()
    early = [brand.corrected(placed, MIDNIGHT + HOUR, 900), brand.settled(placed, MIDNIGHT + HOUR)]
    for event in early:
        with pytest.raises(RefusedError, match="deliver this again after its placing"):
            record(connection, event)
    assert [record(connection, event) for event in (placed, *early)] == [True, True, True]
    assert brand.kept() == counted([placed, *early])


def test_a_bet_counts_whatever_comes_of_it_and_the_latest_settlement_stands(
    connection: psycopg.Connection, brand: Brand
) -> None:
    placed = brand.placed()
    first, second = (brand.settled(placed, MIDNIGHT + n * HOUR, outcome) for n, outcome in ((1, "won"), (2, "void")))
    for event in (placed, second, first):
        assert record(connection, event)
    found = brand.ask("SELECT status, settled_at FROM bets WHERE tenant_id = %s")
    assert found == [("void", MIDNIGHT + 2 * HOUR)]
    assert brand.events() == 3
    assert brand.kept() == counted([placed])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_latest_correction_stands_in_whatever_order_they_come(
    connection: psycopg.Connection, brand: Brand, order: tuple[int, int]
) -> None:
    earlier, placed = brand.placed(MIDNIGHT - 48 * HOUR), brand.placed(MIDNIGHT + HOUR)
    corrections = [
        brand.corrected(placed, MIDNIGHT + 5 * HOUR, 10, MIDNIGHT + 30 * HOUR),
        brand.corrected(placed, MIDNIGHT + 6 * HOUR, 20, MIDNIGHT - 96 * HOUR),
    ]
    for event in (earlier, placed, *(corrections[each] for each in order)):
        assert record(connection, event)
    found = brand.kept()
    assert found == counted([earlier, placed, *corrections])
    assert found.users[brand.users[0]] == (2, earlier.at)  # the last bet is an earlier one now
    assert found.days[datetime.date(2026, 1, 28), "EUR"] == (1, 20)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a_day_is_the_day_in_utc_wherever_anybody_is(brand: Brand, zone: str) -> None:
    just_before, at = MIDNIGHT - datetime.timedelta(microseconds=1), MIDNIGHT
    events = [brand.placed(each.astimezone(ZoneInfo(zone))) for each in (just_before, at)]
    events.append(brand.corrected(events[0], MIDNIGHT, 50, just_before.astimezone(ZoneInfo("Asia/Kathmandu"))))
    dsn = psycopg.conninfo.make_conninfo(brand.database, options=f"-c TimeZone={zone}")
    with connect(dsn) as connection:
        for event in events:
            record(connection, event)
        kept = brand.kept()
        assert kept == counted(events)
        assert kept.days == {(datetime.date(2026, 1, 31), "EUR"): (1, 50), (datetime.date(2026, 2, 1), "EUR"): (1, 100)}
        assert differences(connection, brand.tenant) == []
        brand.forget_totals()
        assert len(list(repair(connection, brand.tenant))) == 3
    assert brand.kept() == counted(events)


def test_a_late_event_lands_in_its_day_also_after_that_day_was_made_again(
    connection: psycopg.Connection, brand: Brand
) -> None:
    events = [brand.placed(MIDNIGHT + day * 24 * HOUR) for day in range(3)]
    for event in events:
        record(connection, event)
    brand.forget_totals()
    assert len(list(repair(connection, brand.tenant))) == 4
    late = [brand.placed(MIDNIGHT + HOUR, user=1), brand.corrected(events[2], MIDNIGHT + 99 * HOUR, 5, MIDNIGHT)]
    for event in late:
        assert record(connection, event)
    assert brand.kept() == counted([*events, *late])
    assert differences(connection, brand.tenant) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"wallet": uuid.UUID(int=1)}, "violates foreign key constraint"),
        ({"currency": "EURO"}, "too long"),
        ({"price": Decimal(1)}, "violates check constraint"),
        ({"price": Decimal("NaN")}, "invalid input syntax for type json"),
    ],
)
def test_what_the_schema_forbids_is_refused(
    connection: psycopg.Connection, brand: Brand, change: dict[str, object], says: str
) -> None:
    event = brand.placed()
    with pytest.raises(RefusedError, match=says):
        record(connection, msgspec.structs.replace(event, content=msgspec.structs.replace(event.content, **change)))
    assert (brand.events(), brand.kept()) == (0, Totals({}, {}))
    assert record(connection, event)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-01T00:00:00", "2026-02-30T00:00:00Z"]
)
def test_an_instant_that_has_no_day_is_refused(connection: psycopg.Connection, brand: Brand, at: str) -> None:
    line = msgspec.json.encode(brand.placed()).replace(b"2026-02-01T00:00:00Z", at.encode())
    with pytest.raises(RefusedError):
        record(connection, read_event(line))
    assert brand.events() == 0


@pytest.mark.parametrize("days", [(0, 1), (1, 0)])
def test_the_earlier_day_is_taken_first(session: Session, brand: Brand, days: tuple[int, int]) -> None:
    """Whichever way a correction goes: while it waits for the earlier day, the later one is free."""
    writer, holder = session(), session()
    before, after = (MIDNIGHT + day * 24 * HOUR for day in days)
    events = [brand.placed(before)]
    events.append(brand.corrected(events[0], MIDNIGHT + 99 * HOUR, 5, after))
    record(writer, events[0])
    keys = [{"tenant": brand.tenant, "day": (MIDNIGHT + day * 24 * HOUR).date(), "currency": "EUR"} for day in range(2)]
    with ThreadPoolExecutor(2) as pool:
        with holder.transaction():
            holder.execute(TAKE_DAY, keys[0])
            waits = pool.submit(record, writer, events[1])
            until_blocked(brand.database)
            pool.submit(session().execute, TAKE_DAY, keys[1]).result(60)
        assert waits.result(60)
    assert brand.kept() == counted(events)


def test_two_bets_that_swap_their_days_do_not_wait_in_a_ring(session: Session, brand: Brand) -> None:
    swaps(session, brand, people=4, rounds=8)


@pytest.mark.full
def test_many_bets_that_swap_their_days_do_not_wait_in_a_ring(session: Session, brand: Brand) -> None:
    swaps(session, brand, people=12, rounds=200)


def swaps(session: Session, brand: Brand, *, people: int, rounds: int) -> None:
    days = (MIDNIGHT, MIDNIGHT + 24 * HOUR)
    bets = [brand.placed(days[number % 2]) for number in range(people)]
    events: list[Event] = list(bets)
    sessions = [session() for _ in bets]
    together = threading.Barrier(people)

    def swap(number: int) -> list[Event]:
        record(sessions[number], bets[number])
        together.wait(60)
        done = []
        for each in range(1, rounds + 1):
            done.append(brand.corrected(bets[number], MIDNIGHT + each * HOUR, each, days[(number + each) % 2]))
            record(sessions[number], done[-1])
        return done

    with ThreadPoolExecutor(people) as pool:
        for done in pool.map(swap, range(people)):
            events += done
    assert brand.kept() == counted(events)
