"""Code without comments and strings keeps every offset, and keeps what EXECUTE runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.finding import Finding
from devkit.migrations.code import code
from devkit.migrations.source import Source
from devkit.migrations.statements import Statement, split

PIECES = st.sampled_from(
    [
        "SELECT 1",
        " -- a comment\n",
        "/* another */",
        " 'text'",
        ' AS "name"',
        ", $$dollars$$",
        ", $a$ more $a$",
        "\n",
        "'",
    ]
)


def statement(text: str) -> Statement:
    found = split(Source("f", text))
    assert not isinstance(found, Finding)
    return found[0]


@given(st.lists(PIECES).map("".join))
def test_offsets_stay_and_nothing_is_made_up(text: str) -> None:
    statements = split(Source("f", text))
    for each in () if isinstance(statements, Finding) else statements:
        for strings in (True, False):
            kept = code(each, strings=strings)
            assert len(kept) == len(each.text)
            assert all(new in {old, " "} for old, new in zip(each.text, kept, strict=True))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("SELECT 'a' -- b\n, \"c\"", f'SELECT {" " * 8}\n, "c"'),
        ("SELECT $x$ pg_sleep(1) $x$", "SELECT " + " " * 19),
        ("DO $$ BEGIN EXECUTE 'COPY'; /* no */ END $$", "DO $$ BEGIN EXECUTE 'COPY';          END $$"),
    ],
)
def test_comments_go_and_strings_go_where_nobody_runs_them(text: str, kept: str) -> None:
    assert code(statement(text)) == kept
