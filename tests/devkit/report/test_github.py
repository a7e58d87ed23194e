"""Annotations: golden text, and escapes that no message can break out of."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from devkit.finding import Finding, Place, Severity
from devkit.report.github import to_github
from tests.devkit.report.verdict import VERDICT

GOLDEN = """\
::error file=m/V2__b.sql,line=2,endLine=2,col=10,endColumn=20,title=engine-refusal::cannot (SQLSTATE 0A000)%0A→ do this
::warning file=k/a.yaml,line=3,endLine=3,col=300,endColumn=309,title=floating-image::moves%0A→ pin it
::notice file=m/V2__b.sql.old,line=1,endLine=1,col=1,endColumn=1,title=stray-file::ignored%0A→ move it
devkit verify: errors 1, warnings 1, notices 1; migrations 1 of 2 replayed, images 1
"""


def test_each_finding_is_an_annotation_and_the_summary_a_line() -> None:
    assert to_github(VERDICT).decode() == GOLDEN


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"), min_size=1))
def test_no_text_of_a_file_makes_a_second_command(message: str, file: str) -> None:
    finding = Finding("syntax-error", Severity.ERROR, message, "mend it", Place(file))
    said = to_github(dataclasses.replace(VERDICT, findings=(finding,))).decode()
    first, second, rest = said.split("\n")
    assert first.startswith("::error file=")
    assert second.startswith("devkit verify: ")
    assert rest == ""
    properties = first.removeprefix("::error ").partition("::")[0]
    assert properties.count(",") == 5
