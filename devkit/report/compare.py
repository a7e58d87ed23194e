"""The differences of two reports, for people and for programs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from devkit.compare.difference import MAY_DIFFER, Difference, Group
from devkit.compare.report import Report
from devkit.json_schema import schema_of
from devkit.report.text import IDENTITY_DIGITS, Piece
from devkit.words import plural

_WIDEST = 56  # of a column; a value is cut to it where it still tells itself from its like
_DIGEST = re.compile(r"\b((?:sha256:)?[0-9a-f]{12})[0-9a-f]{52}\b")  # twelve digits tell
_ABSENT = "—"
_EMPTY = '""'


class JsonDifference(msgspec.Struct, frozen=True):
    """One difference; null where one of the two does not have it. `counts`: the stacks are not the same by it."""

    group: Group
    what: str
    there: str | None
    here: str | None
    counts: bool


class JsonSide(msgspec.Struct, frozen=True):
    """One of the two: where its report came from (a file; null for a run of verify), and its identity."""

    file: str | None
    identity: str


class JsonCompare(msgspec.Struct, frozen=True):
    """The contract of `--format json` of compare. A reader checks `version` first."""

    version: Literal[1]
    command: str
    same: bool
    there: JsonSide
    here: JsonSide
    differences: tuple[JsonDifference, ...]


def is_same(differences: Sequence[Difference]) -> bool:
    """Whether the stacks are the same: only what may differ does."""
    return not any(each.counts for each in differences)


def compare_json(
    there: Report, here: Report, differences: Sequence[Difference], there_file: str, here_file: str | None
) -> bytes:
    """The report, indented, with a newline at its end."""
    rows = tuple(JsonDifference(each.group, each.what, each.there, each.here, each.counts) for each in differences)
    sides = JsonSide(there_file, _identity(there)), JsonSide(here_file, _identity(here))
    report = JsonCompare(1, "compare", is_same(differences), *sides, rows)
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def compare_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/compare.schema.json."""
    return schema_of(JsonCompare)


def compare_text(
    there: Report, here: Report, differences: Sequence[Difference], there_shown: str, here_shown: str
) -> Iterator[Piece]:
    """A table with a line for each difference, and whether the stacks are the same."""
    rows = [(each, f"  {_plain(each.what)}", *_shown(each)) for each in differences]
    if rows:
        head = ("", _plain(there_shown), _plain(here_shown))
        texts = [head, *((what, old, new) for _, what, old, new in rows)]
        widths = [max(len(row[at]) for row in texts) for at in (0, 1)]
        yield _line(*head, widths), "dim"
        for group, some in itertools.groupby(rows, key=lambda row: row[0].group):
            yield f"{group}{' (may differ)' if group in MAY_DIFFER else ''}\n", "bold"
            for each, what, old, new in some:
                yield _line(what, old, new, widths), "" if each.counts else "dim"
    ours, theirs = (_identity(each)[:IDENTITY_DIGITS] for each in (here, there))
    counted = sum(each.counts for each in differences)
    if any(each.group is Group.REPORT for each in differences):
        yield "✘ one of them was edited: its identity is not that of what is in it\n", "bold red"
    elif counted:
        which = f"identity {theirs} in {_plain(there_shown)}, {ours} in {_plain(here_shown)}"
        yield f"✘ not the same stack, by {plural(counted, 'difference')}: {which}\n", "bold red"
    else:
        yield f"✔ the same stack: identity {ours}\n", "bold green"


def _identity(report: Report) -> str:
    return report.stack.digest  # what is written in a file may have been edited


def _line(what: str, there: str, here: str, widths: Sequence[int]) -> str:
    return f"{what:{widths[0]}}  {there:{widths[1]}}  {here}".rstrip() + "\n"


def _shown(each: Difference) -> tuple[str, str]:
    """Both values, short enough for a column, and still not alike."""
    old, new = (None if value is None else _plain(value) or _EMPTY for value in (each.there, each.here))
    if old is None or new is None:
        return _cut(old) if old else _ABSENT, _cut(new) if new else _ABSENT
    short = _cut(old), _cut(new)
    if short[0] != short[1]:
        return short
    at = next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
    start = max(0, at - _WIDEST // 2)
    return _cut(f"…{old[start:]}"), _cut(f"…{new[start:]}")


def _cut(text: str) -> str:
    text = _DIGEST.sub(r"\1", text)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _plain(text: str) -> str:
    """A text from a file of somebody else, with nothing in it that a terminal would obey."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
