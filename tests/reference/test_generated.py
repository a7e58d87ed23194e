"""docs/reference/ is what the code makes; `./inv check` and these tests ask the same question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reference import generated
from tests.reference.__main__ import main
from tests.reference.generated import FOLDER, REPAIR, made, shown, stale, strays


def test_the_reference_is_current() -> None:
    assert [shown(file) for file in stale()] == [], f"write it anew: {REPAIR}"


def test_nothing_else_lies_in_its_folder() -> None:
    assert [shown(file) for file in strays()] == []


def test_its_index_names_every_file() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")
    assert [file.name for file in made() if f"]({file.name})" not in index] == []


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in a place of its own, as it should be."""
    folder = tmp_path / "docs/reference"
    folder.mkdir(parents=True)
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    monkeypatch.setattr(generated, "FOLDER", folder)
    assert main([]) == 0
    return folder


def test_check_is_content_with_what_was_just_written(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["--check"]) == 0
    assert capsys.readouterr().err == ""
    assert len(list(copied.iterdir())) == len(made())


def test_check_names_each_file_that_differs_and_the_command(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited, gone, stray = copied / "verbs.md", copied / "config.schema.json", copied / "old.schema.json"
    edited.write_text(edited.read_text("utf-8").replace("--no-cache", "--uncached"))
    gone.unlink()
    stray.write_text("{}\n")
    capsys.readouterr()
    assert main(["--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"docs/reference/verbs.md is out of date: {REPAIR}, then read git diff",
        f"docs/reference/config.schema.json is out of date: {REPAIR}, then read git diff",
        "docs/reference/old.schema.json is written by nobody: git rm docs/reference/old.schema.json",
    ]
    assert main([]) == 1  # what is left over is for a person to take away
    assert capsys.readouterr().err.splitlines()[:2] == [
        "docs/reference/verbs.md: written",
        "docs/reference/config.schema.json: written",
    ]
    stray.unlink()
    assert main(["--check"]) == 0


def test_an_option_that_is_none_changes_nothing(copied: Path) -> None:
    (copied / "rules.md").unlink()
    assert main(["--chek"]) == 2
    assert not (copied / "rules.md").exists()
