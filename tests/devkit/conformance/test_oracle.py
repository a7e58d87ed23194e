"""The stand-in against the recorded verdicts of a real Citus 13.0.3, a fresh database a case."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import chain

import pytest

from devkit.conformance.case import Case, read_cases
from devkit.conformance.run import judge, judge_varied, record
from devkit.postgres.asking import Refusal
from devkit.postgres.cache import Cache
from devkit.postgres.fresh import Engine, embedded_engine
from devkit.progress import silent
from tests.checkout import ROOT
from tests.golden import CONFORMANCE, drawn

FILE = ROOT / "tests/data/citus-13.0.jsonl"
CASES = read_cases(FILE)
GROUPS = sorted({case.group for case in CASES})
# Two cases are collations of ICU, which the embedded server lacks; what was right stays right.
NOT_RIGHT = {"distribute": {"distribute-045", "distribute-046"}}
# In a block, rows are written without anybody who could look before: docs/conformance.md.
NOT_RIGHT_VARIED = {**NOT_RIGHT, "alter": {"alter-083", "alter-086"}}


@pytest.fixture(scope="module")
def engines(found: Cache) -> Iterator[list[Engine]]:
    """A server of this module's own."""
    with contextlib.ExitStack() as running:
        yield [running.enter_context(embedded_engine(found, silent))]


def of_group(group: str) -> list[Case]:
    return [case for case in CASES if case.group == group]


def test_some_cases_are_answered_as_the_real_server_did(engines: list[Engine]) -> None:
    """A few of each group, for every day."""
    cases = list(chain.from_iterable(of_group(group)[::16] for group in GROUPS))
    wrong = {each.case for each in judge(engines, cases, silent).mismatches}
    assert wrong <= set(chain.from_iterable(NOT_RIGHT.values())), wrong


@pytest.mark.full
@pytest.mark.parametrize("group", GROUPS)
def test_every_case_of_the_group_is_answered_as_the_real_server_did(
    engines: list[Engine], group: str, record_property: Callable[[str, object], None]
) -> None:
    """The figure is shown at the end of the run."""
    parity = judge(engines, of_group(group), silent)
    record_property("oracle", (group, parity.total.right, parity.total.cases))
    wrong = {each.case: each for each in parity.mismatches}
    assert set(wrong) <= NOT_RIGHT.get(group, set()), wrong


@pytest.mark.full
@pytest.mark.parametrize("group", GROUPS)
def test_other_words_do_not_change_the_verdict(engines: list[Engine], group: str) -> None:
    parity = judge_varied(engines, of_group(group), silent)
    wrong = {each.case: each for each in parity.mismatches}
    assert set(wrong) <= NOT_RIGHT_VARIED.get(group, set()), wrong


@pytest.mark.full
@pytest.mark.parametrize("group", GROUPS)
def test_a_refusal_has_the_details_and_hints_of_the_real_one(engines: list[Engine], group: str) -> None:
    cases = of_group(group)
    for case, answer in zip(cases, record(engines, cases, silent), strict=True):
        if case.id in NOT_RIGHT.get(group, set()):
            continue
        for recorded, said in zip(case.verdicts, answer.verdicts, strict=True):
            if isinstance(recorded, Refusal):
                assert isinstance(said, Refusal)
                assert (said.detail, said.hint) == (recorded.detail, recorded.hint), case
                break


def test_the_document_has_the_figures_and_names_each_case_that_is_wrong() -> None:
    text = CONFORMANCE.read_text("utf-8")
    for group in GROUPS:
        cases = len(of_group(group))
        assert f"{group:<16}{cases - len(NOT_RIGHT.get(group, ())):>5} of {cases:>4}" in text
    for each in chain.from_iterable(NOT_RIGHT_VARIED.values()):
        assert f"| {each}" in text


def test_the_document_draws_the_sample_as_it_is() -> None:
    text = CONFORMANCE.read_text("utf-8")
    assert drawn(text) == text, "write it anew: python -m tests.golden"
