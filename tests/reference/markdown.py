"""Text as Markdown, in a paragraph or in the cell of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"(`[^`]*`)")
_ESCAPED = str.maketrans({"<": "&lt;", ">": "&gt;", "*": r"\*"})
_BAR = r"\|"


def prose(text: str) -> str:
    """Text that was written for a terminal: outside of `code`, what Markdown would take for its own is escaped."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(part if part.startswith("`") else part.translate(_ESCAPED) for part in parts)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; a bar in a cell is escaped."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([cell.replace("|", _BAR) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
