"""The variants that need another schema, each in a scratch schema before the sample's."""

from __future__ import annotations

import datetime
import secrets
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pglast
import psycopg
import pytest

from examples.rollups import buckets, closed_days
from examples.rollups.record import record
from examples.rollups.totals import ADD_TO_DAY, Change, Day
from tests.rollups.brand import MIDNIGHT, Brand
from tests.rollups.waiting import until_blocked

Session = Callable[[], psycopg.Connection]
HOUR = datetime.timedelta(hours=1)
TODAY = MIDNIGHT.date()
YESTERDAY = TODAY - datetime.timedelta(days=1)


@pytest.fixture
def scratch(session: Session) -> Iterator[Session]:
    """Connections that make and find tables in a schema of the test's own first."""
    name = f"variant_{secrets.token_hex(4)}"
    admin = session()
    admin.execute(f"CREATE SCHEMA {name}".encode())

    def open_one() -> psycopg.Connection:
        connection = session()
        connection.execute(f"SET search_path = {name}, public".encode())
        return connection

    yield open_one
    admin.execute("SET client_min_messages = error")
    admin.execute(f"DROP SCHEMA {name} CASCADE".encode())


def migrate(connection: psycopg.Connection, text: str) -> None:
    """As ./inv migrate does."""
    with connection.transaction():
        for statement in pglast.split(text):
            connection.execute(statement.encode())


def bet_in(bucket: int) -> uuid.UUID:
    return uuid.UUID(int=uuid.uuid4().int & ~7 | bucket)


def add(connection: psycopg.Connection, brand: Brand, bet: uuid.UUID, stake: int) -> None:
    values = {"tenant": brand.tenant, "day": TODAY, "currency": "EUR", "bets": 1, "stake_minor": stake}
    connection.execute(buckets.ADD_TO_BUCKET, {**values, "bucket": buckets.bucket_of(bet)})


def read(connection: psycopg.Connection, brand: Brand) -> tuple[int, int]:
    found = connection.execute(buckets.READ_DAY, {"tenant": brand.tenant, "day": TODAY, "currency": "EUR"}).fetchone()
    assert found
    return found


def test_bets_in_different_buckets_do_not_wait_for_each_other(scratch: Session, brand: Brand) -> None:
    one, other = scratch(), scratch()
    migrate(one, buckets.MIGRATION)
    with ThreadPoolExecutor(1) as pool:
        with one.transaction():
            add(one, brand, bet_in(3), 10)
            pool.submit(add, other, brand, bet_in(4), 5).result(60)  # the first has not committed
            waits = pool.submit(add, other, brand, bet_in(3), 2)
            until_blocked(brand.database)
        waits.result(60)
    assert read(one, brand) == (3, 17)


def test_in_one_row_they_do_wait(session: Session, brand: Brand) -> None:
    one, other = session(), session()
    values = {"tenant": brand.tenant, "day": TODAY, "currency": "EUR", "bets": 1, "stake_minor": 1}
    with ThreadPoolExecutor(1) as pool:
        with one.transaction():
            one.execute(ADD_TO_DAY, values)
            waits = pool.submit(other.execute, ADD_TO_DAY, values)
            until_blocked(brand.database)
        waits.result(60)


def test_each_bucket_is_made_again_from_its_own_bets(scratch: Session, brand: Brand) -> None:
    connection = scratch()
    migrate(connection, buckets.MIGRATION)
    bets = [bet_in(number % 8) for number in range(20)]
    for stake, bet in enumerate(bets, 1):
        record(connection, brand.placed(stake=stake, bet=bet))
    record(connection, brand.placed(MIDNIGHT - HOUR, bet=bet_in(0)))
    buckets.recount_buckets(connection, brand.tenant, TODAY, "EUR")
    assert read(connection, brand) == (20, sum(range(1, 21)))
    query = "SELECT bucket, bets FROM bet_daily_buckets WHERE tenant_id = %s ORDER BY bucket"
    found = connection.execute(query, (brand.tenant,)).fetchall()
    assert found == [(bucket, sum(buckets.bucket_of(bet) == bucket for bet in bets)) for bucket in range(8)]
    add(connection, brand, bet_in(0), 100)
    assert read(connection, brand) == (21, 310)
    buckets.recount_buckets(connection, brand.tenant, TODAY, "EUR")
    assert read(connection, brand) == (20, 210)


