"""A console block is commands and answers, and can be put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.docs.fences import FormatError
from tests.docs.transcript import read_console, written

LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=20)
ANSWER = LINE.filter(lambda line: not line.startswith(("$ ", "> ")) and line.strip() != "…")


@given(
    blocks=st.lists(st.tuples(LINE, st.lists(LINE, max_size=2), st.lists(ANSWER, max_size=3)), min_size=1, max_size=4)
)
def test_what_is_typed_and_what_is_answered_are_told_apart(blocks: list[tuple[str, list[str], list[str]]]) -> None:
    body = [line for first, more, answer in blocks for line in (f"$ {first}", *(f"> {each}" for each in more), *answer)]
    found = read_console("a.md", 1, body)
    assert [(each.command, each.answer) for each in found] == [
        ("\n".join([first, *more]), tuple(answer)) for first, more, answer in blocks
    ]
    assert list(written(found)) == body
    assert [body[each.line] for each in found] == [f"$ {first}" for first, _, _ in blocks]


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        (["x", "$ true"], 8, "begins with $"),
        (["$ true", "…", "…"], 8, "twice in a row"),
    ],
)
def test_what_begins_without_a_command_or_hides_twice_is_refused(body: list[str], line: int, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_console("a.md", 7, body)
    assert str(caught.value).startswith(f"a.md:{line}: ")
    assert said in str(caught.value)
