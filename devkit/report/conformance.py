"""The parity of an engine with recorded verdicts, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from devkit.conformance.parity import Group, Mismatch, Parity
from devkit.json_schema import schema_of
from devkit.postgres.fresh import Engine
from devkit.report.text import Piece


class JsonEngine(msgspec.Struct, frozen=True):
    """Who answered."""

    name: str
    postgres: str
    citus: str | None


class JsonConformance(msgspec.Struct, frozen=True):
    """The contract of `--format json` of conformance. A reader checks `version` first."""

    version: Literal[1]
    command: str
    engine: JsonEngine
    varied: bool
    groups: tuple[Group, ...]
    refused: Group
    total: Group
    mismatches: tuple[Mismatch, ...]


def conformance_json(parity: Parity, engine: Engine, *, varied: bool) -> bytes:
    """The report, indented, with a newline at its end."""
    report = JsonConformance(
        1,
        "conformance",
        JsonEngine(engine.name, engine.postgres, engine.citus),
        varied,
        parity.groups,
        parity.refused,
        parity.total,
        parity.mismatches,
    )
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def conformance_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/conformance.schema.json."""
    return schema_of(JsonConformance)


def conformance_text(parity: Parity, engine: Engine) -> Iterator[Piece]:
    """Parity by group, then each mismatch, the total last."""
    width = max(len(group.name) for group in (*parity.groups, parity.refused))
    for group in (*parity.groups, parity.refused):
        yield f"  {_figures(group, width)}\n", "" if group.right == group.cases else "yellow"
    for each in parity.mismatches:
        yield f"\n{each.case}", "bold"
        yield f" ({each.group}): {each.statement or 'the Citus tables at its end'}\n", ""
        yield f"  expected {each.expected}\n  got      {each.got}\n", ""
    yield "\n", ""
    citus = f", citus {engine.citus}" if engine.citus else ""
    yield f"{_figures(parity.total, width + 2)}", "bold"
    yield f"  engine {engine.name}: PostgreSQL {engine.postgres}{citus}\n", ""


def _figures(group: Group, width: int) -> str:
    return f"{group.name:{width}}  {group.right:>4} of {group.cases:>4}  {group.percent:5.1f} %"
