"""tenant-in-primary-key: every key of a distributed table has its distribution column as a key column."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject

_CALLED = {"p": "PRIMARY KEY", "u": "UNIQUE constraint", "x": "EXCLUDE constraint", "i": "unique index"}


def check(judged: Judged) -> Iterator[Finding]:
    """Keys that Citus let through: it counts INCLUDE columns as keys (table.c:3198), and an escape setting skips it."""
    for key in judged.catalog.keys:
        column = key.table.distribution_column
        if key.table.kind != "distributed" or column is None or column in key.columns:
            continue
        called = f'{_CALLED[key.kind]} "{key.name}" of {key.table.shown}'
        included = f"has {column} only in INCLUDE" if column in key.included else f"lacks {column}"
        columns = ", ".join([column, *(each for each in key.columns if each)])
        yield Finding(
            RULE.id,
            RULE.severity,
            f"{called} {included}: two shards can hold the same key, and nothing will say so",
            f"make {column} a key column: ({columns})",
            judged.place_of(key),
            object=key.name,
        )


RULE = Rule(
    id="tenant-in-primary-key",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="Every key of a distributed table has the distribution column among its key columns.",
    why="Each shard enforces uniqueness for itself: a key without the distribution column is unique nowhere else.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bet_events (id uuid NOT NULL, tenant_id bigint NOT NULL, PRIMARY KEY (id) INCLUDE (tenant_id));
        SELECT create_distributed_table('bet_events', 'tenant_id');
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (id uuid NOT NULL, tenant_id bigint NOT NULL);
        SELECT create_distributed_table('bets', 'tenant_id');
        SET citus.allow_unsafe_constraints = on;
        CREATE UNIQUE INDEX bets_id ON bets (id);
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bet_events (id uuid NOT NULL, tenant_id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bet_events', 'tenant_id');
        CREATE TABLE sports (id int PRIMARY KEY);
        SELECT create_reference_table('sports');
        """,
    ),
    check=check,
)
