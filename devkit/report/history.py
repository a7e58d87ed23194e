"""A database's history for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from devkit.json_schema import schema_of
from devkit.migrate.outcome import Outcome, Planned, Server
from devkit.migrations.applied import OWN, Applied
from devkit.migrations.history import Entry, State
from devkit.report.contract import JsonFinding, flat
from devkit.report.text import LineReader, Piece, finding_text
from devkit.schema.snapshot import Difference
from devkit.words import plural

_STYLES = {
    State.APPLIED: "green", State.BASELINE: "green", State.PENDING: "cyan", State.FAILED: "bold red",
    State.PARTIAL: "bold yellow",
}  # fmt: skip
_WRONG = "bold red"
_DIFFERENCES = 20  # shown; JSON has all


class JsonRow(msgspec.Struct, frozen=True):
    """What the ledger has of a version: how much is applied, since when, by whom, from where."""

    statements: int
    applied: int
    started_at: str
    milliseconds: int | None
    by_whom: str
    devkit: str
    origin: str


class JsonEntry(msgspec.Struct, frozen=True):
    """A version: its file's name, or the name it was applied under; `row` is null where the ledger has none."""

    version: int
    name: str
    state: State
    message: str
    help: str
    row: JsonRow | None


class JsonHistory(msgspec.Struct, frozen=True):
    """The contract of `--format json` of migrate and status. A reader checks `version` first.

    `applied` are the files that this run applied (or took over), `planned` those that it would.
    """

    version: Literal[1]
    command: str
    server: Server
    history: tuple[JsonEntry, ...]
    applied: tuple[str, ...]
    planned: tuple[Planned, ...]
    findings: tuple[JsonFinding, ...]
    differences: tuple[Difference, ...]
    not_compared: str | None
    summary: dict[str, int]


def history_json(command: str, outcome: Outcome) -> bytes:
    """The report of `command`, indented, with a newline at its end."""
    return msgspec.json.format(msgspec.json.encode(history_report(command, outcome)), indent=2) + b"\n"


def history_report(command: str, outcome: Outcome) -> JsonHistory:
    """The same as a value, for reports that hold it."""
    return JsonHistory(
        1, command, outcome.server, tuple(map(_entry, outcome.entries)), outcome.ran, outcome.planned,
        tuple(map(flat, outcome.findings)), outcome.differences, outcome.not_compared, _counts(outcome),
    )  # fmt: skip


def history_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/history.schema.json."""
    return schema_of(JsonHistory)


def status_text(outcome: Outcome, read_line: LineReader) -> Iterator[Piece]:
    """The whole history, a line a version, then what to mend."""
    width = max((len(entry.name) for entry in outcome.entries), default=0)
    for entry in outcome.entries:
        yield f"{entry.name:{width}}  ", ""
        yield f"{entry.state:12}  ", _STYLES.get(entry.state, _WRONG)
        yield f"{_beside(entry)}\n", "dim"
    yield "\n", ""
    yield from outcome_text(outcome, read_line)


def outcome_text(outcome: Outcome, read_line: LineReader) -> Iterator[Piece]:
    """What was done, what has to be mended, and where the database stands."""
    yield from finding_text(outcome.findings, read_line)
    yield from _unfinished(outcome)
    yield from _differences(outcome)
    for plan in outcome.planned:
        how = "in one transaction" if plan.one_transaction else "each commits by itself"
        yield f"  would apply {plan.name}: {plural(plan.statements, 'statement')}, {how}\n", ""
    if outcome.not_compared:
        yield f"  {outcome.not_compared}\n", "yellow"
    counts = ", ".join(f"{number} {state}" for state, number in _counts(outcome).items()) or "no migrations"
    yield ("✘ " if outcome.exit_code else "✔ "), (_WRONG if outcome.exit_code else "bold green")
    yield f"{outcome.done}; {counts}\n" if outcome.done else f"{counts}\n", "bold"
    citus = f", citus {outcome.server.citus}" if outcome.server.citus else ", without citus"
    yield f"  {outcome.server.shown}: PostgreSQL {outcome.server.postgres}{citus}\n", ""


def _beside(entry: Entry) -> str:
    row = entry.row
    if row is None or entry.state not in {State.APPLIED, State.BASELINE}:
        return entry.message
    how = f"{row.milliseconds} ms" if row.origin == OWN else f"taken over from {row.origin}"
    return f"{row.when}  {row.by_whom}  {plural(row.statements, 'statement')}, {how}"


def _unfinished(outcome: Outcome) -> Iterator[Piece]:
    told = {finding.place.file.rpartition("/")[2] for finding in outcome.findings}
    for entry in outcome.entries:
        if entry.state in {State.FAILED, State.PARTIAL} and entry.name not in told:
            yield f"{entry.name}: ", "bold"
            yield f"{entry.message}\n", _STYLES[entry.state]
            yield f"  → {entry.help}\n\n", "green"


def _differences(outcome: Outcome) -> Iterator[Piece]:
    if not outcome.differences:
        return
    yield "the live schema is not what the files make:\n", _WRONG
    for each in outcome.differences[:_DIFFERENCES]:
        yield f"  {each.object}", "bold"
        yield f"  {each.place.file}:{each.place.line}\n" if each.place else "\n", "dim"
        yield f"    - files: {_side(each.expected)}\n", "green"
        yield f"    + live:  {_side(each.found)}\n", "red"
    more = len(outcome.differences) - _DIFFERENCES
    if more > 0:
        yield f"  … and {more} more (--format json has all)\n", ""
    yield "  → undo by hand what no file did, or put it into a file: ./inv new NAME\n\n", "green"


def _side(text: str | None) -> str:
    return "not there" if text is None else text or "there"


def _counts(outcome: Outcome) -> dict[str, int]:
    return {str(state): number for state, number in sorted(Counter(e.state for e in outcome.entries).items())}


def _entry(entry: Entry) -> JsonEntry:
    row = None if entry.row is None else _row(entry.row)
    return JsonEntry(entry.version, entry.name, entry.state, entry.message, entry.help, row)


def _row(row: Applied) -> JsonRow:
    when = row.started_at.isoformat()
    return JsonRow(row.statements, row.applied, when, row.milliseconds, row.by_whom, row.devkit, row.origin)
