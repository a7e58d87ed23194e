"""A schema, or how two differ, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from devkit.json_schema import schema_of
from devkit.report.text import Piece
from devkit.schema.snapshot import Difference, Entry, Snapshot
from devkit.schema.text import fingerprint
from devkit.words import plural


class JsonSchema(msgspec.Struct, frozen=True):
    """The contract of `--format json` of schema. A reader checks `version` first.

    `fingerprint` is the SHA-256 of the schema. With --diff, `compared` is what was named and `differences` what it has
    otherwise; without it they are null, and `entries` hold the schema.
    """

    version: Literal[1]
    command: str
    fingerprint: str
    entries: tuple[Entry, ...] | None
    compared: str | None
    differences: tuple[Difference, ...] | None


def schema_json(schema: Snapshot, compared: str | None = None, differences: tuple[Difference, ...] = ()) -> bytes:
    """The report, indented, with a newline at its end."""
    is_diff = compared is not None
    report = JsonSchema(
        1,
        "schema",
        fingerprint(schema),
        None if is_diff else schema,
        compared,
        differences if is_diff else None,
    )
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def schema_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/schema.schema.json."""
    return schema_of(JsonSchema)


def difference_text(differences: tuple[Difference, ...], compared: str) -> Iterator[Piece]:
    """Each object with what the migrations make and what is there, and the place that makes it."""
    for each in differences:
        yield f"{each.object}", "bold"
        yield f"  {each.place.file}:{each.place.line}\n" if each.place else "\n", "dim"
        yield from _side("-", each.found, f"not in {compared}", "red")
        yield from _side("+", each.expected, "no migration makes it", "green")
    if differences:
        yield f"✘ {plural(len(differences), 'object')} in {compared} otherwise than the migrations make\n", "bold red"
    else:
        yield f"✔ {compared} is what the migrations make\n", "bold green"


def _side(sign: str, text: str | None, absent: str, style: str) -> Iterator[Piece]:
    for line in (text or "(as its name says)").split("\n") if text is not None else [f"({absent})"]:
        yield f"  {sign} {line}\n", style
