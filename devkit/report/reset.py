"""A reset for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from devkit.cluster.readiness.values import Readiness
from devkit.json_schema import schema_of
from devkit.report.contract import JsonFinding, JsonReport, flat, verdict_report
from devkit.report.history import JsonHistory, history_report, outcome_text
from devkit.report.stack import stack_text
from devkit.report.text import LineReader, Piece, finding_text, to_text
from devkit.reset.outcome import Reset
from devkit.reset.phases import Phase
from devkit.stack.outcome import Identity, Stack


class JsonReset(msgspec.Struct, frozen=True):
    """The contract of `--format json` of reset. A reader checks `version` first.

    `refused` is what is wrong with the migrations, for which nothing was deleted; then `cluster` is null. `migrated`,
    `seeded` and `verified` are null where the reset did not get that far; all is well when the last of them is there
    without an error.
    """

    version: Literal[1]
    command: str
    refused: tuple[JsonFinding, ...]
    cluster: Identity | None
    phases: tuple[Phase, ...]
    services: tuple[Readiness, ...]
    migrated: JsonHistory | None
    seeded: tuple[str, ...] | None
    seed_refused: JsonFinding | None
    verified: JsonReport | None


def reset_json(reset: Reset) -> bytes:
    """The report, indented, with a newline at its end."""
    stack, seeded = reset.stack, reset.seeded
    report = JsonReset(
        1, "reset", tuple(map(flat, reset.refused)),
        stack.identity if stack is not None else None,
        reset.phases,
        stack.services if stack is not None else (),
        history_report("reset", reset.migrated) if reset.migrated is not None else None,
        seeded.files if seeded is not None else None,
        flat(seeded.refused) if seeded is not None and seeded.refused is not None else None,
        verdict_report("reset", reset.verdict) if reset.verdict is not None else None,
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def reset_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/reset.schema.json."""
    return schema_of(JsonReset)


def reset_text(reset: Reset, read_line: LineReader) -> Iterator[Piece]:
    """What stopped it, or the verdict; then the phases with their seconds."""
    if reset.verdict is not None:
        yield from to_text(reset.verdict, read_line)
    elif reset.seeded is not None and reset.seeded.refused is not None:
        yield from finding_text([reset.seeded.refused], read_line)
    elif reset.migrated is not None:
        yield from outcome_text(reset.migrated, read_line)
    elif reset.stack is not None:
        yield from stack_text(reset.stack, read_line)
    else:
        yield from finding_text(reset.refused, read_line)
        yield "✘ ", "bold red"
        yield "nothing was deleted: the migrations would not be applied afterwards\n", "bold"
        return
    yield from _phases(reset.phases)
    yield from _sum(reset, reset.stack)


def _phases(phases: tuple[Phase, ...]) -> Iterator[Piece]:
    yield "\nphases\n", "bold"
    width = max((len(each.name) for each in phases), default=0)
    for each in phases:
        yield f"  {each.name:{width}}  {each.seconds:5.1f} s\n", ""


def _sum(reset: Reset, stack: Stack | None) -> Iterator[Piece]:
    total = sum(each.seconds for each in reset.phases)
    where = f"{stack.identity.namespace} in {stack.identity.context}" if stack is not None else "the stack"
    if reset.exit_code:
        yield "\n✘ ", "bold red"
        yield f"{where} is anew, and not as it should be ({total:.1f} s)\n", "bold"
        yield "  → mend what is said above; ./inv reset begins anew, ./inv status shows what is there\n", "green"
    else:
        yield "\n✔ ", "bold green"
        yield f"{where} is anew and verified ({total:.1f} s)\n", "bold"
