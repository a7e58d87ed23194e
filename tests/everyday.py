"""Of many alike cases, a few every day and all in CI: ./inv test takes minutes, ./inv test --full may take more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet


def first(count: int, cases: Iterable[Any]) -> list[ParameterSet]:
    """The cases, as parametrize takes them; those after the first `count` are left to --full."""
    return [
        pytest.param(*_values(case), marks=() if number < count else pytest.mark.full)
        for number, case in enumerate(cases)
    ]


def _values(case: Any) -> tuple[Any, ...]:  # noqa: ANN401 - whatever parametrize takes
    return case if isinstance(case, tuple) else (case,)
