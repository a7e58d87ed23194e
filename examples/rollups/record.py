"""Record an event, the bet that it changes and the totals that count the bet, in one transaction."""

from __future__ import annotations

import datetime
from typing import Final
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from examples.rollups.event import Corrected, Event, Placed, RefusedError, Settled, payload
from examples.rollups.totals import ADD_TO_USER, Change, User, add, day_of, recount

ADD_BET: Final = """
INSERT INTO bets (tenant_id, id, user_id, wallet_id, odds_id, currency, stake_minor, price, placed_at)
VALUES (%(tenant)s, %(bet)s, %(user)s, %(wallet)s, %(odds)s, %(currency)s, %(stake_minor)s, %(price)s, %(at)s)
ON CONFLICT (tenant_id, id) DO NOTHING
"""

TAKE_BET: Final = """
SELECT user_id AS user, currency, stake_minor, placed_at
  FROM bets
 WHERE tenant_id = %(tenant)s AND id = %(bet)s
   FOR NO KEY UPDATE
"""

ADD_EVENT: Final = """
INSERT INTO bet_events (tenant_id, id, bet_id, kind, payload, occurred_at)
VALUES (%(tenant)s, %(id)s, %(bet)s, %(kind)s, %(payload)s, %(at)s)
ON CONFLICT (tenant_id, id) DO NOTHING
"""

IS_SAME_EVENT: Final = """
SELECT bet_id = %(bet)s AND kind = %(kind)s AND payload = %(payload)s AND occurred_at = %(at)s
  FROM bet_events
 WHERE tenant_id = %(tenant)s AND id = %(id)s
"""

LATER_EVENT: Final = """
SELECT id
  FROM bet_events
 WHERE tenant_id = %(tenant)s AND bet_id = %(bet)s AND kind = %(kind)s AND (occurred_at, id) > (%(at)s, %(id)s)
 LIMIT 1
"""

SETTLE_BET: Final = """
UPDATE bets
   SET status = %(outcome)s, settled_at = %(at)s
 WHERE tenant_id = %(tenant)s AND id = %(bet)s
"""

CORRECT_BET: Final = """
UPDATE bets
   SET stake_minor = %(stake_minor)s, placed_at = %(placed_at)s
 WHERE tenant_id = %(tenant)s AND id = %(bet)s
"""


class Bet(msgspec.Struct, frozen=True):
    """What the totals count of a bet."""

    user: UUID
    currency: str
    stake_minor: int
    placed_at: datetime.datetime


def record(connection: Connection, event: Event) -> bool:
    """Write the event, its bet and the totals in one transaction; False when an earlier delivery did all that."""
    try:
        with connection.transaction():
            return _record(connection, event)
    except (psycopg.IntegrityError, psycopg.DataError, OverflowError) as error:
        raise RefusedError(f"the database does not take it: {error}") from error


def _record(connection: Connection, event: Event) -> bool:
    """Take the locks in one order: the bet, the event, the user's total, the days' totals."""
    values = _values(event)
    is_placed = isinstance(event.content, Placed)
    is_new_bet = is_placed and connection.execute(ADD_BET, values).rowcount == 1
    bet = _take_bet(connection, values)
    if bet is None:
        raise RefusedError(f"there is no bet {event.bet}: deliver this again after its placing")
    if connection.execute(ADD_EVENT, values).rowcount == 0:
        if connection.execute(IS_SAME_EVENT, values).fetchone() != (True,):
            raise RefusedError(f"the event {event.id} has other content: what is new needs an id of its own")
        return False
    if is_placed != is_new_bet:
        raise RefusedError(f"the bet {event.bet} was placed by another event")
    if is_placed:
        _count(connection, event.tenant, bet)
    elif connection.execute(LATER_EVENT, values).fetchone() is None:
        _change(connection, event, bet, values)
    return True


def _values(event: Event) -> dict[str, object]:
    return {
        "tenant": event.tenant,
        "id": event.id,
        "bet": event.bet,
        "kind": event.kind,
        "at": event.at,
        "payload": Jsonb(event.content, dumps=payload),
        **msgspec.structs.asdict(event.content),
    }


def _take_bet(connection: Connection, values: dict[str, object]) -> Bet | None:
    with connection.cursor(row_factory=class_row(Bet)) as cursor:
        return cursor.execute(TAKE_BET, values).fetchone()


def _count(connection: Connection, tenant: int, bet: Bet) -> None:
    connection.execute(ADD_TO_USER, {"tenant": tenant, "user": bet.user, "placed_at": bet.placed_at})
    add(connection, tenant, [Change(day_of(bet.placed_at, bet.currency), 1, bet.stake_minor)])


def _change(connection: Connection, event: Event, bet: Bet, values: dict[str, object]) -> None:
    match event.content:
        case Settled():
            connection.execute(SETTLE_BET, values)  # a bet counts, whatever comes of it
        case Corrected(stake_minor, placed_at):
            connection.execute(CORRECT_BET, values)
            if placed_at != bet.placed_at:
                recount(connection, event.tenant, User(bet.user))  # a maximum cannot be taken back: count it anew
            before, after = day_of(bet.placed_at, bet.currency), day_of(placed_at, bet.currency)
            changes = [Change(before, -1, -bet.stake_minor), Change(after, 1, stake_minor)]
            add(connection, event.tenant, changes)
        case Placed():
            raise AssertionError("a bet is placed once")
