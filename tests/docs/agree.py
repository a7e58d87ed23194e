"""What a page shows beside what a command said: whether they agree, and what the page should show; pure."""

from __future__ import annotations

from collections.abc import Sequence

from tests.docs.settled import settled
from tests.docs.transcript import ANY

_REPLACED, _ADDED, _GONE, _FAR = 2, 2, 3, 10**9


def agrees(page: Sequence[str], said: Sequence[str]) -> bool:
    """Whether `said` is what `page` shows, where … stands for any lines."""
    return _costs(_wanted(page), _said(said))[0][0] == 0


def corrected(page: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    """What the page should show: its own lines where they are right, what … stands for left out, the rest as said."""
    shown, told = _without_end(page), _without_end(said)
    wanted, lines = _wanted(shown), _said(told)
    costs = _costs(wanted, lines)
    found: list[str] = []
    at = to = 0
    while at < len(wanted) or to < len(lines):
        match _step(costs, wanted, lines, at, to):
            case "same" | "begins":
                found.append(shown[at])
                at, to = at + 1, to + (wanted[at] is not None)
            case "hidden":
                to += 1
            case "replaced":
                found.append(told[to])
                at, to = at + 1, to + 1
            case "added":
                found.append(told[to])
                to += 1
            case _:
                at += 1
    return tuple(found)


def _wanted(page: Sequence[str]) -> list[str | None]:
    """The lines as they are compared; None is …"""
    return [None if line.strip() == ANY else settled(line) for line in _without_end(page)]


def _said(said: Sequence[str]) -> list[str]:
    return [settled(line) for line in _without_end(said)]


def _without_end(lines: Sequence[str]) -> list[str]:
    """Empty lines at the end are the page's business."""
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _costs(wanted: Sequence[str | None], said: Sequence[str]) -> list[list[int]]:
    """How much has to change from line `at` of the page and line `to` of the output on."""
    costs = [[_FAR] * (len(said) + 1) for _ in range(len(wanted) + 1)]
    costs[-1][-1] = 0
    for at in range(len(wanted), -1, -1):
        for to in range(len(said), -1, -1):
            if at < len(wanted) or to < len(said):
                costs[at][to] = min(cost for _, cost in _choices(costs, wanted, said, at, to))
    return costs


def _choices(
    costs: Sequence[Sequence[int]], wanted: Sequence[str | None], said: Sequence[str], at: int, to: int
) -> list[tuple[str, int]]:
    """The ways to go on, the dearest to the page first."""
    found: list[tuple[str, int]] = []
    more = to < len(said)
    if at < len(wanted):
        if wanted[at] is None:
            found.append(("begins", costs[at + 1][to]))
        elif more and wanted[at] == said[to]:
            found.append(("same", costs[at + 1][to + 1]))
        elif more:
            found.append(("replaced", costs[at + 1][to + 1] + _REPLACED))
    if more and at > 0 and wanted[at - 1] is None:
        found.append(("hidden", costs[at][to + 1]))
    elif more:
        found.append(("added", costs[at][to + 1] + _ADDED))
    if at < len(wanted):
        found.append(("gone", costs[at + 1][to] + _GONE))
    return found


def _step(costs: Sequence[Sequence[int]], wanted: Sequence[str | None], said: Sequence[str], at: int, to: int) -> str:
    return next(step for step, cost in _choices(costs, wanted, said, at, to) if cost == costs[at][to])
