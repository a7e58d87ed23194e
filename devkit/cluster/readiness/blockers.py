"""What holds a workload up: the most telling of its pods, or the refusal to make them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from devkit.cluster.readiness.pods import look
from devkit.cluster.readiness.raw import Raw, text
from devkit.cluster.readiness.refusals import refusal
from devkit.cluster.readiness.values import Answer, Seen, State, waiting

_ENDED = frozenset({"Failed", "Succeeded"})
_ORDER = {State.FAILED: 0, State.WAITING: 1}


def blocker(
    workload: str, pods: Iterable[Raw], creators: tuple[tuple[str, Raw], ...], seen: Seen, now: datetime
) -> Answer | None:
    """The one answer to show for a workload that is not ready: what has failed first, then what has a help."""
    answers = [refusal(creators, workload, seen), *(look(each, workload, seen, now) for each in _living(pods))]
    held = [each for each in answers if each and each.state is not State.READY]
    return min(held, key=lambda each: (_ORDER[each.state], not each.help), default=None)


def held_up(counts: str, reason: str, cause: Answer | None) -> Answer:
    """A workload's own counts, and behind them what holds it up."""
    if cause is None:
        return waiting(reason, counts)
    return Answer(cause.state, cause.reason, f"{counts}: {cause.message}", cause.help)


def _living(pods: Iterable[Raw]) -> list[Raw]:
    """Without the remains of evicted pods, as long as others took their place."""
    all_pods = list(pods)
    return [each for each in all_pods if text(each, "status", "phase") not in _ENDED] or all_pods
