"""The snapshot as the text of infra/schema.lock, and back.

A line an object, its parts indented below it; the further lines of a text go on below a margin.
"""

from __future__ import annotations

import hashlib
import re

from devkit.errors import DevkitError
from devkit.schema.snapshot import Entry, Snapshot

_HEAD = "# What the migrations make. ./inv verify compares it; ./inv schema --write writes it anew.\n"
_MARGIN = "    |"
_LINE = re.compile(r"(?P<indent>  )?(?P<name>(?:[^:]|:(?! |$))+):(?: (?P<text>.*))?")
_COLUMN = re.compile(r"column (\d+) (.*)", re.DOTALL)
_ESCAPED = {"\\": "\\\\", "\n": "\\n", ": ": ":\\ "}
_TO_ESCAPE, _UNESCAPE = re.compile(r"\\|\n|: "), re.compile(r"\\[\\n]|:\\ ")


def to_text(snapshot: Snapshot) -> str:
    """The text of `snapshot`; equal exactly when the snapshots are."""
    return _HEAD + "".join(map(_lines, snapshot))


def from_text(text: str, shown: str) -> Snapshot:
    """The snapshot that `text` is of; DevkitError, which names `shown` and the line, when it is no such text."""
    entries: list[Entry] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        entry = _entry(line, entries)
        if entry is None:
            raise DevkitError(f"{shown}:{number} is no line of a schema", "write it anew: ./inv schema --write")
        entries.append(entry)
    return tuple(entries)


def is_lock(text: str) -> bool:
    """Whether a text is, or was, a lock: also one that a merge or an editor has damaged."""
    return _HEAD in text or not text.strip()


def fingerprint(snapshot: Snapshot) -> str:
    """The SHA-256 of the schema, in hexadecimal."""
    return hashlib.sha256("".join(map(_lines, snapshot)).encode()).hexdigest()


def _lines(entry: Entry) -> str:
    kind, _, name = entry.part.partition(" ")
    shown = f"  {kind} {entry.number} {name}" if entry.number else f"  {entry.part}" if entry.part else entry.object
    first, *more = entry.text.split("\n")
    head = f"{_TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], shown)}:{f' {first}' if first else ''}\n"
    return head + "".join(f"{_MARGIN}{f' {line}' if line else ''}\n" for line in more)


def _entry(line: str, before: list[Entry]) -> Entry | None:
    """The entry that `line` begins, or the last one of `before`, taken from there, with one more line."""
    if line.startswith(_MARGIN) and before:
        last = before.pop()
        return Entry(
            last.object, last.part, last.number, f"{last.text}\n{line.removeprefix(_MARGIN).removeprefix(' ')}"
        )
    found = _LINE.fullmatch(line)
    if found is None or (found["indent"] and not before):
        return None
    name = _UNESCAPE.sub(lambda escape: next(k for k, v in _ESCAPED.items() if v == escape[0]), found["name"])
    if not found["indent"]:
        return Entry(name, "", 0, found["text"] or "")
    numbered = _COLUMN.fullmatch(name)
    part, number = (f"column {numbered[2]}", int(numbered[1])) if numbered else (name, 0)
    return Entry(before[-1].object, part, number, found["text"] or "")
