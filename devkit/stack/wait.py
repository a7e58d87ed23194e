"""Waits until every service can be used, saying all the while what each of them still lacks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable

from devkit.cluster.failures import RefusedError, UnreachableError
from devkit.cluster.proof import Proven
from devkit.cluster.readiness.values import Readiness, State, Wanted
from devkit.cluster.tilt import Tilt
from devkit.progress import Board
from devkit.stack.look import WORKLOADS, Sight, is_lacking, look
from devkit.stack.version import Versions

_PAUSE = 0.5
# How long a verdict that only an edit can mend has to stay the same before waiting ends: a pull may yet succeed.
GRACE_SECONDS = 20.0
_PASSING = frozenset({429, 500, 502, 503, 504})  # an API server that is starting, or busy


def wait_ready(
    proven: Proven,
    wanted: Iterable[Wanted],
    *,
    seconds: float,
    board: Board,
    tilt: Callable[[], Tilt | None],
    seen: Callable[[tuple[Readiness, ...], Tilt], None],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    versions: Callable[[], Versions | None] = lambda: None,
) -> Sight:
    """The sight in which all are ready, or the last one: after `seconds`, or when waiting longer is of no use.

    That is so when only an edit can mend it, or when the Tilt that was to apply what is missing has ended.

    An API server that goes away meanwhile is waited for; UnreachableError when it stays away. RefusedError (no
    permission, an expired token) at once. `seen` is told of every look, and `versions`
    asked for each: files change meanwhile.
    """
    objects = tuple(wanted)
    deadline = clock() + seconds
    failing_since: dict[str, float] = {}
    tilt_seen = math.inf
    while True:
        try:
            running = tilt()
            sight = look(proven, objects, running, versions())
        except (UnreachableError, RefusedError) as error:
            if (isinstance(error, RefusedError) and error.code not in _PASSING) or clock() >= deadline:
                raise
            board([("cluster", f"{error.problem}; waiting for it")])
            sleep(_PAUSE)
            continue
        board(lines(sight))
        if running is not None:
            tilt_seen = clock()
            seen(sight.verdicts, running)
        failing_since = _still_failing(sight, failing_since, clock())
        hopeless = any(clock() - since >= GRACE_SECONDS for since in failing_since.values())
        lacks = any(is_lacking(each) for each in sight.verdicts)
        hopeless = hopeless or (lacks and clock() - tilt_seen >= GRACE_SECONDS)
        if sight.is_ready or hopeless or clock() >= deadline:
            return sight
        sleep(_PAUSE)


def lines(sight: Sight) -> list[tuple[str, str]]:
    """A line a workload, as it is shown while it may still change, and one for whatever else is not there yet."""
    running = [(f"{each.kind.lower()}/{each.name}", _shown(each)) for each in sight.verdicts if each.kind in WORKLOADS]
    others = [each for each in sight.verdicts if each.kind not in WORKLOADS and each.state is not State.READY]
    if not others:
        return running
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return [*running, ("other objects", f"{others[0].kind.lower()}/{others[0].name} {_shown(others[0])}{more}")]


def _shown(verdict: Readiness) -> str:
    if verdict.state is State.MISSING:
        return "not there yet"
    return f"{verdict.state}: {verdict.message}" if verdict.message else str(verdict.state)


def _still_failing(sight: Sight, since: dict[str, float], now: float) -> dict[str, float]:
    names = [f"{each.kind}/{each.name}" for each in sight.services if each.state is State.FAILED]
    return {name: since.get(name, now) for name in names}
