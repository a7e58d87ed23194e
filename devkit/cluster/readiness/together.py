"""Several verdicts in one line."""

from __future__ import annotations

from collections.abc import Sequence

from devkit.cluster.readiness.values import Readiness, State

_WORDS = {State.FAILED: "failed", State.WAITING: "waiting for", State.MISSING: "not applied"}


def summary(readinesses: Sequence[Readiness]) -> str:
    """How many are ready, and the first that is not: what has failed before what is waited for."""
    count = sum(each.state is State.READY for each in readinesses)
    line = f"{count} of {len(readinesses)} ready"
    for state, word in _WORDS.items():
        found = [each for each in readinesses if each.state is state]
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            return f"{line}; {word} {found[0].name}: {found[0].message}{more}"
    return line
