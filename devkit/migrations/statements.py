"""Text to statements with exact spans, through PostgreSQL's own grammar (pglast 7 = PostgreSQL 17)."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator

import pglast
from pglast import ast
from pglast.parser import ParseError
from pglast.parser import split as split_slices

from devkit.finding import Finding, Place, Severity
from devkit.migrations.source import Source

# A tree of a statement this long (a row list) costs gigabytes and nothing in it is a clause we judge.
LARGEST_TREE_CHARACTERS = 256 * 1024
_COPY_STDIN = re.compile(r"\bcopy\b[^;]*?\bfrom\s+stdin\b[^;]*;", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Statement:
    """One statement: its text from the first keyword on, and where that stands in its file."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The statement itself, without the comments before it and the semicolon after it."""
        return self.source.text[self.start : self.end]

    @functools.cached_property
    def node(self) -> ast.Node | None:
        """The parse tree, whose locations count from the statement's start; None for a very long statement."""
        if self.end - self.start > LARGEST_TREE_CHARACTERS:
            return None
        return pglast.parse_sql(self.text)[0].stmt

    def place(self, offset: int = 0, end: int | None = None) -> Place:
        """The place of a stretch counted from the statement's start; the first word when only that is asked."""
        if end is None:
            word = re.compile(r"\w+|\S").match(self.text, offset)
            end = word.end() if word else offset + 1
        return self.source.place(self.start + offset, self.start + end)


def split(source: Source) -> tuple[Statement, ...] | Finding:
    """The statements of `source` in order, or the finding that says where its syntax breaks."""
    try:
        slices = split_slices(source.text, only_slices=True)
    except ParseError as error:
        return _syntax_finding(source, str(error.args[0]), int(error.args[1] or 0))  # an impossible escape has no place
    statements = (
        Statement(source, skip_blank(source.text, part.start), part.stop) for part in slices if isinstance(part, slice)
    )
    return tuple(each for each in statements if each.start < each.end)


def skip_blank(text: str, start: int) -> int:
    """The offset of the first character at or after `start` that is neither blank nor in a comment."""
    length = len(text)
    while start < length:
        if text[start].isspace():
            start += 1
        elif text.startswith("--", start):
            end = text.find("\n", start)
            start = length if end < 0 else end + 1
        elif text.startswith("/*", start):
            start = _comment_end(text, start)
        else:
            break
    return start


def _comment_end(text: str, start: int) -> int:
    """Block comments nest in PostgreSQL (scan.l, state xc)."""
    depth = 0
    for mark in re.finditer(r"/\*|\*/", text[start:]):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return start + mark.end()
    return len(text)


def comments_before(source: Source) -> Iterator[str]:
    """The `--` comment lines at the head of a file, without their dashes: where its options stand."""
    for line in source.text.splitlines():
        stripped = line.strip()
        if stripped.startswith("--"):
            yield stripped[2:].strip()
        elif stripped:
            return


def _syntax_finding(source: Source, message: str, offset: int) -> Finding:
    text = source.text
    copied = next((match for match in _COPY_STDIN.finditer(text) if match.end() <= offset), None)
    if copied:
        return copy_from_stdin(source.place(copied.start(), copied.end()))
    if text[offset : offset + 1] == "\\" or text[text.rfind("\n", 0, offset) + 1 :].lstrip().startswith("\\"):
        start = text.rfind("\\", 0, offset + 1)
        command = re.match(r"\\\S*", text[start:])
        word = command[0] if command else "\\"
        return Finding(
            "psql-command",
            Severity.ERROR,
            f"{word} is a command of psql, not SQL: no other client can run it",
            "write it in SQL; rows that \\copy would load belong into infra/seed or INSERT",
            source.place(start, start + len(word)),
        )
    return Finding(
        "syntax-error",
        Severity.ERROR,
        f"{message}: nothing of this file can run",
        "mend the statement; the grammar is PostgreSQL 17's",
        _word(source, offset),
        "42601",
    )


def _word(source: Source, offset: int) -> Place:
    word = re.compile(r"\w+|\S").match(source.text, offset)
    return source.place(offset, word.end() if word else None)


def copy_from_stdin(place: Place) -> Finding:
    """COPY … FROM STDIN reads the rows from the client's stream, which a migration file is not."""
    return Finding(
        "copy-from-stdin",
        Severity.ERROR,
        "COPY … FROM STDIN waits for rows that only psql would send from this file",
        "write the rows as INSERT, or load them from infra/seed",
        place,
    )
