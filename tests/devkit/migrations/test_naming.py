"""Names for new migrations."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.errors import DevkitError
from devkit.migrations.fileset import MIGRATION
from devkit.migrations.naming import file_name, next_version, template
from devkit.migrations.source import Source
from devkit.migrations.statements import split

NOW = datetime.datetime(2026, 11, 24, 23, 5, 7, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([], 1),
        ([1, 2, 10], 11),
        ([20260101], 20261124),
        ([20261124], 20261125),
        ([20260101120000], 20261124230507),
        ([20991231235959], 20991231235960),
        ([123456789], 123456790),  # as long as no date is
    ],
)
def test_the_next_number_follows_the_highest(versions: list[int], expected: int) -> None:
    assert next_version(versions, NOW) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("bets get a channel", "V7__bets_get_a_channel.sql"),
        ("  Wälder & Äcker!  ", "V7__walder_acker.sql"),
        ("drop;table", "V7__drop_table.sql"),
        ("x" * 100, f"V7__{'x' * 60}.sql"),
        ("../../etc/passwd", "V7__etc_passwd.sql"),
    ],
)
def test_a_title_becomes_words(title: str, expected: str) -> None:
    assert file_name(7, title) == expected


@pytest.mark.parametrize("title", ["", "  ", "___", "日本"])
def test_a_title_without_a_letter_is_an_error_that_shows_one(title: str) -> None:
    with pytest.raises(DevkitError, match=r"for example: \./inv new"):
        file_name(7, title)


@given(st.text())
def test_every_name_is_a_migrations_and_every_template_is_empty_sql(title: str) -> None:
    assert split(Source("f", template(title, "tenant_id"))) == ()
    try:
        name = file_name(3, title)
    except DevkitError:
        return
    assert MIGRATION.fullmatch(name)
