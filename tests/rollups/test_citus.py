"""Every statement of the example is one for a single shard, with nothing in it that Citus refuses.

A stand-in has no shards, so this is read from the statements. DEVKIT_TEST_CITUS runs all tests here on a real one.
"""

from __future__ import annotations

from types import ModuleType

import psycopg
import pytest

from examples.rollups import buckets, check, closed_days, record, totals
from tests.rollups.one_shard import complaints, functions


def statements(*modules: ModuleType) -> dict[str, str]:
    """The constants with SQL in them, but for the tables of a variant."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and name != "MIGRATION"
    }


ALL = statements(record, totals, check, buckets, closed_days)


@pytest.mark.parametrize("name", ALL)
def test_a_statement_is_for_one_shard(name: str) -> None:
    assert complaints(ALL[name]) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("SELECT id FROM bets WHERE id = %(id)s", "a SELECT without tenant_id"),
        ("SELECT id FROM bets WHERE tenant_id = %(tenant)s OR id = %(id)s", "a SELECT without tenant_id"),
        ("SELECT id FROM bets WHERE tenant_id = %(id)s", "a SELECT without tenant_id"),
        (totals.RECOUNT_DAY.replace("total.tenant_id = %(tenant)s AND ", ""), "an UPDATE without tenant_id"),
        (totals.RECOUNT_USER.replace("tenant_id = %(tenant)s AND user_id", "user_id", 1), "a SELECT without"),
        ("UPDATE bets SET tenant_id = 1 WHERE tenant_id = %(tenant)s", "an UPDATE of tenant_id"),
        ("INSERT INTO bets (id) VALUES (%(id)s)", "an INSERT that does not say"),
        (totals.ADD_TO_DAY.replace("CONFLICT (tenant_id, ", "CONFLICT ("), "ON CONFLICT without tenant_id"),
        ("WITH a AS (SELECT 1) SELECT 2", "a WITH"),
        (check.DIFFERING_DAYS.replace("(placed_at AT TIME ZONE 'UTC')", "placed_at"), "a day in the time zone"),
        ("UPDATE bets SET settled_at = CURRENT_TIMESTAMP WHERE tenant_id = %(tenant)s", "the time of the server"),
    ],
)
def test_what_is_not_for_one_shard_is_seen(statement: str, says: str) -> None:
    assert [each for each in complaints(statement) if each.startswith(says)]


def test_the_functions_in_them_are_immutable(connection: psycopg.Connection) -> None:
    called = set().union(*map(functions, ALL.values()))
    assert "sum" in called
    query = "SELECT DISTINCT proname FROM pg_proc WHERE proname = ANY(%s) AND provolatile <> 'i'"
    assert connection.execute(query, (sorted(called),)).fetchall() == []
    assert connection.execute(query, (["now"],)).fetchall() == [("now",)]


def test_a_day_in_utc_is_the_same_for_everybody(connection: psycopg.Connection) -> None:
    """What PostgreSQL takes into an index is immutable."""
    with connection.transaction(force_rollback=True):
        connection.execute("CREATE TEMP TABLE bet (placed_at timestamptz)")
        connection.execute("CREATE INDEX ON bet (((placed_at AT TIME ZONE 'UTC')::date))")
        with pytest.raises(psycopg.errors.InvalidObjectDefinition, match="IMMUTABLE"):
            connection.execute("CREATE INDEX ON bet ((placed_at::date))")
