"""create_time_partitions and its kin, as sql/udfs of Citus 13.0.3 have them."""

from __future__ import annotations

import psycopg
import pytest

from tests.devkit.postgres.conftest import Run

SENSORS = (
    "CREATE TABLE sensors (id bigint, at {type}) PARTITION BY RANGE (at)",
    "SELECT create_distributed_table('sensors', 'id')",
)
PARTITIONS = "SELECT partition::text, from_value, to_value FROM time_partitions ORDER BY from_value"


def made(kind: str) -> tuple[str, ...]:
    return tuple(each.replace("{type}", kind) for each in SENSORS)


@pytest.mark.parametrize(
    ("kind", "length", "names"),
    [
        ("date", "1 month", ["sensors_p2026_01", "sensors_p2026_02", "sensors_p2026_03"]),
        ("date", "1 week", ["sensors_p2026w01", "sensors_p2026w02"]),
        ("timestamptz", "3 months", ["sensors_p2026q1", "sensors_p2026q2"]),
        ("timestamp", "1 year", ["sensors_p2026", "sensors_p2027"]),
        ("timestamptz", "12 hours", ["sensors_p2026_01_01_0000", "sensors_p2026_01_01_1200"]),
        ("timestamptz", "30 seconds", ["sensors_p2026_01_01_000000", "sensors_p2026_01_01_000030"]),
    ],
)
def test_partitions_are_named_by_their_beginning_and_follow_their_parent(
    run: Run, owner: psycopg.Connection, kind: str, length: str, names: list[str]
) -> None:
    owner.execute("SET TimeZone TO 'UTC'")
    end = f"timestamptz '2026-01-01' + {len(names) - 1} * interval '{length}' + interval '1 second'"
    make = f"SELECT create_time_partitions('sensors', '{length}', {end}, '2026-01-01')"
    assert run(*made(kind), make) == []
    rows = owner.execute(PARTITIONS).fetchall()
    assert [row[0] for row in rows] == names
    assert [row[2] for row in rows[:-1]] == [row[1] for row in rows[1:]]
    citus = owner.execute("SELECT count(*), count(DISTINCT colocationid) FROM pg_dist_partition").fetchone()
    assert citus == (len(names) + 1, 1)
    again = owner.execute(make.encode()).fetchone()
    assert again == (False,)


def test_what_is_there_sets_the_pace_and_old_partitions_go(run: Run, owner: psycopg.Connection) -> None:
    owner.execute("SET TimeZone TO 'UTC'")
    assert (
        run(
            *made("date"),
            "CREATE TABLE own PARTITION OF sensors FOR VALUES FROM ('2026-01-10') TO ('2026-01-20')",
            "CREATE TABLE rest PARTITION OF sensors DEFAULT",
            "SELECT create_time_partitions('sensors', '10 days', '2026-02-01', '2026-01-10')",
            "SELECT create_time_partitions('sensors', '10 days', '2026-01-05', '2025-12-31')",
        )
        == []
    )
    rows = owner.execute(PARTITIONS).fetchall()
    assert [(row[0], row[1]) for row in rows if row[1]] == [
        ("sensors_p2025_12_31", "2025-12-31"), ("own", "2026-01-10"), ("sensors_p2026_01_20", "2026-01-20"),
        ("sensors_p2026_01_30", "2026-01-30"),
    ]  # fmt: skip
    assert run("CALL drop_old_time_partitions('sensors', '2026-01-25')") == []
    assert [row[0] for row in owner.execute(PARTITIONS).fetchall() if row[1]] == [
        "sensors_p2026_01_20",
        "sensors_p2026_01_30",
    ]


@pytest.mark.parametrize(
    ("before", "call", "message"),
    [
        ((), "create_time_partitions('plain', '1 day', '2027-01-01', '2026-01-01')", "plain is not partitioned"),
        ((), "create_time_partitions('two', '1 day', '2027-01-01', '2026-01-01')",
         "partitioned tables with multiple partition columns are not supported"),
        ((), "create_time_partitions('numbers', '1 day', '2027-01-01', '2026-01-01')",
         "type of the partition column of the table numbers must be date, timestamp or timestamptz"),
        ((), "create_time_partitions('sensors', '6 hours', '2027-01-01', '2026-01-01')",
         "partition interval of date partitioned table must be day or multiple days"),
        ((), "create_time_partitions('sensors', 'infinity', '2027-01-01', '2026-01-01')",
         "Partition interval must be a finite value"),
        (("CREATE TABLE own PARTITION OF sensors FOR VALUES FROM ('2026-01-01') TO ('2026-01-03')",),
         "create_time_partitions('sensors', '1 day', '2026-01-10', '2026-01-01')",
         "partition own with the range from 2026-01-01 to 2026-01-03 does not align with the initial partition given "
         "the partition interval"),
    ],
)  # fmt: skip
def test_what_cannot_be_cut_by_time_is_said(run: Run, before: tuple[str, ...], call: str, message: str) -> None:
    tables = (
        "CREATE TABLE plain (id int)",
        "CREATE TABLE two (a date, b date) PARTITION BY RANGE (a, b)",
        "CREATE TABLE numbers (a int) PARTITION BY RANGE (a)",
    )
    assert run(*tables, *made("date"), *before, f"SELECT {call}") == [message]


def test_an_end_before_the_start_is_said(run: Run, owner: psycopg.Connection) -> None:
    owner.execute("SET TimeZone TO 'UTC'; SET DateStyle TO ISO")
    assert run(*made("date"), "SELECT create_time_partitions('sensors', '1 day', '2026-01-01', '2026-02-01')") == [
        "start_from (2026-02-01 00:00:00+00) must be older than end_at (2026-01-01 00:00:00+00)"
    ]
