"""How long work tells the terminal where it is, without knowing of terminals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# Called with one short line as often as there is something new to say; the receiver decides what to show.
Progress = Callable[[str], None]


def silent(text: str) -> None:
    """Say nothing: tests, JSON, pipes."""
    del text


# Called with the lines of a list that changes while work goes on, each with the name of what it speaks of.
Board = Callable[[Sequence[tuple[str, str]]], None]


def blank(lines: Sequence[tuple[str, str]]) -> None:
    """Show nothing: tests, JSON."""
    del lines
