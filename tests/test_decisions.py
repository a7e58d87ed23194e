"""The records of decisions: short, of one form, all in the index, and what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checkout import ROOT

FOLDER = ROOT / "docs/decisions"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
PARTS = ("Context", "Decision", "What follows")
# What a record names by its path, from the repository's root.
NAMED = re.compile(r"`((?:devkit|tests|infra|\.ci)/[^\s`*]+|(?:requirements|CONTRIBUTING)[\w-]*\.(?:lock|md))`")


def test_the_index_has_every_record_in_its_order() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")
    assert re.findall(r"^\| \[(\d+)\]\((\S+)\)", index, re.MULTILINE) == [
        (str(number), path.name) for number, path in enumerate(RECORDS, 1)
    ]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_is_short_and_says_why_what_and_what_follows(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert tuple(re.findall(r"^\*\*([^*]+)\.\*\*", text, re.MULTILINE)) == PARTS
    assert len(text.splitlines()) <= 25


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_what_a_record_names_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    links = [FOLDER / link for link in re.findall(r"\]\(([^)#:]+)", text)]
    named = [ROOT / name for name in NAMED.findall(text)]
    assert [str(each) for each in (*links, *named) if not each.exists()] == []
