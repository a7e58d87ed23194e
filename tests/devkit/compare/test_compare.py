"""One changed field of a report is one named difference, whichever field that is."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from devkit.compare.compare import compare
from devkit.compare.difference import MAY_DIFFER, Difference, Group
from devkit.compare.report import Found, Machine, Report
from devkit.finding import Severity
from devkit.verify.identity import Child, Cluster, Identity, Image, Schema
from tests.checkout import ROOT
from tests.devkit.compare.reports import (
    FOUND,
    LOKI,
    REDIS,
    REPORTS,
    THERE_STACK,
    Path,
    changed,
    golden_text,
    leaves,
    report,
)

GOLDEN = ROOT / "tests/data/golden/compare.txt"
FIELDS = {
    field.name
    for struct in (Report, Identity, Image, Child, Schema, Cluster, Machine, Found)
    for field in msgspec.structs.fields(struct)
}
# What a difference calls a field whose value it shows; the others are tables, whose names it has.
CALLED = {
    "identity": "identity", "engine": "engine", "postgres": "PostgreSQL", "citus": "citus", "config": "configuration",
    "emulated": "emulated", "fingerprint": "fingerprint", "schema": "migrations make", "node_images": "kind's nodes",
    "cluster": "cluster", "kubernetes": "Kubernetes", "kubelets": "kubelets", "unlike": "something else",
    "system": "system", "architecture": "architecture", "python": "Python", "nodes": "nodes", "running": "containers",
}  # fmt: skip


def name_all_single_changes(before: Report) -> None:
    tree = msgspec.json.decode(msgspec.json.encode(before))
    reached: set[Path] = set()
    for path, other in changed(tree):
        try:
            after = msgspec.convert(other, Report)
        except msgspec.ValidationError:
            continue  # no report
        if after == before:
            continue
        reached.add(path)
        found = compare(before, after)
        assert len(found) == 1, (path, found)
        assert len(compare(after, before)) == 1
        name_of(path, found[0], before, after)
        only_identity = path == ("identity",)
        assert found[0].counts == (path[0] == "stack" or only_identity), path
    assert leaves(tree) - reached == {("version",)}  # another one cannot be read


def name_of(path: Path, found: Difference, before: Report, after: Report) -> None:
    """A difference has the names of the tables' rows on the way to it, and of the last field."""
    if path[0] == "findings":
        assert found.group is Group.FINDINGS
        assert any(each.rule in found.what and each.file in found.what for each in (*before.findings, *after.findings))
        return
    names = [str(each) for each in path if isinstance(each, str) and each not in FIELDS]
    fields = [each for each in path if each in FIELDS]
    assert [name for name in names if name not in found.what] == []
    assert CALLED.get(str(fields[-1]), "") in found.what, (path, found)


@settings(max_examples=8)
@given(REPORTS)
def test_one_change_of_a_drawn_report_is_one_named_difference(before: Report) -> None:
    name_all_single_changes(before)


@pytest.mark.full
@settings(max_examples=150)
@given(REPORTS)
def test_one_change_of_many_drawn_reports_is_one_named_difference(before: Report) -> None:
    name_all_single_changes(before)


def test_one_change_of_a_whole_report_is_one_named_difference() -> None:
    name_all_single_changes(report())


@given(REPORTS)
def test_equal_reports_have_no_difference_in_whatever_order_they_are_written(drawn: Report) -> None:
    assert compare(drawn, drawn) == ()
    turned = msgspec.structs.replace(
        drawn,
        findings=drawn.findings[::-1],
        stack=msgspec.structs.replace(
            drawn.stack,
            node_images=drawn.stack.node_images[::-1],
            settings=dict(reversed(drawn.stack.settings.items())),
        ),
    )
    assert compare(drawn, turned) == ()


def test_what_follows_from_another_difference_is_not_named_again() -> None:
    images = {**THERE_STACK.images, REDIS: Image("sha256:other", {}, ())}
    (digest,) = compare(report(), report(msgspec.structs.replace(THERE_STACK, images=images)))
    assert (digest.group, digest.what) == (Group.IMAGES, REDIS)

    children = {each: Child(f"{each} manifest", f"{each} config") for each in THERE_STACK.images[LOKI].platforms}
    images = {**THERE_STACK.images, LOKI: msgspec.structs.replace(THERE_STACK.images[LOKI], platforms=children)}
    found = compare(report(), report(msgspec.structs.replace(THERE_STACK, images=images)))
    assert [each.what for each in found] == [f"{LOKI} on linux/amd64", f"{LOKI} on linux/arm64"]

    schema = Schema("another", {**(THERE_STACK.schema or Schema("", {})).objects, "table public.bets": "other"})
    (table,) = compare(report(), report(msgspec.structs.replace(THERE_STACK, schema=schema)))
    assert table.what == "table public.bets"


def test_findings_that_are_alike_but_for_one_thing_are_one_difference_and_others_are_two() -> None:
    moved = msgspec.structs.replace(FOUND[0], line=47)
    (found,) = compare(report(), report(findings=(moved, FOUND[1])))
    assert (found.what, found.there, found.here) == ("floating-image at infra/k8s/citus.yaml:46: line", "46", "47")
    other = Found("no-triggers", Severity.ERROR, "infra/migrations/V2__bets.sql", 3, "a trigger")
    new, gone = compare(report(), report(findings=(FOUND[0], other)))
    assert (gone.there, gone.here) == (None, "a trigger")
    assert (new.what, new.here) == ("error service-silent at infra/k8s/loki.yaml:9", None)
    twice = compare(report(), report(findings=(*FOUND, FOUND[0])))
    assert len(twice) == 1


def test_a_thousand_findings_that_all_moved_are_paired() -> None:
    many = [Found("r", Severity.ERROR, f"V{each}.sql", 1, "m") for each in range(1000)]
    moved = tuple(msgspec.structs.replace(each, line=2) for each in many)
    assert len(compare(report(findings=tuple(many)), report(findings=moved))) == 1000


def test_the_text_of_one_difference_of_each_kind() -> None:
    assert golden_text() == GOLDEN.read_text(), "write it anew: python -m tests.golden"
    assert [group for group in Group if group is not Group.REPORT and f"\n{group}" not in golden_text()] == []
    assert all(f"{group} (may differ)" in golden_text() for group in MAY_DIFFER)
