"""The code that docs/15-INCREMENTAL-VIEW-UPDATES.md shows is the code that runs."""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.checkout import ROOT

PAGE = (ROOT / "docs/15-INCREMENTAL-VIEW-UPDATES.md").read_text()
SOURCES = [path.read_text() for path in sorted((ROOT / "examples/rollups").glob("*.py"))]
BLOCKS = re.findall(r"^```(?:sql|python)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_the_page_is_in_the_example(block: str) -> None:
    whole = [textwrap.dedent(text) for text in SOURCES]
    assert any(f"\n{block}" in text for text in whole)


def test_the_page_shows_code_and_names_files_that_are_there() -> None:
    assert len(BLOCKS) >= 5
    named = set(re.findall(r"`((?:examples|tests|infra|docs)/[\w./-]+)`", PAGE))
    assert {"examples/rollups", "tests/rollups"} <= named
    assert [name for name in named if not (ROOT / name).exists()] == []
