"""Every exemption from a check says why on its line, and nothing is skipped where CI=true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checkout import ROOT

FOLDERS = ("devkit", "tests", "bench", "examples/rollups")
FILES = {ROOT / "tasks.py", *(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))} - {Path(__file__)}
EXEMPT = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<codes>(?::\s*|\[)[\w\-, ]+?\]?)(?P<reason>\s+(?:-|#)\s+\w.*)?$")
SKIPS = re.compile(r"\bpytest\.(?:skip|xfail|importorskip)\b(?!\.Exception)|\bmark\.(?:skip|xfail)|\bunittest\.skip")


def lines() -> list[tuple[Path, int, str]]:
    return [
        (path, number, line) for path in sorted(FILES) for number, line in enumerate(path.read_text().splitlines(), 1)
    ]


def test_every_exemption_has_its_codes_and_its_reason() -> None:
    marked = [each for each in lines() if re.search(r"# noqa|# type: ignore", each[2])]
    found = [(path, number, EXEMPT.search(line)) for path, number, line in marked]
    bare = [f"{path}:{number}" for path, number, match in found if match is None or not match["reason"]]
    assert marked
    assert bare == []


def test_the_only_skip_stands_behind_a_question_for_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [path.relative_to(ROOT).as_posix() for path, _, line in lines() if SKIPS.search(line)]
    assert found == ["tests/need.py"]
    from tests.need import missing

    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no such tool"):
        missing("no such tool")
