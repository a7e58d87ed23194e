"""A history that was bent: named by status, refused by migrate, with what to do; nothing is applied."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.migrate.team import Team


def changed(team: Team) -> None:
    file = team.checkout.migrations / "V2__b.sql"
    file.write_text(file.read_text().replace("note", "remark"))


def missing(team: Team) -> None:
    (team.checkout.migrations / "V1__a.sql").unlink()
    team.write("V3__c.sql", "CREATE TABLE c (id int);\n")


def renamed(team: Team) -> None:
    (team.checkout.migrations / "V2__b.sql").rename(team.checkout.migrations / "V2__other.sql")


def out_of_order(team: Team) -> None:
    with team.connect() as connection:
        connection.execute("DELETE FROM devkit_ledger.migrations WHERE version = 1; DROP TABLE a CASCADE")


def future(team: Team) -> None:
    (team.checkout.migrations / "V2__b.sql").unlink()


CASES = [
    (changed, "history-changed", "V2__b.sql:2:1: error: line 2 is not what", "./inv new NAME"),
    (
        missing,
        "history-missing",
        "V1__a.sql:1:1: error: applied",
        "git log --diff-filter=D -- 'infra/migrations/V1__a.sql'",
    ),
    (
        renamed,
        "history-renamed",
        "V2__other.sql:1:1: error: applied as V2__b.sql by",
        "git mv 'infra/migrations/V2__other",
    ),
    (out_of_order, "history-out-of-order", "V1__a.sql:1:1: error: it came after version 2", "./inv new --renumber"),
    (future, "history-future", "V2__b.sql:1:1: error: applied", "git pull"),
]


@pytest.mark.full
@pytest.mark.parametrize(
    ("bend", "rule", "said", "cure"),
    [pytest.param(*case, id=case[1], marks=() if case is CASES[0] else pytest.mark.full) for case in CASES],
)
def test_a_bent_history_stops_everything(
    team: Team, bend: Callable[[Team], None], rule: str, said: str, cure: str
) -> None:
    team.write("V1__a.sql", "CREATE TABLE a (id int);\n")
    team.write("V2__b.sql", "CREATE TABLE b (\n  note text\n);\n")
    assert team.migrate().code == 0
    bend(team)
    before = (team.schema(), team.ask("SELECT count(*) FROM devkit_ledger.migrations"))
    applied, shown = team.migrate(), team.status("--format", "json")
    assert (applied.code, shown.code) == (1, 1)
    for text in (said, cure, f"[{rule}]"):
        assert text in applied.out
    assert [finding["rule"] for finding in shown.report()["findings"]] == [rule]
    assert (team.schema(), team.ask("SELECT count(*) FROM devkit_ledger.migrations")) == before


@pytest.mark.full
def test_who_applied_it_and_when_is_named(team: Team) -> None:
    team.write("V1__a.sql", "CREATE TABLE a (id int);\n")
    assert team.migrate().code == 0
    ((who, when),) = team.ask(
        "SELECT by_whom, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM devkit_ledger.migrations"
    )
    team.write("V1__a.sql", "CREATE TABLE a (id bigint);\n")
    assert f"line 1 is not what {who} applied {when}" in team.migrate().out
