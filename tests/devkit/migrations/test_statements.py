"""Statements with exact spans, and the findings of text that is no SQL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.finding import Finding
from devkit.migrations.source import Source
from devkit.migrations.statements import skip_blank, split


def texts(text: str) -> list[str]:
    statements = split(Source("f", text))
    assert not isinstance(statements, Finding)
    return [each.text for each in statements]


def test_semicolons_in_quotes_dollars_and_comments_never_split() -> None:
    text = "SELECT ';' /* ; /* ; */ */ ; -- ;\nSELECT $a$ ; $$ ; $a$;\nSELECT \";\" FROM t"
    assert texts(text) == ["SELECT ';' /* ; /* ; */ */", "SELECT $a$ ; $$ ; $a$", 'SELECT ";" FROM t']


def test_a_statement_starts_at_its_first_word_after_comments() -> None:
    statements = split(Source("f", "-- é why\n/* a /* b */ */\n  SELECT 1;"))
    assert not isinstance(statements, Finding)
    (statement,) = statements
    assert (statement.place().line, statement.place().column) == (3, 3)


def test_a_file_of_comments_has_no_statement() -> None:
    assert texts("-- one\n/* two */\n;;\n") == []


PIECES = st.sampled_from(
    ["SELECT 1;", "SELECT 'é;''x';", "-- c;\n", "/* ; /* é */ */", "SELECT $q$;$q$;", "\n", " ", 'SELECT "ü;";', ";"]
)


@given(st.lists(PIECES, max_size=12))
def test_statements_and_gaps_make_up_the_file(pieces: list[str]) -> None:
    text = "".join(pieces)
    statements = split(Source("f", text))
    assert not isinstance(statements, Finding)
    position = 0
    for each in statements:
        assert set(skipped(text[position : each.start])) <= {";"}
        position = each.end
    assert set(skipped(text[position:])) <= {";"}
    assert len(statements) == sum(piece.startswith("SELECT") for piece in pieces)


def skipped(gap: str) -> str:
    """What is left of a gap without blanks and comments."""
    left, position = "", 0
    while (position := skip_blank(gap, position)) < len(gap):
        left, position = left + gap[position], position + 1
    return left


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("SELECT 'é';\nSELEC 2;", "syntax-error", 2, 1),
        ("SELECT 1;\nSELECT 'abc", "syntax-error", 2, 8),
        ("CREATE TABLE é (x int,);", "syntax-error", 1, 23),
        ("SELECT E'\\x00';", "syntax-error", 1, 1),
        ("SELECT 1;\n  \\copy t FROM 'f'\n", "psql-command", 2, 3),
        ("\\i other.sql\n", "psql-command", 1, 1),
        ("CREATE TABLE t(a int);\nCOPY t FROM STDIN;\n1\n\\.\n", "copy-from-stdin", 2, 1),
        ("COPY t (a) FROM stdin WITH (FORMAT csv);\n1,2\n", "copy-from-stdin", 1, 1),
    ],
)
def test_what_is_no_sql_is_found_at_its_place(text: str, rule: str, line: int, column: int) -> None:
    finding = split(Source("f", text))
    assert isinstance(finding, Finding)
    assert (finding.rule, finding.place.line, finding.place.column) == (rule, line, column)


@given(st.text(max_size=60))
def test_no_text_breaks_the_splitter(text: str) -> None:
    if "\0" in text or any(0xD800 <= ord(c) < 0xE000 for c in text):
        return  # the file set lets no such text through
    split(Source("f", text))


@given(st.text(alphabet="ab\n", max_size=40), st.integers(0, 40))
def test_a_place_leads_back_to_its_offset(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    place = Source("f", text).place(offset)
    lines = text.split("\n")
    assert sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1 == offset
