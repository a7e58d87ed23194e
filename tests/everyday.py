"""Of many alike cases, a few every day and all in CI: ./inv test takes minutes, ./inv test --full may take more."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def first(count: int, cases: Iterable[object]) -> list[object]:
    """The cases, as parametrize takes them; those after the first `count` are left to --full."""
    numbered = enumerate(case if isinstance(case, tuple) else (case,) for case in cases)
    return [pytest.param(*case, marks=() if number < count else pytest.mark.full) for number, case in numbered]
