"""Events as their producers report them: one JSON object a line."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

_LARGEST = 2**63 - 1  # bigint
Tenant = Annotated[int, msgspec.Meta(ge=1, le=_LARGEST)]
Money = Annotated[int, msgspec.Meta(ge=1, le=_LARGEST)]
Instant = Annotated[datetime.datetime, msgspec.Meta(tz=True)]  # without an offset nobody knows which day it is


class Placed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="placed"):
    """A bet is placed, when the event occurs."""

    user: UUID
    wallet: UUID
    odds: UUID
    currency: str
    stake_minor: Money
    price: Decimal


class Settled(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="settled"):
    """What came of a bet. The latest settlement is what counts."""

    outcome: Literal["won", "lost", "void"]


class Corrected(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="corrected"):
    """What a bet should have been from the start. The latest correction is what counts, so it says all of it."""

    stake_minor: Money
    placed_at: Instant


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happened to a bet, under the id that its producer gave it and repeats with each delivery."""

    tenant: Tenant
    id: UUID
    bet: UUID
    at: Instant
    content: Placed | Settled | Corrected

    @property
    def kind(self) -> str:
        """The word for it in bet_events.kind."""
        return str(self.content.__struct_config__.tag)


class RefusedError(Exception):
    """The event is not recorded, nor is anything of it; the message says why."""


def read_event(line: bytes) -> Event:
    """The event in a line of JSON."""
    try:
        return msgspec.json.decode(line, type=Event)
    except msgspec.MsgspecError as error:
        raise RefusedError(f"not an event: {error}") from None


_ENCODER = msgspec.json.Encoder(decimal_format="number")  # 1.9 and 1.900 are equal as numbers of jsonb, not as strings


def payload(content: Placed | Settled | Corrected) -> bytes:
    """The content as JSON, alike for a second delivery that writes an instant with another offset."""
    if isinstance(content, Corrected):
        content = msgspec.structs.replace(content, placed_at=content.placed_at.astimezone(datetime.UTC))
    return _ENCODER.encode(content)
