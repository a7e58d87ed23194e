"""Characters of a text to lines and columns, as an editor counts them."""

from __future__ import annotations

import bisect

from devkit.finding import Place


class Lines:
    """A text under the name that findings show."""

    def __init__(self, text: str, shown: str) -> None:
        self._shown = shown
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def place(self, start: int, end: int) -> Place:
        """The place of the characters from `start` to `end`."""
        line, end_line = self._line(start), self._line(end)
        column, end_column = start - self._starts[line] + 1, end - self._starts[end_line] + 1
        return Place(self._shown, line + 1, column, end_line + 1, end_column)

    def _line(self, at: int) -> int:
        return bisect.bisect_right(self._starts, at) - 1
