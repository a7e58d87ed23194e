"""Fences are found as Markdown shows them, and what could be read in two ways is refused by its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.docs.fences import COMMANDS, OTHERS, Comment, FormatError, read_fences

LINES = st.text(st.characters(codec="utf-8", exclude_characters="\n\r", exclude_categories=["Cc", "Zl", "Zp"]))
BODIES = st.lists(LINES.filter(lambda line: "`" not in line and "~" not in line), max_size=5)


@given(body=BODIES, indent=st.sampled_from(["", "  ", "   "]), language=st.sampled_from((*COMMANDS, *OTHERS)))
def test_a_body_comes_back_without_the_indentation_of_its_fence(body: list[str], indent: str, language: str) -> None:
    inner = [f"{indent}{line}" for line in body]
    text = "\n".join(["Prose.", f"{indent}```{language}", *inner, f"{indent}```", "More."])
    (fence,) = read_fences("a.md", text)
    assert (fence.line, fence.language, fence.indent) == (2, language, indent)
    assert list(fence.body) == [line if line.strip() else "" for line in body]


@pytest.mark.parametrize("fence", ["```", "````", "~~~", "~~~~~"])
def test_a_fence_is_closed_by_its_own_kind_alone(fence: str) -> None:
    inner = "~~~" if fence[0] == "`" else "```"
    text = f"{fence}text\n{inner}\n{fence[:2]}\n{fence}\nand prose\n"
    assert [each.body for each in read_fences("a.md", text)] == [(inner, fence[:2])]


def test_comments_right_above_belong_to_a_fence_and_others_do_not() -> None:
    text = "<!-- far -->\n\nProse.\n<!-- one: a -->\n<!-- two:\nb\nc -->\n```sh\ntrue\n```\n"
    (fence,) = read_fences("a.md", text)
    assert fence.comments == (Comment(4, "one: a"), Comment(5, "two:\nb\nc"))
    (alone,) = read_fences("a.md", "<!-- one: a -->\n\n```sh\ntrue\n```\n")
    assert alone.comments == ()


def test_commands_in_a_comment_are_no_commands_of_the_page() -> None:
    (fence,) = read_fences("a.md", "<!-- given:\n./inv new x\n```\n-->\n```sh\ntrue\n```\n")
    assert fence.line == 5


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n```sh\ntrue\n", 2, "not closed"),
        ("```sh\ntrue\n~~~\n", 1, "not closed"),
        ("```sh\ntrue\n``\n", 1, "not closed"),
        ("```\nx\n```\n", 1, "without a language"),
        ("a\n\n```bash\ntrue\n```\n", 3, "write ```sh, not ```bash"),
        ("```Shell\ntrue\n```\n", 1, "write ```sh"),
        ("```zsh\ntrue\n```\n", 1, "write ```sh"),
        ("```conosle\n$ true\n```\n", 1, "no language conosle"),
        ("```sh title=x\ntrue\n```\n", 1, "says more than its language"),
        ("- x\n  ```sh\n  one\n two\n  ```\n", 4, "less indented"),
        ("> ```sh\n> true\n> ```\n", 1, "behind a quote or list mark"),
        ("- ```sh\n  true\n  ```\n", 1, "behind a quote or list mark"),
        ("1. ```sh\n   true\n   ```\n", 1, "behind a quote or list mark"),
        ("Prose.\n\n    ./inv verify\n", 3, "a command outside of a fence"),
        ("\n\n    $ kubectl get pods\n", 3, "a command outside of a fence"),
        ("<!-- begins\n", 1, "a comment that does not end"),
    ],
)
def test_what_cannot_be_read_with_certainty_is_refused(text: str, line: int, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_fences("a.md", text)
    assert str(caught.value).startswith(f"a.md:{line}: ")
    assert said in str(caught.value)
