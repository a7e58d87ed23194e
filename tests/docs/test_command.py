"""`python -m tests.docs` shows what drifted as diff -u does, says where and how to mend it, and mends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import Result
from tests.docs.repository import make_copy, make_original

WRONG = "# Versions\n```console\n$ ./inv --version\ninv 0.0.1\n```\n"


@pytest.fixture
def repository(folder: Path) -> Path:
    """A repository with one page alone, which is wrong."""
    copy = make_copy(make_original(folder / "original"), folder / "copy")
    for page in copy.rglob("*.md"):
        page.unlink()
    (copy / "docs/wrong.md").write_text(WRONG)
    return copy


def docs(repository: Path, cache: Path, *words: str) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "tests.docs", *words],
        cwd=repository, env={**os.environ, "PYTHONPATH": str(repository), "DEVKIT_CACHE": str(cache)},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.mark.full
def test_drift_is_shown_and_written(repository: Path, cache: Path) -> None:
    done = docs(repository, cache, "--quick")
    assert (done.code, done.out) == (1, "")
    for line in ("--- docs/wrong.md\n", "-inv 0.0.1\n", "+inv 0.1.0\n", "docs/wrong.md:3: shows what is not so\n"):
        assert line in done.err
    assert ".venv/bin/python -m tests.docs --write docs/wrong.md" in done.err
    assert (repository / "docs/wrong.md").read_text() == WRONG

    written = docs(repository, cache, "--write", "docs/wrong.md")
    assert (written.code, "docs/wrong.md:3: written anew" in written.err) == (0, True), written
    assert (repository / "docs/wrong.md").read_text() == WRONG.replace("0.0.1", "0.1.0")

    right = docs(repository, cache, "--quick")
    assert right.code == 0
    assert right.err.startswith("docs: 1 page is as it says (")
    assert "; 1 block run by its page, 0 by a test, 0 not" in right.err


@pytest.mark.full
def test_a_wrong_end_is_not_written_over(repository: Path, cache: Path) -> None:
    (repository / "docs/wrong.md").write_text("```console\n$ ./inv verify --explain nothing\nfine\n```\n")
    before = (repository / "docs/wrong.md").read_text()
    done = docs(repository, cache, "--write")
    assert (done.code, (repository / "docs/wrong.md").read_text()) == (1, before)
    assert "docs/wrong.md:2: `./inv verify --explain nothing` ended with 2, and should with 0" in done.err


@pytest.mark.full
def test_what_is_not_in_the_format_is_not_run(repository: Path, cache: Path) -> None:
    (repository / "docs/wrong.md").write_text("```bash\ntouch ran\n```\n")
    done = docs(repository, cache)
    assert (done.code, done.err) == (2, "docs/wrong.md:1: commands are run by sh: write ```sh, not ```bash\n")
    assert docs(repository, cache, "docs/nobody.md").code == 2