COPY = """
CREATE TABLE bet_daily_totals (LIKE public.bet_daily_totals INCLUDING ALL);
SELECT create_distributed_table('bet_daily_totals', 'tenant_id', colocate_with => 'public.tenants');
"""


def days(connection: psycopg.Connection, brand: Brand) -> dict[datetime.date, tuple[int, int]]:
    query = "SELECT day, bets, stake_minor FROM bet_daily_totals WHERE tenant_id = %s"
    return {day: (bets, stake) for day, bets, stake in connection.execute(query, (brand.tenant,))}


def close(connection: psycopg.Connection, brand: Brand, day: datetime.date) -> None:
    values = {"tenant": brand.tenant, "day": day, "currency": "EUR", "at": MIDNIGHT + HOUR}
    connection.execute(closed_days.CLOSE_DAY, values)


def post(connection: psycopg.Connection, brand: Brand, *changes: Change) -> None:
    with connection.transaction():
        closed_days.post(connection, brand.tenant, uuid.uuid4(), list(changes), TODAY)


def test_what_comes_after_the_closing_is_counted_today(scratch: Session, brand: Brand) -> None:
    connection = scratch()
    migrate(connection, COPY)
    migrate(connection, closed_days.MIGRATION)
    day = Day(YESTERDAY, "EUR")
    post(connection, brand, Change(day, 1, 100))
    close(connection, brand, YESTERDAY)
    post(connection, brand, Change(day, 1, 50))  # a late bet
    post(connection, brand, Change(day, -1, -100), Change(day, 1, 30))  # a correction of the closed one
    post(connection, brand, Change(day, -1, -50), Change(Day(TODAY, "EUR"), 1, 50))
    kept = days(connection, brand)
    assert kept == {YESTERDAY: (1, 100), TODAY: (1, -20)}
    connection.execute("UPDATE bet_daily_totals SET bets = 9, stake_minor = 9 WHERE tenant_id = %s", (brand.tenant,))
    for each in kept:
        key = {"tenant": brand.tenant, "day": each, "currency": "EUR"}
        connection.execute(closed_days.RECOUNT_POSTINGS, key)
    assert days(connection, brand) == kept


@pytest.mark.parametrize("is_there", [True, False])
def test_a_closing_waits_for_who_is_counting_and_the_next_goes_to_today(
    scratch: Session, brand: Brand, *, is_there: bool
) -> None:
    one, other = scratch(), scratch()
    migrate(one, COPY)
    migrate(one, closed_days.MIGRATION)
    day = Day(YESTERDAY, "EUR")
    if is_there:
        post(one, brand, Change(day, 1, 1))
    with ThreadPoolExecutor(1) as pool:
        with one.transaction():
            closed_days.post(one, brand.tenant, uuid.uuid4(), [Change(day, 1, 100)], TODAY)
            waits = pool.submit(close, other, brand, YESTERDAY)
            until_blocked(brand.database)
        waits.result(60)
        with one.transaction():
            close(one, brand, YESTERDAY)
            late = pool.submit(post, other, brand, Change(day, 1, 7))
            until_blocked(brand.database)
        late.result(60)
    assert days(one, brand) == {YESTERDAY: (1 + is_there, 100 + is_there), TODAY: (1, 7)}


def test_where_today_is_closed_too_nothing_is_counted(scratch: Session, brand: Brand) -> None:
    connection = scratch()
    migrate(connection, COPY)
    migrate(connection, closed_days.MIGRATION)
    for each in (YESTERDAY, TODAY):
        close(connection, brand, each)
    with pytest.raises(ValueError, match="a day is closed when it is over"):
        post(connection, brand, Change(Day(YESTERDAY, "EUR"), 1, 1))
    assert days(connection, brand) == {YESTERDAY: (0, 0), TODAY: (0, 0)}
