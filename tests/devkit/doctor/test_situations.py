"""Every check, on machines that are well and on such that are not, with the cure for each package manager."""

from __future__ import annotations

from collections import Counter

import pytest

from devkit.doctor.checks import CHECKS
from devkit.doctor.result import Check, State
from tests.devkit.doctor.machines import MACHINES, machine_file
from tests.devkit.doctor.situation import Situation
from tests.devkit.doctor.situations import SITUATIONS
from tests.devkit.doctor.told import GOLDEN, golden_file, said, told

LEAST = 60
BAD = (State.WARNING, State.PROBLEM)


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_it_stands_as_it_is_said_to_on_every_system(situation: Situation) -> None:
    for manager in situation.on:
        heard = said(situation, manager)
        assert heard.state is situation.state
        assert heard.found
        assert bool(heard.cure) >= (situation.state in BAD), "what is bad has a cure"
        assert heard.cure == "" or situation.state is not State.OK


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_what_was_found_and_the_cures_are_the_golden_ones(check: Check) -> None:
    assert told(check.id) == golden_file(check.id).read_text("utf-8"), "write it anew: python -m tests.golden"


def test_every_check_has_a_good_situation_and_two_bad_ones() -> None:
    counted = Counter((each.check, each.state) for each in SITUATIONS)
    for check in CHECKS:
        assert counted[check.id, State.OK] >= 1, check.id
        assert sum(counted[check.id, state] for state in BAD) >= 2, check.id
    assert len(SITUATIONS) >= LEAST
    assert {each.check for each in SITUATIONS} == {check.id for check in CHECKS}


def test_no_golden_text_is_left_over() -> None:
    wanted = {*(golden_file(check.id) for check in CHECKS), *map(machine_file, MACHINES)}
    assert set(GOLDEN.glob("*.txt")) == wanted


def test_no_situation_shows_who_is_there() -> None:
    shown = "".join(golden_file(check.id).read_text("utf-8") for check in CHECKS)
    assert "/home/ada" not in shown
    assert "secret" not in shown
