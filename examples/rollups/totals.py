"""The totals: which there are, how one is added to, and how one is made again from the bets that it counts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec
from psycopg import Connection

ADD_TO_USER: Final = """
INSERT INTO user_totals (tenant_id, user_id, bets, last_bet_at)
VALUES (%(tenant)s, %(user)s, 1, %(placed_at)s)
ON CONFLICT (tenant_id, user_id) DO UPDATE
   SET bets = user_totals.bets + excluded.bets,
       last_bet_at = greatest(user_totals.last_bet_at, excluded.last_bet_at)
"""

ADD_TO_DAY: Final = """
INSERT INTO bet_daily_totals (tenant_id, day, currency, bets, stake_minor)
VALUES (%(tenant)s, %(day)s, %(currency)s, %(bets)s, %(stake_minor)s)
ON CONFLICT (tenant_id, day, currency) DO UPDATE
   SET bets = bet_daily_totals.bets + excluded.bets,
       stake_minor = bet_daily_totals.stake_minor + excluded.stake_minor
"""

TAKE_DAY: Final = """
INSERT INTO bet_daily_totals (tenant_id, day, currency)
VALUES (%(tenant)s, %(day)s, %(currency)s)
ON CONFLICT (tenant_id, day, currency) DO UPDATE
   SET bets = bet_daily_totals.bets
"""

RECOUNT_DAY: Final = """
UPDATE bet_daily_totals AS total
   SET bets = counted.bets, stake_minor = counted.stake_minor
  FROM (SELECT count(*) AS bets, coalesce(sum(stake_minor), 0)::bigint AS stake_minor
          FROM bets
         WHERE tenant_id = %(tenant)s AND (placed_at AT TIME ZONE 'UTC')::date = %(day)s
           AND currency = %(currency)s) AS counted
 WHERE total.tenant_id = %(tenant)s AND total.day = %(day)s AND total.currency = %(currency)s
"""

TAKE_USER: Final = """
INSERT INTO user_totals (tenant_id, user_id)
VALUES (%(tenant)s, %(user)s)
ON CONFLICT (tenant_id, user_id) DO UPDATE
   SET bets = user_totals.bets
"""

RECOUNT_USER: Final = """
UPDATE user_totals AS total
   SET bets = counted.bets, last_bet_at = counted.last_bet_at
  FROM (SELECT count(*) AS bets, max(placed_at) AS last_bet_at
          FROM bets
         WHERE tenant_id = %(tenant)s AND user_id = %(user)s) AS counted
 WHERE total.tenant_id = %(tenant)s AND total.user_id = %(user)s
"""


class Day(msgspec.Struct, frozen=True, order=True):
    """One row of bet_daily_totals, of a tenant."""

    day: datetime.date
    currency: str

    def __str__(self) -> str:
        return f"{self.day} {self.currency}"


class User(msgspec.Struct, frozen=True, order=True):
    """One row of user_totals, of a tenant."""

    user: UUID

    def __str__(self) -> str:
        return f"user {self.user}"


class Change(msgspec.Struct, frozen=True):
    """What an event adds to a day's total; a correction takes away as well."""

    day: Day
    bets: int
    stake_minor: int


def day_of(placed_at: datetime.datetime, currency: str) -> Day:
    """The day that counts a bet: the day in UTC, wherever the player, the producer and this program are."""
    return Day(placed_at.astimezone(datetime.UTC).date(), currency)


def add(connection: Connection, tenant: int, changes: Iterable[Change]) -> None:
    """Add to the days' totals, in the order of days: two transactions that change the same two never wait in a ring."""
    for change in sorted(changes, key=lambda change: change.day):
        connection.execute(
            ADD_TO_DAY,
            {
                "tenant": tenant,
                "day": change.day.day,
                "currency": change.day.currency,
                "bets": change.bets,
                "stake_minor": change.stake_minor,
            },
        )


def recount(connection: Connection, tenant: int, total: Day | User) -> None:
    """Make one total again from the bets, within a transaction.

    Its row is the lock. Whoever has counted a bet there has committed, and the second statement, whose snapshot is
    newer, sees the bet; whoever has not yet waits for us, and adds to what we wrote.
    """
    match total:
        case Day(day, currency):
            key = {"tenant": tenant, "day": day, "currency": currency}
            connection.execute(TAKE_DAY, key)
            connection.execute(RECOUNT_DAY, key)
        case User(user):
            key = {"tenant": tenant, "user": user}
            connection.execute(TAKE_USER, key)
            connection.execute(RECOUNT_USER, key)
