"""The strict file set: order, strays, and every way in which names or bytes go wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.finding import Place, Severity
from devkit.migrations.fileset import FileSet, order
from devkit.migrations.folder import Entry, Trouble

SQL = b"SELECT 1;\n"


def judge(*names: str, data: bytes = SQL) -> FileSet:
    return order([Entry(name, data, size=len(data)) for name in names], "m")


def rules(fileset: FileSet) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.severity.value, finding.place.file) for finding in fileset.findings]


def test_order_is_the_numbers_not_the_names() -> None:
    names = [each.name for each in judge("V10__c.sql", "V9__b.sql", "V008__a.sql").migrations]
    assert names == ["V008__a.sql", "V9__b.sql", "V10__c.sql"]


@pytest.mark.parametrize(
    "name",
    [
        "V2__x.sql.old",
        "V2__x.sql~",
        "V2__x.sql.bak",
        "v2__x.sql",
        "V2_x.sql",
        "V2__.sql",
        "V2__x.SQL",
        "V2__x y.sql",
        "V__x.sql",
        "V2.1__x.sql",
        "V٢__x.sql",
        "README.md",
        ".DS_Store",
    ],
)
def test_a_stray_is_named_and_never_applied(name: str) -> None:
    fileset = judge("V1__a.sql", name)
    assert [each.name for each in fileset.migrations] == ["V1__a.sql"]
    assert rules(fileset) == [("stray-file", "info", f"m/{name}")]
    assert fileset.stop_before is None


def test_a_folder_with_a_migrations_name_is_a_stray() -> None:
    fileset = order([Entry("V1__a.sql", trouble=Trouble.FOLDER)], "m")
    assert rules(fileset) == [("stray-file", "info", "m/V1__a.sql")]


def test_two_files_of_one_version_end_the_replay_before_them() -> None:
    fileset = judge("V1__a.sql", "V2__b.sql", "V02__c.sql", "V3__d.sql")
    assert ("duplicate-version", "error", "m/V2__b.sql") in rules(fileset)
    assert [each.name for each in fileset.replayable] == ["V1__a.sql"]


@pytest.mark.parametrize(("one", "other"), [("V1__Bets.sql", "V1__bets.sql"), ("V1__é.sql", "V1__e\u0301.sql")])
def test_names_that_macos_takes_for_one_file_are_one_error(one: str, other: str) -> None:
    assert [rule for rule, _, _ in rules(judge(one, other))] == ["name-collision"]


def test_a_gap_is_a_warning_at_the_file_after_it() -> None:
    assert rules(judge("V1__a.sql", "V2__b.sql", "V5__c.sql")) == [("version-gap", "warning", "m/V5__c.sql")]


def test_dates_as_versions_have_no_gaps() -> None:
    assert rules(judge("V20260101__a.sql", "V20260301__b.sql")) == []


@pytest.mark.parametrize("data", [b"", b"\n \n", b"-- nothing yet\n", b"/* a */\n"])
def test_a_file_without_a_statement_is_an_error_that_stops_nothing(data: bytes) -> None:
    fileset = judge("V1__a.sql", data=data)
    assert rules(fileset) == [("empty-file", "error", "m/V1__a.sql")]
    assert fileset.stop_before is None


def test_a_carriage_return_is_an_error_at_its_place() -> None:
    (finding,) = judge("V1__a.sql", data=b"SELECT\r\n1;\r\n").findings
    assert (finding.rule, finding.place.line, finding.place.column) == ("carriage-return", 1, 7)


def test_a_byte_order_mark_is_an_error_and_is_not_part_of_the_text() -> None:
    fileset = judge("V1__a.sql", data=b"\xef\xbb\xbfSELECT 1;\n")
    assert rules(fileset) == [("byte-order-mark", "error", "m/V1__a.sql")]
    assert fileset.migrations[0].source.text == "SELECT 1;\n"


@pytest.mark.parametrize("data", ["SELECT 'é';\nSELECT 'ß".encode() + b"\xff';", "SELECT 'é';\nSELECT 'ß\0';".encode()])
def test_bytes_that_are_no_text_end_the_replay_at_line_and_column(data: bytes) -> None:
    fileset = judge("V1__a.sql", data=data)
    (finding,) = fileset.findings
    assert (finding.rule, finding.place) == ("not-utf-8", Place("m/V1__a.sql", 2, 10, 2, 11))
    assert fileset.stop_before == 1


@pytest.mark.parametrize(
    ("trouble", "rule"),
    [
        (Trouble.UNREADABLE, "unreadable-file"),
        (Trouble.BROKEN, "unreadable-file"),
        (Trouble.OUTSIDE, "symlink-outside"),
        (Trouble.TOO_LARGE, "file-too-large"),
    ],
)
def test_a_migration_without_bytes_ends_the_replay(trouble: Trouble, rule: str) -> None:
    fileset = order([Entry("V1__a.sql", SQL), Entry("V2__b.sql", trouble=trouble, size=50_000_000)], "m")
    assert rules(fileset) == [(rule, "error", "m/V2__b.sql")]
    assert fileset.stop_before == 2


def test_a_name_that_is_no_text_is_shown_with_escapes() -> None:
    (finding,) = order([Entry("V1\udcff.sql\n", SQL)], "m").findings
    assert finding.place.file == "m/V1\\xff.sql\\n"


NAMES = st.from_regex(r"V[0-9]{1,4}__[a-zé]{1,3}\.sql(\.old)?", fullmatch=True)


@given(st.sets(NAMES))
def test_every_entry_is_a_migration_or_a_finding_and_order_never_falls(names: set[str]) -> None:
    fileset = judge(*names)
    versions = [each.version for each in fileset.migrations]
    assert versions == sorted(versions)
    taken = {each.source.file for each in fileset.migrations} | {each.place.file for each in fileset.findings}
    assert taken >= {f"m/{name}" for name in names}
    replayed = [each.version for each in fileset.replayable]
    assert len(replayed) == len(set(replayed))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_file_set(data: bytes) -> None:
    fileset = judge("V1__a.sql", data=data)
    assert (fileset.stop_before == 1) != bool(fileset.migrations)
    assert all(finding.severity is Severity.ERROR for finding in fileset.findings)
