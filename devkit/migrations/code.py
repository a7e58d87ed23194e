"""The code of a statement without what only looks like it: comments, and string literals that nobody runs."""

from __future__ import annotations

import re

from devkit.migrations.nested import has_body
from devkit.migrations.statements import Statement

_COMMENT = r"--[^\n]*|/\*.*?\*/"
_STRING = r"'(?:[^']|'')*'"
_QUOTED = re.compile(rf'{_COMMENT}|{_STRING}|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$', re.DOTALL)
_IN_BODY = re.compile(rf'{_COMMENT}|{_STRING}|"(?:[^"]|"")*"', re.DOTALL)


def code(statement: Statement, *, strings: bool = False) -> str:
    """The statement's text, as long as it was, with blanks for comments and (unless `strings`) for string literals.

    In a body strings are always kept: EXECUTE runs them.
    """
    body = has_body(statement)

    def blank(match: re.Match[str]) -> str:
        found = match[0]
        comment = found.startswith(("--", "/*"))
        return " " * len(found) if comment or not (strings or body or found.startswith('"')) else found

    return (_IN_BODY if body else _QUOTED).sub(blank, statement.text)
