"""Every verb and option says what it does, and the page has what ./inv has."""

from __future__ import annotations

import re

import pytest

from tests.checkout import Checkout
from tests.everyday import first
from tests.reference.verbs import Verb, verbs, verbs_reference

OF_DEVKIT = [verb for verb in verbs() if not verb.is_own]
PAGE = verbs_reference()


def section(verb: Verb) -> str:
    return PAGE.partition(f"\n## {verb.name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("verb", verbs(), ids=lambda verb: verb.name)
def test_every_option_says_what_it_does(verb: Verb) -> None:
    assert verb.said[0], f"{verb.name} has no docstring"
    assert [option.flag for option in verb.options if not option.help] == []


@pytest.mark.parametrize("verb", OF_DEVKIT, ids=lambda verb: verb.name)
def test_every_verb_says_what_its_exit_code_means(verb: Verb) -> None:
    assert verb.exits, f'the docstring of {verb.name} has no paragraph that begins with "Exit 1:", or as its code is'


def test_the_page_has_every_verb_that_inv_lists(empty: Checkout) -> None:
    listed = re.findall(r"^  (\S+)", empty.run("--list").out, re.MULTILINE)
    assert re.findall(r"^## (\S+)$", PAGE, re.MULTILINE) == [verb.name for verb in verbs()]
    assert sorted(listed) == sorted(verb.name for verb in verbs())


@pytest.mark.parametrize("name", first(1, ["psql", "verify", "new", "pin"]))
def test_help_says_what_the_page_says(empty: Checkout, name: str) -> None:
    verb = next(each for each in verbs() if each.name == name)
    helped = " ".join(empty.run("--help", name).out.split())
    for option in verb.options:
        assert option.flag.removeprefix("--no-") in helped.replace("[no-]", "")
        assert f"| `{option.flag}` |" in section(verb)
        assert option.help in helped
    for said in (*verb.said, *verb.exits):
        assert said in helped


def test_words_without_a_dash_are_shown_in_their_order() -> None:
    assert [verb.usage for verb in verbs() if "[" in verb.usage.replace("[OPTIONS]", "")] == [
        "./inv new [NAME] [OPTIONS]",
        "./inv psql [OPTIONS] [-- ARGS]",
        "./inv compare [FILE] [OTHER] [OPTIONS]",
        "./inv conformance [FILE] [OPTIONS]",
    ]
