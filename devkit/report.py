"""A verdict as text for people and as JSON for programs. Pure: nothing is printed or read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from devkit.finding import Finding, Place, Severity
from devkit.verify.verdict import Engine, Summary, Verdict

FORMATS = ("text", "json")
_WIDEST = 140  # of a source line that is shown; a row list may be a megabyte long
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "cyan"}

LineReader = Callable[[Place], str | None]
Piece = tuple[str, str]  # text and the style that a terminal gives it


class JsonFinding(msgspec.Struct, frozen=True):
    """A finding with its place flat beside it. Lines and columns count characters from 1; ends are exclusive."""

    rule: str
    severity: Severity
    message: str
    help: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    sqlstate: str | None


class JsonReport(msgspec.Struct, frozen=True):
    """The contract of `--format json`. A reader checks `version` first."""

    version: Literal[1]
    command: str
    engine: Engine
    findings: tuple[JsonFinding, ...]
    summary: Summary
    timings_ms: dict[str, int]


def to_json(command: str, verdict: Verdict) -> bytes:
    """The report of `command`, indented, with a newline at its end."""
    findings = tuple(_flat(finding) for finding in verdict.findings)
    report = JsonReport(1, command, verdict.engine, findings, verdict.summary, verdict.timings_ms)
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def json_schema() -> bytes:
    """The JSON Schema that every report keeps; committed as docs/reference/report.schema.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(JsonReport)}
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


def to_text(verdict: Verdict, read_line: LineReader, *, verbose: tuple[str, ...] = ()) -> Iterator[Piece]:
    """The report for people: each finding with its line and a caret, then what was judged and by whom."""
    for finding in verdict.findings:
        yield from _finding(finding, read_line)
    for line in verbose:
        yield f"{line}\n", "dim"
    yield from _summary(verdict)


def _flat(finding: Finding) -> JsonFinding:
    place = finding.place
    return JsonFinding(
        finding.rule, finding.severity, finding.message, finding.help,
        place.file, place.line, place.column, place.end_line, place.end_column, finding.sqlstate,
    )  # fmt: skip


def _finding(finding: Finding, read_line: LineReader) -> Iterator[Piece]:
    place, style = finding.place, _STYLES[finding.severity]
    code = f" {finding.sqlstate}" if finding.sqlstate else ""
    yield f"{place.file}:{place.line}:{place.column}: ", "bold"
    yield f"{finding.severity}: ", style
    if finding.severity is Severity.INFO:
        yield f"{finding.message}; {finding.help} ", ""
        yield f"[{finding.rule}]\n", "dim"
        return
    yield f"{finding.message} ", ""
    yield f"[{finding.rule}{code}]\n", "dim"
    yield from _excerpt(place, read_line(place), style)
    yield f"  → {finding.help}\n\n", "green"


def _excerpt(place: Place, line: str | None, style: str) -> Iterator[Piece]:
    if not line or not line.strip():
        return
    from rich.cells import cell_len

    column = place.column - 1
    cut = max(0, column - _WIDEST // 2)
    shown = line[cut : cut + _WIDEST]
    last = place.end_column - 1 if place.end_line == place.line else len(line)
    before = "".join("\t" if c == "\t" else " " * cell_len(c) for c in shown[: column - cut])
    marked = max(1, cell_len(shown[column - cut : max(last, column + 1) - cut]))
    gutter = " " * len(str(place.line))
    yield f"  {place.line} | ", "dim"
    yield f"{shown}\n", ""
    yield f"  {gutter} | ", "dim"
    yield f"{before}{'^' * marked}\n", style


def _summary(verdict: Verdict) -> Iterator[Piece]:
    summary, engine = verdict.summary, verdict.engine
    citus = f", citus {engine.citus}" if engine.citus else ", without citus"
    counts = f"{_plural(summary.errors, 'error')}, {_plural(summary.warnings, 'warning')}"
    yield ("✘ " if summary.errors else "✔ "), ("bold red" if summary.errors else "bold green")
    yield f"{counts} in {_plural(summary.files, 'migration')} and {_plural(summary.images, 'image')}\n", "bold"
    yield (
        (
            f"  {summary.replayed} replayed ({_plural(summary.statements, 'statement')}): "
            f"{summary.distributed} distributed, {summary.reference} reference, "
            f"{_plural(summary.plain, 'plain table')}\n"
        ),
        "",
    )
    yield f"  engine {engine.name}: PostgreSQL {engine.postgres}{citus}\n", ""
    seconds = f"{verdict.timings_ms['total'] / 1000:.2f} s"
    yield f"  {seconds}{', unchanged since the last run (--no-cache replays)' if summary.cached else ''}\n", "dim"


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
