"""How long work tells the terminal where it is, without knowing of terminals."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called as often as there is something new to say; the receiver decides what to show."""

    def __call__(self, text: str) -> None:
        """Show one short line in place of the last one."""


def silent(text: str) -> None:
    """Say nothing: tests, JSON, pipes."""
