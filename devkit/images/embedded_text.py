"""A manifest that is the text of a block scalar, as ConfigMaps hold them, with the way back to the file."""

from __future__ import annotations

import bisect
import dataclasses

from devkit.images.nodes import Scalar


@dataclasses.dataclass(frozen=True, slots=True)
class Embedded:
    """`text` as the reader of the scalar gets it; its lines begin at `inner` in it and at `starts` in the file."""

    text: str
    inner: tuple[int, ...]
    starts: tuple[int, ...]

    def outer(self, at: int) -> int:
        """The character of the file that is the character `at` of the text."""
        line = bisect.bisect_right(self.inner, at) - 1
        return self.starts[line] + at - self.inner[line]


def embedded(text: str, scalar: Scalar) -> Embedded | None:
    """The text of a literal block scalar (|); None for any other, whose lines the reader folds."""
    if scalar.style != "|":
        return None
    wanted = scalar.value.split("\n")
    at = text.index("\n", scalar.start) + 1
    inner, starts, offset = [], [], 0
    for line in wanted:
        end = text.find("\n", at, scalar.end)
        raw = text[at : scalar.end if end < 0 else end].removesuffix("\r")
        if not raw.endswith(line):
            return None
        inner.append(offset)
        starts.append(at + len(raw) - len(line))
        offset += len(line) + 1
        at = scalar.end if end < 0 else end + 1
    return Embedded(scalar.value, tuple(inner), tuple(starts))
