"""Each mark says what it says; an unknown one, one said twice, an empty one and one of no effect are refused."""

from __future__ import annotations

import pytest

from tests.docs.fences import Comment, FormatError
from tests.docs.marks import Marks, read_marks


def read(*texts: str) -> Marks:
    return read_marks("a.md", [Comment(number, text) for number, text in enumerate(texts, 5)])


def test_without_marks_a_block_is_run_and_ends_with_0() -> None:
    assert read() == Marks()
    assert read().is_run_here


def test_each_mark_is_read() -> None:
    marks = read("exit: 1", "given: touch a\ntouch b", "on: new cluster", "with: database", "with: registry")
    assert marks == Marks(exit=1, given="touch a\ntouch b", on="new cluster", services=("database", "registry"))
    assert read("types: yes", "types: dev infra").types == ("yes", "dev infra")
    assert read("takes: minutes").takes == "minutes"
    named = read("run by: .ci/fresh")
    assert (named.run_by, named.is_run_here) == (".ci/fresh", False)
    left = read("not run: Mac -- there is no Mac in CI -- yet")
    assert (left.not_run, left.why, left.is_run_here) == ("Mac", "there is no Mac in CI -- yet", False)


@pytest.mark.parametrize(
    ("texts", "line", "said"),
    [
        (["exits: 1"], 5, "no mark"),
        (["a remark"], 5, "no mark"),
        (["exit: 0"], 5, "0 is what every block must end with"),
        (["exit: one"], 5, "from 1 to 255"),
        (["exit: 256"], 5, "from 1 to 255"),
        (["exit: 1", "exit: 2"], 6, "said twice"),
        (["given:"], 5, "without a command"),
        (["given: a", "given: b"], 6, "said twice"),
        (["on: Docker"], 5, "one of cluster, new cluster"),
        (["with: redis"], 5, "one of database, registry"),
        (["with: database", "with: database"], 6, "said twice"),
        (["types:"], 5, "one line"),
        (["types: a\nb"], 5, "one line"),
        (["takes: seconds"], 5, "minutes is all"),
        (["run by:"], 5, "without the path"),
        (["not run: Docker"], 5, "then -- and why"),
        (["not run: laziness -- no time"], 5, "one of Docker, Mac, network"),
        (["not run: Docker --"], 5, "then -- and why"),
        (["run by: a", "exit: 1"], 5, "no other mark has any effect"),
        (["given: a", "not run: Mac -- why"], 5, "no other mark has any effect"),
        (["run by: a", "not run: Mac -- why"], 5, "no other mark has any effect"),
    ],
)
def test_what_changes_nothing_is_refused(texts: list[str], line: int, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(*texts)
    assert str(caught.value).startswith(f"a.md:{line}: ")
    assert said in str(caught.value)
