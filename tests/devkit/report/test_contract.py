"""What programs see of a verdict: JSON that keeps the committed schema."""

from __future__ import annotations

import json

import jsonschema

from devkit.report.contract import json_schema, to_json
from tests.devkit.report.verdict import VERDICT


def test_the_json_keeps_the_schema() -> None:
    report = json.loads(to_json("verify", VERDICT))
    jsonschema.Draft202012Validator(json.loads(json_schema())).validate(report)
    assert report["findings"][0]["end_column"] == 21
    assert report["findings"][0]["object"] == "bets_id"
    assert list(report) == [
        "version", "command", "engine", "identity", "findings", "summary", "living", "timings_ms",
    ]  # fmt: skip
    assert report["identity"] == VERDICT.identity.digest


def test_times_are_in_the_report_only_when_asked_for() -> None:
    assert json.loads(to_json("verify", VERDICT))["timings_ms"] == {}
    assert json.loads(to_json("verify", VERDICT, verbose=True))["timings_ms"] == VERDICT.timings_ms
