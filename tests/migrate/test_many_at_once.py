"""Fifty terminals at once: every file once, in order, and nobody fails."""

from __future__ import annotations

import pytest

from tests.migrate.team import Team

RUNNERS, FILES = 50, 100
EFFECT = "INSERT INTO effects (file, runner) SELECT {n}, current_setting('application_name');\n"


@pytest.fixture
def hundred(team: Team) -> Team:
    """A hundred files, of which each leaves a row, a table, or both; some cannot run in a transaction."""
    team.write("V1__first.sql", "CREATE TABLE effects (file int, runner text);\n" + EFFECT.format(n=1))
    for n in range(2, FILES + 1):
        made = f"CREATE TABLE t{n} (id int PRIMARY KEY, note text);\n" if n % 2 else ""
        alone = f"CREATE INDEX CONCURRENTLY effects_{n} ON effects (runner, file);\n" if n % 25 == 0 else ""
        team.write(f"V{n}__step.sql", f"{made}{alone}{EFFECT.format(n=n)}")
    return team


@pytest.mark.full
@pytest.mark.parametrize("number", range(1, 11))
def test_fifty_runners_apply_every_file_once(hundred: Team, number: int) -> None:
    started = [hundred.begin() for _ in range(RUNNERS)]
    ended = [(*process.communicate(timeout=280), process.returncode) for process in started]
    assert [each for each in ended if each[2] != 0] == [], number
    assert hundred.ask("SELECT file, count(*) FROM effects GROUP BY 1 HAVING count(*) <> 1") == []
    assert hundred.ask("SELECT count(*) FROM effects") == [(FILES,)]
    assert hundred.ask("SELECT count(*) FROM pg_index WHERE indrelid = 'effects'::regclass AND indisvalid") == [(4,)]
    order = hundred.ask("SELECT version::int FROM devkit_ledger.migrations ORDER BY started_at")
    assert order == [(n,) for n in range(1, FILES + 1)]
    assert hundred.ask(
        "SELECT count(*) FROM devkit_ledger.migrations WHERE applied <> statements OR error IS NOT NULL"
    ) == [(0,)]
