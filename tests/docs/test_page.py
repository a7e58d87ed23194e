"""A page is its command blocks; what would pass unseen in it is refused."""

from __future__ import annotations

import pytest

from tests.docs.fences import FormatError
from tests.docs.page import read_page


def test_other_languages_are_no_command_blocks() -> None:
    page = read_page("a.md", "```sql\nSELECT 1;\n```\n```text\n✔ fine\n```\n```sh\ntrue\n```\n")
    assert [block.fence.language for block in page.blocks] == ["sh"]
    assert page.is_quick


def test_a_page_without_a_block_to_run_is_no_story() -> None:
    page = read_page("a.md", "<!-- run by: x -->\n```sh\ntrue\n```\n")
    assert (page.runs_here, page.is_quick) == ((), False)


@pytest.mark.parametrize(
    ("mark", "needs", "is_quick"),
    [
        ("with: database", {"database"}, True),
        ("with: registry", {"registry"}, False),
        ("on: cluster", {"cluster"}, False),
        ("on: new cluster", {"cluster"}, False),
        ("takes: minutes", {"minutes"}, False),
    ],
)
def test_a_mark_decides_who_runs_the_page(mark: str, needs: set[str], *, is_quick: bool) -> None:
    page = read_page("a.md", f"<!-- {mark} -->\n```sh\ntrue\n```\n")
    assert (set(page.needs), page.is_quick) == (needs, is_quick)


def test_what_is_checked_ends_with_the_last_answer() -> None:
    told = "```console\n$ true\n```\n"
    silent = "```sh\ntrue\n```\n"
    page = read_page("a.md", f"{silent}{told}{silent}<!-- run by: x -->\n{told}<!-- on: cluster -->\n{silent}")
    assert (len(page.blocks), len(page.checked.blocks), page.is_quick, page.checked.is_quick) == (5, 2, False, True)
    assert read_page("a.md", silent).checked.blocks == ()


def test_who_runs_a_generated_page_runs_what_has_no_mark() -> None:
    page = read_page("a.md", "```sh\ntrue\n```\n<!-- exit: 1 -->\n```sh\nfalse\n```\n", "tests/x.py")
    assert [block.marks.run_by for block in page.blocks] == ["tests/x.py", ""]


def test_an_end_with_a_code_is_that_of_one_command() -> None:
    fine = "<!-- exit: 1 -->\n```sh\n# why\n./inv verify \\\n  --no-cache\n```\n"
    assert read_page("a.md", fine).blocks[0].marks.exit == 1


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("```sh\n\n```\n", 1, "without a command"),
        ("```sh\n$ ./inv verify\n```\n", 2, "of a console block, not of sh"),
        ("```text\n$ ./inv verify\n```\n", 2, "a command in a text block"),
        ("<!-- exit: 1 -->\n\n```sh\ntrue\n```\n", 1, "not right above a command block"),
        ("<!-- exit: 1 -->\n```sql\nSELECT 1;\n```\n", 1, "not right above a command block"),
        ("<!-- exit: 1 -->\n```sh\ntrue\nfalse\n```\n", 2, "of which command?"),
        ("<!-- with: database -->\n```sh\na\n```\n<!-- with: database -->\n```sh\nb\n```\n", 6, "has begun it already"),
        ("```sh\n./inv check\n```\n", 2, "runs the pages"),
        ("```console\n$ true\n$ ./inv test --full\n```\n", 3, "runs the pages"),
        ("```sh\n.venv/bin/python -m tests.docs\n```\n", 2, "runs the pages"),
    ],
)
def test_what_would_pass_unseen_is_refused(text: str, line: int, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_page("a.md", text)
    assert str(caught.value).startswith(f"a.md:{line}: ")
    assert said in str(caught.value)
