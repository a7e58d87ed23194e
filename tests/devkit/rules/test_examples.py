"""Each rule's bad examples give its finding, its good ones none: the examples are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from devkit.finding import Finding, Place
from devkit.images.manifest import find_images
from devkit.migrations.fileset import Migration
from devkit.migrations.source import Source
from devkit.migrations.statements import split
from devkit.postgres.cache import Cache
from devkit.postgres.replay import Replay, Script
from devkit.postgres.scratch import embedded_scratch
from devkit.progress import silent
from devkit.rules.rule import Judged, Rule, Subject
from devkit.rules.rules import RULES
from devkit.schema.catalog import Catalog, read_catalog

EXAMPLES = [
    pytest.param(rule, kind, text, id=f"{rule.id}-{kind}-{number}")
    for rule in RULES
    for kind in ("bad", "good")
    for number, text in enumerate(getattr(rule, kind), 1)
]


@pytest.mark.parametrize(("rule", "kind", "text"), EXAMPLES)
def test_an_example_is_judged_as_it_says(rule: Rule, kind: str, text: str, found: Cache) -> None:
    if rule.subject is Subject.MANIFEST:
        images, unreadable = find_images(text, "example.yaml")
        assert unreadable == ()
        judged = Judged(Catalog((), (), ()), images, lambda made: Place(made.name))
    else:
        judged = Judged(replayed(text, found), (), lambda made: Place(made.name))
    findings = list(rule.check(judged))
    assert {finding.rule for finding in findings} == ({rule.id} if kind == "bad" else set())


def replayed(text: str, found: Cache) -> Catalog:
    """The catalog after an example's statements, none of which the engine may refuse."""
    source = Source("example.sql", text)
    statements = split(source)
    assert not isinstance(statements, Finding)
    with embedded_scratch(found, database="app", owner="app", progress=silent) as scratch:
        failure = Replay(scratch, 60, silent).run([Script(Migration(1, "V1__example.sql", source), statements)])
        assert failure is None, failure
        return read_catalog(scratch.owner)


def test_ids_are_the_files_names_and_the_tuple_is_sorted() -> None:
    folder = Path(__file__).resolve().parents[3] / "devkit/rules"
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--", "rule", "rules"}
    ids = [rule.id for rule in RULES]
    assert set(ids) == files
    assert ids == sorted(ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_bad_and_a_good_example_and_says_why(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert rule.summary.endswith(".")
    assert rule.why.endswith(".")
