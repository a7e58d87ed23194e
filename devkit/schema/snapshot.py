"""A schema as a value, equal exactly when the schemas are, and how two of them differ."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from devkit.finding import Place

_KIND = re.compile(r"(?:foreign table|materialized view|table|view|type|sequence|domain) ")


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """An object (`table public.bets`), or a part of one (`column amount`, its `number` counted from 1), and its text.

    `place` is where a migration made it, when a replay can tell; it does not count when entries are compared.
    """

    object: str
    part: str
    number: int
    text: str
    place: Place | None = dataclasses.field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What people call it: `table public.bets`, `column public.bets.amount`."""
        if not self.part:
            return self.object
        if self.object.startswith("colocation group"):
            return f"{self.part} in the {self.object}"
        kind, _, name = self.part.partition(" ")
        return f"{kind} {_KIND.sub('', self.object, count=1)}.{name}"

    @property
    def made(self) -> str:
        """How it is made, for people: a column's number is a part of that."""
        return f"number {self.number}: {self.text}" if self.number else self.text


Snapshot = tuple[Entry, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One object that two schemas do not have alike; None where it is not there. `place`: what made it."""

    object: str
    expected: str | None
    found: str | None
    place: Place | None = None


def position(entry: Entry) -> tuple[bytes, bool, bool, int, bytes]:
    """By bytes; after an object its columns in their order, then its other parts."""
    return entry.object.encode(), bool(entry.part), not entry.number, entry.number, entry.part.encode()


LeftAt = Callable[[str, str], Place | None]  # of an object's name and its part's


def differences(
    expected: Snapshot, found: Snapshot, left_at: LeftAt = lambda _object, _part: None
) -> tuple[Difference, ...]:
    """Every object that `expected` and `found` do not have alike, by name.

    `left_at` tells where an object (and its part) went that only `found` has.
    """
    wanted = {(each.object, each.part): each for each in expected}
    there = {(each.object, each.part): each for each in found}
    pairs = ((wanted.get(key), there.get(key)) for key in wanted.keys() | there.keys())
    differing = ((w, t) for w, t in pairs if w != t)
    return tuple(sorted((_difference(w, t, left_at) for w, t in differing), key=lambda each: each.object.encode()))


def _difference(wanted: Entry | None, there: Entry | None, left_at: LeftAt) -> Difference:
    entry = next(each for each in (wanted, there) if each)
    place = entry.place if wanted else entry.place or left_at(entry.object, entry.part)
    return Difference(entry.name, wanted.made if wanted else None, there.made if there else None, place)
