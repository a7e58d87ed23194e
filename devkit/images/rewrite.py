"""A manifest with other digests behind its images, and not one other character changed: proven before it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from devkit.images import nodes
from devkit.images.manifest import ImageUse

# One character in double quotes: an escape with its code or its letter, a line that goes on in the next, or itself.
_IN_DOUBLE_QUOTES = re.compile(
    r"\\(?P<code>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|\\(?:\r\n|[\n\r\x85\u2028\u2029])[ \t]*"
    r"|\\(?P<letter>.)|[^\\]",
    re.DOTALL,
)
_BLANKS = frozenset("tnvfr \tN_LP")  # the letters that stand for one


class NotProvenError(Exception):
    """A text that would say more, or something else, than was meant: it is not written. A mistake of ours."""


class NotWritableError(Exception):
    """A use whose digest cannot be replaced where it stands; its sentence says why."""

    def __init__(self, use: ImageUse, why: str) -> None:
        super().__init__(why)
        self.use = use


def rewrite(text: str, digests: Mapping[ImageUse, str | None]) -> str:
    """`text` (without a byte order mark) with each use of `digests` at that digest, None for none.

    Raises NotWritableError for a use that is blocked, or whose digest is written with escapes, and NotProvenError when
    the new text does not say the same but for those scalars.
    """
    edits = sorted((_edit(text, use, digest) for use, digest in digests.items()), key=lambda edit: edit[0])
    new = _spliced(text, edits)
    if new != text:
        _prove(text, new, digests)
    return new


def digest_edit(use: ImageUse, digest: str | None) -> tuple[str, str]:
    """What stands behind the name of a use, and what will: "" or @sha256:…"""
    _, at, old = use.reference.partition("@")
    return f"{at}{old}", f"@{digest}" if digest else ""


def _edit(text: str, use: ImageUse, digest: str | None) -> tuple[int, int, str]:
    """The stretch to replace and its replacement: all that stands behind the name."""
    if use.blocked:
        raise NotWritableError(use, use.blocked)
    old, new = digest_edit(use, digest)
    end = _name_end(text, use.start, use.end, use.style)
    if not text.endswith(old, use.start, end):
        raise NotWritableError(use, "its digest is written with escapes or over two lines")
    return end - len(old), end, new


def _name_end(text: str, start: int, end: int, style: str) -> int:
    """Behind the last character of the name that `text` has from `start` to `end`, before blanks and quotes."""
    if style in {"'", '"'}:
        end -= 1
    if style != '"' or "\\" not in text[start:end]:
        return start + len(text[start:end].rstrip())
    parts = (part for part in _IN_DOUBLE_QUOTES.finditer(text, start + 1, end) if not _is_blank(part))
    return max((part.end() for part in parts), default=start + 1)


def _is_blank(part: re.Match[str]) -> bool:
    """Whether one character in double quotes says nothing: a line that goes on, or a blank as it is or escaped."""
    if part["code"]:
        return chr(int(part["code"][1:], 16)).isspace()
    return part["letter"] in _BLANKS if part["letter"] else part[0].isspace() or part[0][0] == "\\"


def _spliced(text: str, edits: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    return "".join((*parts, text[at:]))


def _prove(text: str, new: str, digests: Mapping[ImageUse, str | None]) -> None:
    """NotProvenError unless `new` says what `text` says, with exactly the scalars of `digests` changed."""
    try:
        differs = nodes.first_difference(text, new, _values(digests))
    except nodes.NotYamlError as error:
        raise NotProvenError(f"the new text is no YAML: {error}") from error
    if differs is not None:
        raise NotProvenError("the new text says something else than the old one with its digests")


def _values(digests: Mapping[ImageUse, str | None]) -> dict[int, str]:
    """The scalars that change, by event, with the values that they get."""
    values: dict[int, list[tuple[int, int, str]]] = {}
    texts: dict[int, str] = {}
    for use, digest in digests.items():
        old, new = digest_edit(use, digest)
        texts[use.event] = use.value
        begin, end = (0, len(use.value)) if use.within is None else use.within
        end = _name_end(use.value, begin, end, "" if use.within is None else use.style)
        values.setdefault(use.event, []).append((end - len(old), end, new))
    return {event: _spliced(texts[event], sorted(edits)) for event, edits in values.items()}
