"""A clock that only its own sleep moves, and that notes how long was slept."""

from __future__ import annotations

from devkit.registry.patience import Clock


class StillClock:
    """`clock` for resolve(); `slept` in seconds. Tests never wait."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.clock = Clock(self.slept.append, lambda: sum(self.slept))
