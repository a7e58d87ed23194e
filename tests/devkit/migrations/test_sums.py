"""The sum file: what it notices, and what it lets the newest file do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from devkit.migrations.fileset import Migration
from devkit.migrations.source import Source
from devkit.migrations.sums import check_sum, read_sum, sum_text

SUM = "infra/migrations.sum"


def files(*texts: str, names: str = "abcdefgh") -> list[Migration]:
    return [
        Migration(n, f"V{n}__{names[n - 1]}.sql", Source(f"m/V{n}__{names[n - 1]}.sql", text))
        for n, text in enumerate(texts, 1)
    ]


def said(before: list[Migration], now: list[Migration]) -> tuple[str, int, str] | None:
    found = check_sum(sum_text(before), SUM, now)
    return (found.place.file, found.place.line, found.message) if found else None


THREE = files("1", "2", "3")


def test_the_newest_file_may_still_change() -> None:
    assert said(THREE, THREE) is None
    assert said(THREE, files("1", "2", "other")) is None


def test_an_older_file_may_not() -> None:
    assert said(THREE, files("1", "other", "3")) == (
        "m/V2__b.sql", 1, "this file is not what it was when V3__c.sql was added after it",
    )  # fmt: skip


def test_a_file_that_is_not_listed_is_named() -> None:
    assert said(THREE, files("1", "2", "3", "4")) == ("m/V4__d.sql", 1, f"V4__d.sql is not in {SUM}")


def test_a_file_that_is_gone_is_named() -> None:
    assert said(THREE, files("1", "2")) == (SUM, 4, "V3__c.sql is in the sum, and not in the folder")


def test_a_file_slipped_in_between_is_named() -> None:
    found = said([THREE[0], THREE[2]], THREE)
    assert found == (
        "m/V2__b.sql",
        1,
        f"{SUM} has V3__c.sql where the folder has V2__b.sql: history was changed in the middle",
    )


def test_a_line_that_is_none_is_named() -> None:
    found = check_sum(f"{sum_text(THREE)}nonsense\n", SUM, THREE)
    assert found is not None
    assert found.place.line == 5
    lines = sum_text(THREE).splitlines()
    touched = "\n".join([lines[0], f"V1__a.sql {'0' * 64}", *lines[2:]])
    first = check_sum(touched, SUM, THREE)
    assert first is not None
    assert (first.place.file, first.place.line) == (SUM, 2)


def test_both_sides_of_a_conflict_are_read() -> None:
    ours, theirs = files("1", "2", "3"), files("1", "2", "x", names="abz")
    common = sum_text(ours).splitlines()[:3]
    text = "\n".join([
        *common, "<<<<<<< HEAD", sum_text(ours).splitlines()[3], "=======", sum_text(theirs).splitlines()[3],
        ">>>>>>> main", "",
    ])  # fmt: skip
    found = read_sum(text)
    assert (found.ours, found.theirs, found.conflict_line, len(found.common)) == (("V3__c.sql",), ("V3__z.sql",), 4, 2)
    finding = check_sum(text, SUM, ours)
    assert finding is not None
    assert finding.help == "renumber what is not published yet: ./inv new --renumber {} or {}".format(
        "infra/migrations/V3__c.sql", "infra/migrations/V3__z.sql"
    )


@given(st.lists(st.text(max_size=5), min_size=1, max_size=7), st.lists(st.text(max_size=5), min_size=1, max_size=7))
def test_equal_sums_mean_equal_histories_but_for_the_newest_content(one: list[str], two: list[str]) -> None:
    first, second = files(*one), files(*two)
    assert (sum_text(first) == sum_text(second)) == (len(one) == len(two) and one[:-1] == two[:-1])
    assert check_sum(sum_text(first), SUM, first) is None
