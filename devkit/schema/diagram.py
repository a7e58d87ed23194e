"""The tables of a schema as a Mermaid flowchart: what is stored together, and what refers to what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from devkit.schema.snapshot import Entry, Snapshot

_NAME = r'(?:"(?:[^"]|"")+"|[^\s".(]+)'
_REFERENCES = re.compile(rf"FOREIGN KEY .* REFERENCES ({_NAME}\.{_NAME})\(", re.DOTALL)
_BY = re.compile(rf"distributed by ({_NAME})")
_GROUP = "colocation group of table "


def to_mermaid(snapshot: Snapshot) -> str:
    """A subgraph for each colocation group, one for reference tables, one for the others; an arrow a foreign key.

    Partitions are where their parents are, and are left out.
    """
    tables = {_bare(each): each.text for each in snapshot if each.object.startswith("table ") and not each.part}
    shown = {name: text for name, text in tables.items() if "partition of " not in text}
    ids = {name: f"t{number}" for number, name in enumerate(sorted(shown, key=str.encode), 1)}
    lines = ["flowchart LR"]
    for number, (title, members) in enumerate(_rooms(snapshot, shown), 1):
        lines.append(f'  subgraph g{number}["{_label(title)}"]')
        lines += [f'    {ids[name]}["{_label(name)}{_column(shown[name])}"]' for name in members]
        lines.append("  end")
    lines += sorted(_arrows(snapshot, ids))
    return "\n".join([*lines, ""])


def _rooms(snapshot: Snapshot, shown: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for each in snapshot:
        if each.object.startswith(_GROUP) and each.part:
            grouped[each.object].append(each.part.removeprefix("table "))
    for each in snapshot:
        if each.object.startswith(_GROUP) and not each.part:
            yield f"colocated, {each.text}", [name for name in grouped[each.object] if name in shown]
    reference = [name for name, text in shown.items() if re.search(r"(^|, )reference($|, )", text)]
    together = {name for names in grouped.values() for name in names}
    plain = [name for name in shown if name not in together and name not in reference]
    if reference:
        yield "reference tables, on every node", reference
    if plain:
        yield "not distributed", plain


def _arrows(snapshot: Snapshot, ids: dict[str, str]) -> Iterator[str]:
    for each in snapshot:
        found = _REFERENCES.match(each.text) if each.part.startswith("constraint ") else None
        if found and _bare(each) in ids and found[1] in ids:
            yield f"  {ids[_bare(each)]} --> {ids[found[1]]}"


def _bare(entry: Entry) -> str:
    return entry.object.removeprefix("table ")


def _column(text: str) -> str:
    found = _BY.search(text)
    return f"<br/>by {_label(found[1])}" if found else ""


def _label(text: str) -> str:
    """Text inside Mermaid's quotes."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace("\n", " ")
