"""A tenant with two players, the events that a test reports of it, and what its totals must be, counted in Python."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

from examples.rollups.event import Corrected, Event, Placed, Settled

MIDNIGHT = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)
CURRENCIES = ("EUR", "JPY")


@dataclasses.dataclass(frozen=True)
class Totals:
    """(bets, stake) a day and currency, (bets, last bet) a player; what counts nothing is left out."""

    days: dict[tuple[datetime.date, str], tuple[int, int]]
    users: dict[UUID, tuple[int, datetime.datetime]]


@dataclasses.dataclass(frozen=True)
class Brand:
    """A tenant of a test's own in a migrated database; `looking` is a connection that nothing else uses."""

    database: str
    looking: psycopg.Connection
    tenant: int
    users: tuple[UUID, UUID]
    wallets: dict[tuple[UUID, str], UUID]
    odds: UUID

    def placed(
        self, at: datetime.datetime = MIDNIGHT, stake: int = 100, *, user: int = 0, currency: str = "EUR",
        bet: UUID | None = None, event: UUID | None = None,
    ) -> Event:  # fmt: skip
        """A bet is placed."""
        who = self.users[user]
        content = Placed(who, self.wallets[who, currency], self.odds, currency, stake, Decimal("1.9"))
        return Event(self.tenant, event or uuid.uuid4(), bet or uuid.uuid4(), at, content)

    def corrected(
        self, placed: Event, at: datetime.datetime, stake: int, placed_at: datetime.datetime | None = None
    ) -> Event:
        """The bet of `placed` should have been another."""
        return Event(self.tenant, uuid.uuid4(), placed.bet, at, Corrected(stake, placed_at or placed.at))

    def settled(self, placed: Event, at: datetime.datetime, outcome: Any = "won") -> Event:  # noqa: ANN401 - a Literal
        """What came of the bet of `placed`."""
        return Event(self.tenant, uuid.uuid4(), placed.bet, at, Settled(outcome))

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows; `query` has the tenant as its first value."""
        return self.looking.execute(query.encode(), (self.tenant, *values)).fetchall()

    def kept(self) -> Totals:
        """The totals as the tables have them."""
        days = self.ask("SELECT day, currency, bets, stake_minor FROM bet_daily_totals WHERE tenant_id = %s")
        users = self.ask("SELECT user_id, bets, last_bet_at FROM user_totals WHERE tenant_id = %s")
        return Totals(
            {(day, currency): (bets, stake) for day, currency, bets, stake in days if (bets, stake) != (0, 0)},
            {user: (bets, last) for user, bets, last in users if (bets, last) != (0, None)},
        )

    def forget_totals(self) -> None:
        """As if the bets were older than the totals."""
        for table in ("bet_daily_totals", "user_totals"):
            self.looking.execute(f"DELETE FROM {table} WHERE tenant_id = %s".encode(), (self.tenant,))

    def events(self) -> int:
        """How many events are recorded."""
        return int(self.ask("SELECT count(*) FROM bet_events WHERE tenant_id = %s")[0][0])


_TENANT = "INSERT INTO tenants (id, slug, name) VALUES (%s, 'test', 'Test')"
_USERS = (
    "INSERT INTO users (tenant_id, id, email, display_name)"
    " SELECT %s, id, id || '@example.test', '' FROM unnest(%s::uuid[]) AS id"
)
_WALLETS = (
    "INSERT INTO wallets (tenant_id, id, user_id, currency)"
    " SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::text[])"
)
_FIXTURE = (
    "INSERT INTO fixtures (tenant_id, id, sport_id, home, away, starts_at) VALUES (%s, %s, 1, 'A', 'B', '2026-02-01')"
)
_ODDS = "INSERT INTO odds (tenant_id, id, fixture_id, market_id, outcome, price) VALUES (%s, %s, %s, 10, 'A', 1.9)"


def make_brand(looking: psycopg.Connection, database: str) -> Brand:
    """A new tenant in `database`, made and looked at through `looking`."""
    tenant = secrets.randbelow(2**62) + 1000
    users = (uuid.uuid4(), uuid.uuid4())
    wallets = {(user, currency): uuid.uuid4() for user in users for currency in CURRENCIES}
    owners, currencies = zip(*wallets, strict=True)
    fixture, odds = uuid.uuid4(), uuid.uuid4()
    with looking.transaction():
        looking.execute(_TENANT, (tenant,))
        looking.execute(_USERS, (tenant, list(users)))
        looking.execute(_WALLETS, (tenant, list(wallets.values()), list(owners), list(currencies)))
        looking.execute(_FIXTURE, (tenant, fixture))
        looking.execute(_ODDS, (tenant, odds, fixture))
    return Brand(database, looking, tenant, users, wallets, odds)


def counted(events: Iterable[Event]) -> Totals:
    """What the totals of these events must be: each event once, of each bet the latest correction, and no SQL."""
    events = {event.id: event for event in events}.values()
    latest: dict[UUID, Event] = {}
    for event in sorted(events, key=lambda event: (event.at, event.id)):
        if isinstance(event.content, Corrected):
            latest[event.bet] = event
    days: dict[tuple[datetime.date, str], Counter[str]] = defaultdict(Counter)
    users: dict[UUID, list[datetime.datetime]] = defaultdict(list)
    for event in events:
        if isinstance(event.content, Placed):
            correction = latest[event.bet].content if event.bet in latest else None
            stake = correction.stake_minor if isinstance(correction, Corrected) else event.content.stake_minor
            placed_at = correction.placed_at if isinstance(correction, Corrected) else event.at
            days[placed_at.astimezone(datetime.UTC).date(), event.content.currency] += Counter(bets=1, stake=stake)
            users[event.content.user].append(placed_at)
    return Totals(
        {day: (each["bets"], each["stake"]) for day, each in days.items()},
        {user: (len(each), max(each)) for user, each in users.items()},
    )
