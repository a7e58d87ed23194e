"""A page that was right is not run again, until something changes that it may run or read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.docs.page import read_page
from tests.docs.pages import ignored
from tests.docs.remembered import Remembered
from tests.need import need

PAGE = read_page("docs/a.md", "```console\n$ cat docs/named.md\n```\n")
FILES = (
    "devkit/a.py",
    "docs/a.md",
    "docs/named.md",
    "docs/other.md",
    "infra/V1.sql",
    "tests/test_a.py",
    "tests/docs/b.py",
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in FILES:
        file = tmp_path / "repository" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (tmp_path / "repository/.gitignore").write_text(".venv*\ndist/\n")
    return tmp_path / "repository"


def remembered(repository: Path) -> Remembered:
    for words in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run([need("git"), *words], cwd=repository, check=True)
    return Remembered(repository.parent / "kept", repository)


def test_what_was_right_is_known_and_nothing_else(repository: Path) -> None:
    kept = remembered(repository)
    assert not kept.has(PAGE)
    kept.add(PAGE)
    assert remembered(repository).has(PAGE)
    assert not kept.has(read_page("docs/a.md", PAGE.text.replace("cat", "head")))
    assert not kept.has(read_page("docs/b.md", PAGE.text))


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("devkit/a.py", True),
        ("infra/V1.sql", True),
        ("docs/named.md", True),
        ("tests/docs/b.py", True),
        ("new.txt", True),
        ("docs/other.md", False),
        ("tests/test_a.py", False),
    ],
)
def test_a_change_counts_where_it_could_change_an_answer(repository: Path, name: str, *, matters: bool) -> None:
    remembered(repository).add(PAGE)
    (repository / name).write_text("changed")
    assert remembered(repository).has(PAGE) is not matters


def test_a_page_that_names_the_tests_depends_on_them(repository: Path) -> None:
    page = read_page("docs/a.md", "```sh\n.venv/bin/python -m tests.golden\n```\n")
    remembered(repository).add(page)
    (repository / "tests/test_a.py").write_text("changed")
    assert not remembered(repository).has(page)


def test_what_git_ignores_is_no_part_of_the_repository(repository: Path) -> None:
    assert ignored(repository) == (".git", ".venv*", "dist")
