"""Rules explained: golden text for one, a reference that is current for all."""

from __future__ import annotations

import pytest

from devkit.errors import DevkitError
from devkit.report.explain import explain
from devkit.rules.rule import Rule
from devkit.rules.rules import EVERY_RULE

GOLDEN = """\
empty-file (error)

A migration has a statement.
It takes a version and does nothing; once applied it cannot be filled.

wrong:
    echo '-- to do' > infra/migrations/V1__a.sql

right:
    echo 'SELECT 1;' > infra/migrations/V1__a.sql

It cannot be ignored: what it finds has to be mended.
"""


def test_a_rule_says_why_what_is_wrong_and_what_is_right() -> None:
    assert explain("empty-file") == GOLDEN


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.id)
def test_every_rule_explains_itself(rule: Rule) -> None:
    said = explain(rule.id)
    assert "\nwrong:\n" in said
    assert "\nright:\n" in said
    assert said.splitlines()[-1].startswith(("To ignore it", "It cannot be ignored"))


def test_all_lists_every_rule_with_its_severity() -> None:
    lines = explain("all").splitlines()
    assert [line.split()[:2] for line in lines] == [[rule.id, rule.severity.value] for rule in EVERY_RULE]


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(DevkitError) as caught:
        explain("no-trigers")
    assert "did you mean no-triggers?" in caught.value.cure
