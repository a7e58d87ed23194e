"""A seeded source of choices that counts what it chose, and prefers what it chose seldom."""

from __future__ import annotations

import random
from collections import Counter


class Draw:
    """Choices for one run: the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.forms: Counter[str] = Counter()

    def form(self, group: str, *names: str) -> str:
        """One of the names; half of the time the one that was drawn least. It is counted as `group: name`."""
        for name in names:
            self.forms[f"{group}: {name}"] += 0
        chosen = self.random.choice(names)
        if self.random.random() < 0.5:
            chosen = min(names, key=lambda name: self.forms[f"{group}: {name}"])
        self.forms[f"{group}: {chosen}"] += 1
        return chosen

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return self.random.random() < share

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(low, high)

    def one(self, *items: str) -> str:
        """One of the items, not counted."""
        return self.random.choice(items)
