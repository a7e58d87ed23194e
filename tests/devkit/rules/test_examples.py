"""Every rule explained by examples that are run: a bad one gives its finding, word for word, a good one gives none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from devkit.finding import Severity
from devkit.rules.rule import Rule
from devkit.rules.rules import EVERY_RULE, RULES
from tests.emitted import emitted_rules
from tests.examples import judge_example, shown
from tests.golden import golden_file
from tests.need import need_squawk

_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)
EXAMPLES = [
    pytest.param(
        rule,
        kind,
        number,
        id=f"{rule.id}-{kind}-{number + 1}",
        marks=pytest.mark.full if place % 3 or number or kind == "good" else (),  # every day one in three
    )
    for place, rule in enumerate(EVERY_RULE)
    for kind in ("bad", "good")
    for number in range(len(getattr(rule, kind)))
]


@pytest.mark.parametrize(("rule", "kind", "number"), EXAMPLES)
def test_an_example_is_judged_as_it_says(rule: Rule, kind: str, number: int, tmp_path: Path, cache: Path) -> None:
    if rule.id == "lock-safety":
        need_squawk()
    text = getattr(rule, kind)[number]
    verdict = judge_example(rule, text, tmp_path, {"DEVKIT_CACHE": str(cache)})
    findings = [finding for finding in verdict.findings if finding.rule == rule.id]
    for finding in verdict.findings:
        assert finding.message.strip()
        assert finding.help.strip()
        assert _ORDER.index(finding.severity) <= _ORDER.index(rule.severity) or finding.rule != rule.id
    if kind == "good":
        # what happens on shards at the same time is information about the engine, not about the example; and an example
        # with an image by its tag has no lock
        about_all = {"engine-limit"} if "concurrently" in text else {"image-not-pinned"} if _has_tag(text) else set()
        assert {finding.rule for finding in verdict.findings} == about_all
        return
    assert findings
    assert shown(verdict, tmp_path) == golden_file(rule, number).read_text(), "write it anew: python -m tests.golden"


def _has_tag(text: str) -> bool:
    return bool(re.search(r"^ *image: [^@\n]+$", text, re.MULTILINE)) and "images.lock" not in text


def test_every_rule_that_code_can_emit_is_explained() -> None:
    assert emitted_rules() == {rule.id for rule in EVERY_RULE}


def test_policies_are_called_as_their_files_and_sorted() -> None:
    folder = Path(__file__).resolve().parents[3] / "devkit/rules"
    others = {"--init--", "rule", "rules", "reading", "engine", "suppression", "history", "live", "escapes"}
    ids = [rule.id for rule in RULES]
    assert set(ids) == {path.stem.replace("_", "-") for path in folder.glob("*.py")} - others
    assert ids == sorted(ids)


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.id)
def test_every_rule_has_a_bad_and_a_good_example_and_says_why(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert rule.summary.endswith(".")
    assert rule.why.endswith(".")


def test_no_golden_text_is_left_over() -> None:
    wanted = {golden_file(rule, number) for rule in EVERY_RULE for number in range(len(rule.bad))}
    assert set(golden_file(RULES[0], 0).parent.glob("*.txt")) == wanted
