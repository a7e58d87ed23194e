"""What a page shows agrees with what was said, or is corrected to just that and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.docs.agree import agrees, corrected

WORDS = st.sampled_from(["a", "b", "c", "1 s", "2 s", ""])
SAID = st.lists(WORDS, max_size=8).filter(lambda lines: not lines or bool(lines[-1]))
SHOWN = st.lists(WORDS | st.just("…"), max_size=8)


@given(SHOWN, SAID)
def test_what_is_corrected_agrees(page: list[str], said: list[str]) -> None:
    assert agrees(corrected(page, said), said)


@given(SAID)
def test_what_was_said_agrees_with_itself(said: list[str]) -> None:
    assert agrees(said, said)


@given(SHOWN, SAID)
def test_what_agrees_is_not_touched(page: list[str], said: list[str]) -> None:
    kept = list(page)
    while kept and not kept[-1].strip():
        kept.pop()
    assert (list(corrected(page, said)) == kept) == agrees(page, said)


@given(SAID, st.integers(0, 8), st.integers(0, 8))
def test_dots_stand_for_any_lines(said: list[str], start: int, end: int) -> None:
    assert agrees([*said[:start], "…", *said[max(start, end) :]], said)


@pytest.mark.parametrize(
    ("page", "said", "right"),
    [
        (["a", "b"], ["a", "c"], ["a", "c"]),
        (["took 1 s", "b"], ["took 9 s", "c"], ["took 1 s", "c"]),
        (["a", "…", "z"], ["a", "x", "y", "q"], ["a", "…", "q"]),
        (["…", "z"], ["x", "z", "w"], ["…", "z", "w"]),
        (["a", "gone", "z"], ["a", "z"], ["a", "z"]),
        ([], ["a"], ["a"]),
        (["a"], [], []),
        (["a", "…"], ["b", "x"], ["b", "…"]),
    ],
)
def test_only_the_wrong_lines_are_written_anew(page: list[str], said: list[str], right: list[str]) -> None:
    assert not agrees(page, said)
    assert list(corrected(page, said)) == right
