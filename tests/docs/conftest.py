"""What the stories of a session share: the copy that theirs are made of, and an unpacked embedded server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devkit.postgres.cache import find_cache
from devkit.postgres.install import installed
from devkit.progress import silent
from tests.docs.page import read_page
from tests.docs.repository import make_original, workshop
from tests.docs.story import Outcome, run_page
from tests.need import missing, need
from tests.testbed.tools import build

Story = Callable[[str], Outcome]


@pytest.fixture(scope="session")
def server(cache: Path) -> Path:
    """The embedded server that pages' caches lead to."""
    return installed(find_cache({"DEVKIT_CACHE": str(cache)}), silent)


@pytest.fixture
def programs() -> dict[str, Path]:
    """The bed's programs; ./inv test builds them."""
    found = build.programs()
    if found is None:
        missing("the test bed is not built: python -m tests.testbed.tools.build (it needs Go)")
    return found


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for copies, which git makes."""
    need("git")
    with workshop() as folder:
        yield folder


@pytest.fixture
def small(folder: Path) -> Path:
    """The original of a repository with three files: a story in it takes milliseconds."""
    root = folder / "small"
    root.mkdir()
    (root / ".gitignore").write_text(".venv*\n")
    (root / "notes.txt").write_text("one\ntwo\n")
    (root / "page.md").write_text("# A page\n")
    return make_original(folder / "original", root)


@pytest.fixture
def story(folder: Path, small: Path) -> Story:
    """Runs a page of the small repository by its text."""
    count = iter(range(100))
    empty = folder / "cache/postgres-none"
    empty.mkdir(parents=True)

    def run(text: str) -> Outcome:
        return run_page(read_page("page.md", text), folder / f"page-{next(count)}", small, empty, threading.Event())

    return run
