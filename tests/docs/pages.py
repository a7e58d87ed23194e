"""All pages of the repository, how many of their blocks run, and whether who is said to run the others knows it."""

from __future__ import annotations

import dataclasses
import fnmatch
import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from tests.checkout import ROOT
from tests.docs.fences import FormatError
from tests.docs.page import Page, read_page

LIMIT_PERCENT = 15
# Pages whose blocks are written out of what a test runs, by that test.
GENERATED = {"docs/reference/rules.md": "tests/devkit/rules/test_examples.py"}


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """Command blocks by who runs them: a story, a test that names them, nobody. Generated pages are not counted."""

    by_story: int
    by_test: int
    not_run: int

    @property
    def percent(self) -> float:
        """How many of a hundred blocks nobody runs."""
        return 100 * self.not_run / max(1, self.by_story + self.by_test + self.not_run)

    def __str__(self) -> str:
        share = f"{self.percent:.1f} % of at most {LIMIT_PERCENT} %"
        run = "1 block run by its page" if self.by_story == 1 else f"{self.by_story} blocks run by their page"
        return f"{run}, {self.by_test} by a test, {self.not_run} not ({share})"


def page_files(root: Path = ROOT) -> tuple[str, ...]:
    """The names of all pages: every *.md that git would take."""
    found: list[str] = []
    out = ignored(root)
    for folder, below, files in os.walk(root):
        below[:] = [name for name in below if not any(fnmatch.fnmatch(name, each) for each in out)]
        found += [Path(folder, name).relative_to(root).as_posix() for name in files if name.endswith(".md")]
    return tuple(sorted(found))


def ignored(root: Path) -> tuple[str, ...]:
    """The names that are no part of the repository: those in .gitignore."""
    return (".git", *(line.rstrip("/") for line in (root / ".gitignore").read_text().splitlines() if line))


def read_pages(names: Iterable[str], root: Path = ROOT) -> tuple[list[Page], list[str]]:
    """The pages of those names as they are now, and what is wrong with the others."""
    pages: list[Page] = []
    errors: list[str] = []
    for name in names:
        try:
            page = read_page(name, (root / name).read_text("utf-8"), GENERATED.get(name, ""))
        except FormatError as error:
            errors.append(str(error))
        else:
            pages.append(page)
            errors += _untrue(page, root) if name not in GENERATED else ()
    return pages, errors


def count(pages: Sequence[Page]) -> Counts:
    """The blocks of `pages`."""
    marks = [block.marks for page in pages if page.name not in GENERATED for block in page.blocks]
    by_story = sum(each.is_run_here for each in marks)
    by_test = sum(bool(each.run_by) for each in marks)
    return Counts(by_story, by_test, len(marks) - by_story - by_test)


def _untrue(page: Page, root: Path) -> Iterable[str]:
    """Blocks whose runner is not there, or does not know the page."""
    for block in page.blocks:
        path = block.marks.run_by
        if path and not (root / path).is_file():
            yield f"{page.name}:{block.fence.line}: run by: there is no file {path}"
        elif path and not _names(page.name, (root / path).read_text("utf-8")):
            yield f"{page.name}:{block.fence.line}: run by: {path} does not name this page"


def _names(page: str, text: str) -> bool:
    """Whether a program's text names the page, in one piece or as folder and file."""
    path = PurePosixPath(page)
    return page in text or (str(path.parent) != "." and str(path.parent) in text and path.name in text)
