"""Digests: what counts and what does not, and Flyway's own number."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.migrations.digests import (
    file_digest,
    first_changed_line,
    flyway_crc32,
    line_digests,
    statements_digest,
)

LINES = st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])), min_size=1, max_size=8)


@given(LINES)
def test_line_ends_do_not_count(lines: list[str]) -> None:
    assert file_digest("\n".join(lines)) == file_digest("\r\n".join(lines))
    assert flyway_crc32("\n".join(lines)) == flyway_crc32("\r\n".join(lines)) == flyway_crc32("\r".join(lines))


@given(LINES, st.integers(0, 7), st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])))
def test_the_first_changed_line_is_named(lines: list[str], at: int, text: str) -> None:
    at %= len(lines)
    changed = [*lines[:at], f"{text}!{lines[at]}", *lines[at + 1 :]]
    assert first_changed_line(line_digests("\n".join(lines)), "\n".join(changed)) == at + 1


def test_lines_that_are_gone_are_missed_at_the_end() -> None:
    assert first_changed_line(line_digests("a\nb\nc"), "a\nb") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("SELECT 1;\n", zlib.crc32(b"SELECT 1;")),
        ("SELECT\n 8;\n", zlib.crc32(b"SELECT 8;") - 2**32),  # 2,147,483,648 and more are negative, as in Java
    ],
)
def test_flyways_checksum_is_a_signed_crc_of_lines_without_ends(text: str, expected: int) -> None:
    assert flyway_crc32(text) == expected


def test_no_two_lists_of_statements_look_alike() -> None:
    assert statements_digest(["ab", "c"]) != statements_digest(["a", "bc"])
