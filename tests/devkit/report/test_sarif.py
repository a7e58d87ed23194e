"""SARIF that keeps the OASIS schema, whatever the findings hold."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.finding import Finding, Place, Severity
from devkit.report.sarif import to_sarif
from devkit.rules.rules import EVERY_RULE
from tests.devkit.report.verdict import VERDICT
from tests.need import need

Json = Any

# The schema is read from a Go module that carries it: nothing fetched is kept in the repository.
_MODULE = "github.com/securego/gosec/v2@v2.30.0"
_FILE = "report/sarif/testdata/sarif-schema-2.1.0.json"


@functools.cache
def validator() -> jsonschema.Draft4Validator:
    argv = [need("go"), "mod", "download", "-json", _MODULE]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            argv, cwd=folder, env={**os.environ, "GOFLAGS": "-mod=mod"}, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr or done.stdout
    schema = json.loads((Path(json.loads(done.stdout)["Dir"]) / _FILE).read_bytes())
    assert "sarif-schema-2.1.0" in schema["id"]
    return jsonschema.Draft4Validator(schema)


def sarif(*findings: Finding) -> Json:
    return json.loads(to_sarif(dataclasses.replace(VERDICT, findings=findings or VERDICT.findings)))


@pytest.mark.full
def test_a_report_keeps_the_schema() -> None:
    validator().validate(sarif())
    validator().validate(json.loads(to_sarif(dataclasses.replace(VERDICT, findings=()))))


PLACES = st.builds(
    lambda file, line, column, lines, columns: Place(file, line, column, line + lines, column + columns),
    st.text(st.characters(codec="utf-8"), min_size=1), *[st.integers(1, 9)] * 2, *[st.integers(0, 9)] * 2,
)  # fmt: skip
FINDINGS = st.builds(
    Finding, st.sampled_from([rule.id for rule in EVERY_RULE]), st.sampled_from(Severity),
    st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")), PLACES,
)  # fmt: skip


@pytest.mark.full
@given(st.lists(FINDINGS, max_size=3))
def test_whatever_is_found_keeps_the_schema(findings: list[Finding]) -> None:
    validator().validate(sarif(*findings))


def test_a_result_points_at_its_rule_its_place_and_itself() -> None:
    (run,) = sarif()["runs"]
    first, _, last = run["results"]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "engine-refusal"
    (location,) = first["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "m/V2__b.sql"},
        "region": {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 21},
    }
    assert "region" not in last["locations"][0]["physicalLocation"]
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]


def test_the_fingerprint_stays_when_a_finding_moves() -> None:
    finding = VERDICT.findings[0]
    moved = dataclasses.replace(finding, place=dataclasses.replace(finding.place, line=1))
    other = dataclasses.replace(finding, object="another")
    prints = [each["partialFingerprints"] for each in sarif(finding, moved, other)["runs"][0]["results"]]
    assert prints[0] == prints[1] != prints[2]


def test_paths_are_uris() -> None:
    (run,) = sarif(
        Finding("stray-file", Severity.INFO, "m", "h", Place("m/a b#c.sql")),
        Finding("stray-file", Severity.INFO, "m", "h", Place("/elsewhere/ä.sql")),
    )["runs"]
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]]
    assert uris == ["m/a%20b%23c.sql", "file:///elsewhere/%C3%A4.sql"]
