"""A variant: a day that is closed does not change any more, and what comes late is counted on an open day.

Bets cannot be what is counted then: a correction would change what a closed day has. Postings can: each says what an
event adds to one day, and is never changed.
"""

from __future__ import annotations

import datetime
from typing import Final
from uuid import UUID

import msgspec
from psycopg import Connection

from examples.rollups.totals import Change, Day

MIGRATION: Final = """
ALTER TABLE bet_daily_totals ADD COLUMN closed_at timestamptz;
CREATE TABLE bet_postings (
    tenant_id bigint NOT NULL,
    event_id uuid NOT NULL,
    day date NOT NULL,
    currency char(3) NOT NULL,
    bets bigint NOT NULL,
    stake_minor bigint NOT NULL,
    PRIMARY KEY (tenant_id, event_id, bets) -- an event adds a bet once, and takes one away once
);
SELECT create_distributed_table('bet_postings', 'tenant_id', colocate_with => 'tenants');
CREATE INDEX bet_postings_by_day ON bet_postings (tenant_id, day, currency);
"""

CLOSE_DAY: Final = """
INSERT INTO bet_daily_totals (tenant_id, day, currency, closed_at)
VALUES (%(tenant)s, %(day)s, %(currency)s, %(at)s)
ON CONFLICT (tenant_id, day, currency) DO UPDATE
   SET closed_at = excluded.closed_at
"""

ADD_UNLESS_CLOSED: Final = """
INSERT INTO bet_daily_totals (tenant_id, day, currency, bets, stake_minor)
VALUES (%(tenant)s, %(day)s, %(currency)s, %(bets)s, %(stake_minor)s)
ON CONFLICT (tenant_id, day, currency) DO UPDATE
   SET bets = bet_daily_totals.bets + excluded.bets,
       stake_minor = bet_daily_totals.stake_minor + excluded.stake_minor
 WHERE bet_daily_totals.closed_at IS NULL
"""

ADD_POSTING: Final = """
INSERT INTO bet_postings (tenant_id, event_id, day, currency, bets, stake_minor)
VALUES (%(tenant)s, %(event)s, %(day)s, %(currency)s, %(bets)s, %(stake_minor)s)
"""

RECOUNT_POSTINGS: Final = """
UPDATE bet_daily_totals AS total
   SET bets = counted.bets, stake_minor = counted.stake_minor
  FROM (SELECT coalesce(sum(bets), 0)::bigint AS bets, coalesce(sum(stake_minor), 0)::bigint AS stake_minor
          FROM bet_postings
         WHERE tenant_id = %(tenant)s AND day = %(day)s AND currency = %(currency)s) AS counted
 WHERE total.tenant_id = %(tenant)s AND total.day = %(day)s AND total.currency = %(currency)s
"""


def post(connection: Connection, tenant: int, event: UUID, changes: list[Change], today: datetime.date) -> None:
    """Count what an event changes, each on its day or, where that is closed, today; within the event's transaction."""
    late = [
        change
        for change in sorted(changes, key=lambda change: change.day)
        if not _post(connection, tenant, event, change)
    ]
    for change in late:
        again = msgspec.structs.replace(change, day=Day(today, change.day.currency))
        if not _post(connection, tenant, event, again):
            raise ValueError(f"{today} is closed, too: a day is closed when it is over")


def _post(connection: Connection, tenant: int, event: UUID, change: Change) -> bool:
    values = {"tenant": tenant, "event": event, **msgspec.structs.asdict(change), **msgspec.structs.asdict(change.day)}
    is_open = connection.execute(ADD_UNLESS_CLOSED, values).rowcount == 1
    if is_open:
        connection.execute(ADD_POSTING, values)
    return is_open
