"""Annotations of GitHub Actions: one workflow command a finding, then the summary as a line of the log."""

from __future__ import annotations

from devkit.finding import Finding, Severity
from devkit.verify.verdict import Summary, Verdict

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def to_github(verdict: Verdict) -> bytes:
    """What a runner turns into annotations of a pull request's lines."""
    lines = [*map(_annotation, verdict.findings), _summary(verdict.summary)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _annotation(finding: Finding) -> str:
    place = finding.place
    properties = {
        "file": place.file, "line": str(place.line), "endLine": str(place.end_line), "col": str(place.column),
        "endColumn": str(max(place.end_column - 1, 1)), "title": finding.rule,
    }  # fmt: skip
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    code = f" (SQLSTATE {finding.sqlstate})" if finding.sqlstate else ""
    text = f"{finding.message}{code}\n→ {finding.help}"
    return f"::{_LEVELS[finding.severity]} {shown}::{_data(text)}"


def _summary(summary: Summary) -> str:
    return (
        f"devkit verify: errors {summary.errors}, warnings {summary.warnings}, notices {summary.infos}; "
        f"migrations {summary.replayed} of {summary.files} replayed, images {summary.images}"
    )


def _data(text: str) -> str:
    """Escaped as the runner's own toolkit does (actions/toolkit, core/command.ts: escapeData)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """core/command.ts: escapeProperty."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
