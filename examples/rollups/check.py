"""Where a total differs from what it counts, and the repair of just that."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

import msgspec
from psycopg import Connection

from examples.rollups.totals import Day, User, recount

DIFFERING_DAYS: Final = """
SELECT day, currency, sum(kept)::bigint, sum(kept_stake)::bigint, sum(counted)::bigint, sum(counted_stake)::bigint
  FROM (SELECT day, currency, bets AS kept, stake_minor AS kept_stake, 0 AS counted, 0 AS counted_stake
          FROM bet_daily_totals
         WHERE tenant_id = %(tenant)s
         UNION ALL
        SELECT (placed_at AT TIME ZONE 'UTC')::date, currency, 0, 0, 1, stake_minor
          FROM bets
         WHERE tenant_id = %(tenant)s) AS sides
 GROUP BY day, currency
HAVING sum(kept) <> sum(counted) OR sum(kept_stake) <> sum(counted_stake)
 ORDER BY day, currency
"""

DIFFERING_USERS: Final = """
SELECT user_id, sum(kept)::bigint, max(kept_last), sum(counted)::bigint, max(counted_last)
  FROM (SELECT user_id, bets AS kept, last_bet_at AS kept_last, 0 AS counted, NULL::timestamptz AS counted_last
          FROM user_totals
         WHERE tenant_id = %(tenant)s
         UNION ALL
        SELECT user_id, 0, NULL, 1, placed_at
          FROM bets
         WHERE tenant_id = %(tenant)s) AS sides
 GROUP BY user_id
HAVING sum(kept) <> sum(counted) OR max(kept_last) IS DISTINCT FROM max(counted_last)
 ORDER BY user_id
"""


class Difference(msgspec.Struct, frozen=True):
    """A total that is not what it counts."""

    total: Day | User
    kept: str
    counted: str

    def __str__(self) -> str:
        return f"{self.total}: kept {self.kept}, counted {self.counted}"


def differences(connection: Connection, tenant: int) -> list[Difference]:
    """The tenant's totals that differ from their bets; writers may go on meanwhile, each query sees one moment."""
    tenant_only = {"tenant": tenant}
    days = [
        Difference(Day(day, currency), f"{kept} bets of {kept_stake}", f"{counted} bets of {counted_stake}")
        for day, currency, kept, kept_stake, counted, counted_stake in connection.execute(DIFFERING_DAYS, tenant_only)
    ]
    users = [
        Difference(User(user), f"{kept} bets{_until(kept_last)}", f"{counted} bets{_until(counted_last)}")
        for user, kept, kept_last, counted, counted_last in connection.execute(DIFFERING_USERS, tenant_only)
    ]
    return [*days, *users]


def _until(last: datetime.datetime | None) -> str:
    return "" if last is None else f" until {last.astimezone(datetime.UTC).isoformat(' ')}"


def repair(connection: Connection, tenant: int) -> Iterator[Difference]:
    """Make the totals again that differ, each in a transaction of its own, and say each when it is done.

    Where all totals are missing this is the backfill. It notes nothing: what is done does not differ any more, so the
    next run after a kill begins with the total that this one was at.
    """
    for difference in differences(connection, tenant):
        with connection.transaction():
            recount(connection, tenant, difference.total)
        yield difference
