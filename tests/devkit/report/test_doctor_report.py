"""What people and programs see of a machine: golden text, and a contract."""

from __future__ import annotations

import json

import jsonschema
import pytest

from devkit.doctor.checks import CHECKS
from devkit.doctor.examine import exit_code
from devkit.report.doctor import doctor_json, doctor_schema, doctor_text
from tests.devkit.doctor.machines import MACHINES, machine_file, results

CODES = {"well": 0, "ill": 1}


@pytest.mark.parametrize("name", MACHINES)
def test_a_person_sees_each_check_why_it_matters_and_what_to_do(name: str) -> None:
    found = results(MACHINES[name])
    text = "".join(piece for piece, _ in doctor_text(found))
    assert text == machine_file(name).read_text("utf-8"), "write it anew: python -m tests.golden"
    assert exit_code(found) == CODES[name]


@pytest.mark.parametrize("name", MACHINES)
def test_the_json_keeps_the_schema_and_says_nothing_of_who_is_there(name: str) -> None:
    host = MACHINES[name]
    written = doctor_json(results(host), host)
    report = json.loads(written)
    jsonschema.Draft202012Validator(json.loads(doctor_schema())).validate(report)
    assert [each["id"] for each in report["checks"]] == [check.id for check in CHECKS]
    assert sum(report["summary"].values()) == len(CHECKS)
    assert list(report) == ["version", "command", "machine", "checks", "summary"]
    assert b"/home/ada" not in written
    assert b"secret" not in written
