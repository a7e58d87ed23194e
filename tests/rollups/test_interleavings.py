"""Whatever the order, the repetitions and the company: the totals are those of the events, each counted once."""

from __future__ import annotations

import datetime
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples.rollups.check import Difference, differences, repair
from examples.rollups.event import Event, RefusedError
from examples.rollups.record import record
from tests.rollups.brand import CURRENCIES, MIDNIGHT, Brand, counted, make_brand

Session = Callable[[], psycopg.Connection]
Outcome = Literal["won", "lost", "void"]

# around two midnights, in whatever zone a producer writes it
minutes = st.integers(-3, 3).map(lambda n: datetime.timedelta(minutes=n))
nights = st.integers(0, 1).map(lambda n: datetime.timedelta(days=n))
zones = st.integers(-12, 14).map(lambda hours: datetime.timezone(datetime.timedelta(hours=hours)))
instants = st.builds(lambda m, n, zone: (MIDNIGHT + m + n).astimezone(zone), minutes, nights, zones)
bets = st.tuples(
    instants,
    st.integers(1, 5),
    st.integers(0, 1),
    st.sampled_from(CURRENCIES),
    st.lists(st.tuples(instants, st.integers(1, 5), instants), max_size=3),
    st.lists(st.tuples(instants, st.sampled_from(("won", "lost", "void"))), max_size=2),
)
BetPlan = tuple[
    datetime.datetime, int, int, str,
    list[tuple[datetime.datetime, int, datetime.datetime]], list[tuple[datetime.datetime, Outcome]],
]  # fmt: skip


def events_of(brand: Brand, plans: Sequence[BetPlan]) -> list[Event]:
    events = []
    for at, stake, user, currency, corrections, settlements in plans:
        placed = brand.placed(at, stake, user=user, currency=currency)
        events.append(placed)
        events += [brand.corrected(placed, when, stake, moved) for when, stake, moved in corrections]
        events += [brand.settled(placed, when, outcome) for when, outcome in settlements]
    return events


def deliver_once(connection: psycopg.Connection, events: Iterable[Event]) -> list[Event]:
    """Record each; returns those that came before their bet."""
    refused = []
    for event in events:
        try:
            record(connection, event)
        except RefusedError as error:
            if "deliver this again" not in str(error):
                raise
            refused.append(event)
    return refused


def deliver(connection: psycopg.Connection, events: Iterable[Event]) -> None:
    """As a producer does: what is refused is delivered again, after the others."""
    left = list(events)
    while left:
        left = deliver_once(connection, left)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.lists(bets, min_size=1, max_size=4), data=st.data())
def test_any_order_and_repetition_gives_the_same_totals(
    connection: psycopg.Connection,
    looking: psycopg.Connection,
    database: str,
    plans: list[BetPlan],
    data: st.DataObject,
) -> None:
    brand = make_brand(looking, database)
    events = events_of(brand, plans)
    shuffled = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=4))]))
    half = data.draw(st.integers(0, len(shuffled)))
    deliver_once(connection, shuffled[:half])
    if data.draw(st.booleans()):
        brand.forget_totals()
        list(repair(connection, brand.tenant))
    deliver(connection, shuffled)
    assert brand.events() == len(events)
    assert brand.kept() == counted(events)
    assert differences(connection, brand.tenant) == []


def test_the_same_events_delivered_by_several_at_once(session: Session, brand: Brand) -> None:
    at_once(session, brand, random.Random(1), people=4, count=8)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(4))
def test_many_events_delivered_by_many_at_once(session: Session, brand: Brand, seed: int) -> None:
    at_once(session, brand, random.Random(seed), people=10, count=100)


def at_once(session: Session, brand: Brand, chance: random.Random, *, people: int, count: int) -> None:
    """Everybody delivers everything, each in an order of their own; somebody makes totals meanwhile."""

    def near() -> datetime.datetime:
        return MIDNIGHT + datetime.timedelta(minutes=chance.randint(-3, 3), days=chance.randint(0, 1))

    plans: list[BetPlan] = [
        (near(), chance.randint(1, 5), chance.randint(0, 1), chance.choice(CURRENCIES),
         [(near(), chance.randint(1, 5), near()) for _ in range(chance.randint(0, 3))], [(near(), "won")])
        for _ in range(count)
    ]  # fmt: skip
    events = events_of(brand, plans)
    orders = [chance.sample(events, len(events)) for _ in range(people)]
    done = threading.Event()

    def make(connection: psycopg.Connection) -> list[Difference]:
        found = []
        while not done.is_set():
            found += list(repair(connection, brand.tenant))
        return found

    with ThreadPoolExecutor(people + 1) as pool:
        maker = pool.submit(make, session())
        try:
            list(pool.map(deliver, [session() for _ in range(people)], orders))
        finally:
            done.set()
        assert maker.result(60) == []  # there was never anything to make
    assert brand.events() == len(events)
    assert brand.kept() == counted(events)
