"""The JSON report: a contract for programs, versioned, with a committed schema."""

from __future__ import annotations

from typing import Literal

import msgspec

from devkit.finding import Finding, Severity
from devkit.json_schema import schema_of
from devkit.verify.verdict import Engine, Living, Summary, Verdict


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
    object: str | None


class JsonReport(msgspec.Struct, frozen=True):
    """The contract of `--format json`. A reader checks `version` first. `living` is null unless a cluster was asked.

    `identity` is the stack's: equal on two machines that have the same stack; ./inv compare says where they differ.
    `timings_ms` is filled with --verbose only: without it, the same input gives the same bytes.
    """

    version: Literal[1]
    command: str
    engine: Engine
    identity: str
    findings: tuple[JsonFinding, ...]
    summary: Summary
    living: Living | None
    timings_ms: dict[str, int]


def to_json(command: str, verdict: Verdict, *, verbose: bool = False) -> bytes:
    """The report of `command`, indented, with a newline at its end."""
    report = verdict_report(command, verdict, verbose=verbose)
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def verdict_report(command: str, verdict: Verdict, *, verbose: bool = False) -> JsonReport:
    """The same as a value, for reports that hold it."""
    findings = tuple(flat(finding) for finding in verdict.findings)
    timings = verdict.timings_ms if verbose else {}
    identity = verdict.identity.digest
    return JsonReport(1, command, verdict.engine, identity, findings, verdict.summary, verdict.living, timings)


def json_schema() -> bytes:
    """The JSON Schema that every report keeps; committed as docs/reference/report.schema.json."""
    return schema_of(JsonReport)


def flat(finding: Finding) -> JsonFinding:
    """A finding as reports have it."""
    place = finding.place
    return JsonFinding(
        finding.rule, finding.severity, finding.message, finding.help, place.file, place.line, place.column,
        place.end_line, place.end_column, finding.sqlstate, finding.object,
    )  # fmt: skip
