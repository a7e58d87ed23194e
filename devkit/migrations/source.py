"""A text with line numbers: offsets in characters to line and column, and back to the line itself."""

from __future__ import annotations

import bisect
import dataclasses
import functools

from devkit.finding import Place


@dataclasses.dataclass(frozen=True)
class Source:
    """A file's text under the name that findings show."""

    file: str
    text: str

    @functools.cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def place(self, start: int, end: int | None = None) -> Place:
        """The place of the characters from `start` up to `end`; one character when `end` is not given."""
        start = min(max(start, 0), len(self.text))
        end = min(max(start + 1 if end is None else end, start), len(self.text))
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Place(self.file, line, column, end_line, end_column)

    def offset_in_bytes(self, line: int, bytes_before: int) -> int:
        """The offset of the character that has so many bytes of UTF-8 before it in a line counted from 1."""
        start = self._starts[min(line, len(self._starts)) - 1]
        before = self.text[start:].partition("\n")[0].encode()[:bytes_before]
        return start + len(before.decode("utf-8", "ignore"))

    def line_start(self, line: int) -> int:
        """The offset of the first visible character of a line counted from 1."""
        start = self._starts[min(line, len(self._starts)) - 1]
        length = len(self.text)
        while start < length and self.text[start] in " \t":
            start += 1
        return start

    def line_of(self, offset: int) -> int:
        """The line, counted from 1, that holds `offset`."""
        return self._position(offset)[0]

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
