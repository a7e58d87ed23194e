"""Every command block of every page is run here, by a test that it names, or marked with why nobody can."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from devkit.rules.rule import example
from devkit.rules.rules import EVERY_RULE
from tests.checkout import ROOT
from tests.docs.page import Page
from tests.docs.pages import GENERATED, LIMIT_PERCENT, count, page_files, read_pages
from tests.docs.repository import make_original
from tests.docs.story import run_page
from tests.need import need

PAGES, ERRORS = read_pages(page_files())
STORIES = [pytest.param(page, id=page.name) for page in PAGES if page.runs_here]


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as it is, for all pages of this worker."""
    need("git")
    return make_original(tmp_path_factory.mktemp("original") / "devkit")


def test_every_page_is_written_in_the_format() -> None:
    assert ERRORS == []


@pytest.mark.full  # every day ./inv check runs those that show what commands answer
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("page", STORIES)
def test_a_page_is_as_it_says(page: Page, folder: Path, original: Path, server: Path) -> None:
    outcome = run_page(page, folder / "page", original, server, threading.Event())
    assert outcome.is_right, "\n".join([outcome.difference, *outcome.faults])


def test_few_blocks_are_run_by_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    found = count(PAGES)
    with capsys.disabled():
        sys.stdout.write(f"\n{found}\n")
    assert found.by_story > found.by_test > 0
    assert 0 < found.percent <= LIMIT_PERCENT, found


def test_the_limit_is_held_to_what_is_not_run() -> None:
    from tests.docs.page import read_page

    block = "```sh\ntrue\n```\n"
    page = read_page("a.md", f"{block * 3}<!-- run by: x -->\n{block}<!-- not run: Mac -- why -->\n{block}")
    found = count([page])
    assert (found.by_story, found.by_test, found.not_run, found.percent) == (3, 1, 1, 20.0)


@pytest.mark.parametrize(
    ("path", "said"),
    [("tests/nobody.py", "there is no file"), ("tests/docs/fences.py", "does not name this page")],
)
def test_who_is_said_to_run_a_block_has_to_know_the_page(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "tests/docs").mkdir(parents=True)
    (tmp_path / "tests/docs/fences.py").write_text("nothing about it")
    (tmp_path / "page.md").write_text(f"<!-- run by: {path} -->\n```sh\ntrue\n```\n")
    pages, errors = read_pages(["page.md"], tmp_path)
    assert [page.name for page in pages] == ["page.md"]
    (error,) = errors
    assert error.startswith("page.md:2: run by: ")
    assert said in error


def test_pages_with_errors_are_told_together(tmp_path: Path) -> None:
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text("```bash\ntrue\n```\n")
    pages, errors = read_pages(["one.md", "two.md"], tmp_path)
    assert (pages, [error.partition(": ")[0] for error in errors]) == ([], ["one.md:1", "two.md:1"])


def test_every_block_of_the_rules_is_an_example_that_is_run() -> None:
    """tests/devkit/rules/test_examples.py runs them all."""
    ((name, runner),) = GENERATED.items()
    (page,), errors = read_pages([name])
    assert (errors, (ROOT / runner).is_file()) == ([], True)
    known = {example(text) for rule in EVERY_RULE for text in (*rule.bad, *rule.good)}
    assert page.blocks
    assert all("\n".join([*block.fence.body, ""]) in known for block in page.blocks)
