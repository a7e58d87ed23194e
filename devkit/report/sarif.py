"""SARIF 2.1.0 (OASIS), for code hosts that show findings beside the code."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

import msgspec

from devkit import __version__
from devkit.files import digest
from devkit.finding import Finding, Place, Severity
from devkit.rules.rule import Rule
from devkit.rules.rules import EVERY_RULE
from devkit.verify.verdict import Verdict

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_INDEX = {rule.id: index for index, rule in enumerate(EVERY_RULE)}


def to_sarif(verdict: Verdict) -> bytes:
    """One run with every rule that devkit has, and a result for each finding. Columns count code points (3.14.17)."""
    driver = {"name": "devkit", "semanticVersion": __version__, "rules": [_rule(rule) for rule in EVERY_RULE]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in verdict.findings],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why} More: ./inv verify --explain {rule.id}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding) -> dict[str, object]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": _INDEX[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}\n→ {finding.help}"},
        "locations": [{"physicalLocation": _location(finding.place)}],
        # without the line: a finding that moves is the same one
        "partialFingerprints": {"devkit/v1": digest(part.encode() for part in finding.identity)},
    }


def _location(place: Place) -> dict[str, object]:
    path = PurePosixPath(place.file)
    artifact: dict[str, object] = {
        "artifactLocation": {"uri": path.as_uri() if path.is_absolute() else quote(place.file)}
    }
    if place == Place(place.file):  # about the file, not about its first character
        return artifact
    region = {
        "startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column,
    }  # fmt: skip
    return {**artifact, "region": region}
