"""A story is told from top to bottom in a copy; drift, a wrong end and a mark that hides nothing are found by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.conftest import Story

FENCE = "```"


def page(*blocks: str) -> str:
    return "# A page\n\n" + "\n".join(blocks)


def sh(*lines: str) -> str:
    return "\n".join([f"{FENCE}sh", *lines, f"{FENCE}\n"])


def console(*lines: str) -> str:
    return "\n".join([f"{FENCE}console", *lines, f"{FENCE}\n"])


def test_what_an_earlier_block_changed_is_there_for_a_later_one(story: Story) -> None:
    text = page(
        sh("echo three >>notes.txt", "export WHO=you", "mkdir -p deep/er", "cd deep/er"),
        console("$ pwd", "~/devkit/deep/er", "$ tail -n 1 ../../notes.txt; echo $WHO", "three", "you"),
    )
    outcome = story(text)
    assert (outcome.is_right, outcome.text, outcome.difference) == (True, text, ""), outcome


def test_every_page_has_a_copy_of_its_own_with_one_commit_on_main(story: Story) -> None:
    assert story(page(sh("rm notes.txt"))).is_right
    log = console(
        "$ git log --format='%an: %s'", "you: The repository as it is", "$ git branch", "* main", "$ git status --short"
    )
    assert story(page(log, sh("test -f notes.txt", "test -x .venv/bin/python"))).is_right


def test_drift_is_found_and_only_the_wrong_lines_are_written_anew(story: Story) -> None:
    told = page(
        "Prose before.", console("$ cat notes.txt; echo took 1 s", "one", "tow", "took 9 s"), "Prose behind.",
        console("$ seq 4", "1", "…", "$ echo fine", "good"),
    )  # fmt: skip
    outcome = story(told)
    assert (outcome.is_right, outcome.faults, outcome.drifted) == (False, (), (5, 16))
    assert outcome.text == told.replace("tow", "two").replace("good", "fine")
    for line in ("-tow\n", "+two\n", "--- page.md\n", "@@ -4,7 +4,7 @@"):
        assert line in outcome.difference
    assert story(outcome.text).is_right


def test_lines_that_come_or_go_move_the_blocks_behind_them(story: Story) -> None:
    told = page(
        console("$ cat notes.txt", "$ seq 2", "1", "9", "9", "2"),
        "  " + console("$ echo x", "  y").replace("\n", "\n  "),
    )
    outcome = story(told)
    assert outcome.text == page(
        console("$ cat notes.txt", "one", "two", "$ seq 2", "1", "2"),
        "  " + console("$ echo x", "x").replace("\n", "\n  "),
    )
    assert story(outcome.text).is_right


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (page(sh("true", "false", "true")), 4, "`true` ended with 1, and should with 0"),
        (page(console("$ true", "$ exit 7")), 5, "`exit 7` ended with 7, and should with 0"),
        (page(console("$ false", "$ echo on", "on")), 4, "`false` ended with 1"),
        (page("<!-- exit: 1 -->", sh("true")), 5, "`true` ended with 0, and should with 1"),
        (page("<!-- exit: 1 -->", sh("nobody-has-this")), 5, "ended with 127, and should with 1"),
        (page("<!-- types: y -->", sh("echo fine")), 5, "did not ask for 'y'"),
        (page("<!-- given: false -->", sh("true")), 4, "given: ended with 1"),
        (page("<!-- given: true -->", sh("true")), 4, "given: changed no file, no variable and no folder"),
        (page("<!-- given: cat notes.txt -->", sh("true")), 4, "given: changed no file"),
    ],
)
def test_a_wrong_end_and_a_mark_that_hides_nothing_are_found(story: Story, text: str, line: int, said: str) -> None:
    outcome = story(text)
    assert not outcome.is_right
    (fault,) = outcome.faults
    assert fault.startswith(f"page.md:{line}: "), fault
    assert said in fault


def test_what_follows_a_wrong_end_is_not_run(story: Story, tmp_path: Path) -> None:
    outcome = story(page(sh("false"), sh(f"touch {tmp_path}/ran")))
    assert (len(outcome.faults), (tmp_path / "ran").exists()) == (1, False)


@pytest.mark.parametrize(
    "given",
    ["echo more >>notes.txt", "touch new", "chmod +x notes.txt", "export A=b", "cd ..", "git tag v1", "touch ~/x"],
)
def test_what_is_given_is_there_and_changes_something(story: Story, given: str) -> None:
    assert story(page(f"<!-- given: {given} -->", sh("true"))).is_right


def test_the_code_that_is_asked_for_is_that_of_the_last_command(story: Story) -> None:
    assert story(
        page("<!-- exit: 3 -->", console("$ echo a", "a", "$ (exit 3)"), "<!-- exit: 1 -->", sh("false"))
    ).is_right


def test_answers_are_typed_where_the_program_asks(story: Story) -> None:
    ask = console("$ printf 'sure? '; read a; echo $a", "sure? yes", "yes")
    assert story(page("<!-- types: yes -->", ask)).is_right


def test_no_block_reaches_a_network_a_cluster_or_docker(story: Story) -> None:
    seen = console(
        "$ echo ${KUBECONFIG-none} ${DEVKIT_DSN-none} $HTTPS_PROXY", "none none http://127.0.0.1:9", "$ echo ~", "~"
    )
    assert story(page(seen)).is_right


def test_blocks_that_somebody_else_runs_are_left_alone(story: Story) -> None:
    text = page("<!-- run by: x -->", sh("false"), "<!-- not run: Mac -- why -->", console("$ false"), sh("true"))
    assert story(text).is_right
