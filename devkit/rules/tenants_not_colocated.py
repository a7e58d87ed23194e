"""tenants-not-colocated: tables distributed by the tenant column lie in one colocation group."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject


def check(judged: Judged) -> Iterator[Finding]:
    """Tables by the tenant column outside of the group that most of them are in (the default group goes by type)."""
    largest = judged.catalog.largest_group(judged.tenant_column)
    inside = [table for table in judged.catalog.tables if table.colocation == largest and table.kind == "distributed"]
    for table in judged.catalog.tables:
        if table.kind != "distributed" or table.is_partition or table.distribution_column != judged.tenant_column:
            continue
        if largest is None or table.colocation == largest:
            continue
        other = inside[0]
        types = ""
        if table.distribution_type != other.distribution_type:
            types = f" ({table.distribution_type} here, {other.distribution_type} there)"
        yield Finding(
            RULE.id,
            RULE.severity,
            f"{table.shown} is distributed by {judged.tenant_column}, but not colocated with {other.shown}{types}: "
            "their joins travel, and no foreign key between them is possible",
            f"give both columns one type, and distribute with colocate_with => '{other.sql}'",
            judged.place_of(table),
            object=table.shown,
        )


RULE = Rule(
    id="tenants-not-colocated",
    severity=Severity.WARNING,
    subject=Subject.SQL,
    summary="Tables distributed by the tenant column are colocated.",
    why="Only within one colocation group does a tenant's data lie on one node: joins elsewhere move rows around.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int, PRIMARY KEY (tenant_id, id));
        CREATE TABLE notes (tenant_id int NOT NULL, id int, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        SELECT create_distributed_table('notes', 'tenant_id');
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int, PRIMARY KEY (tenant_id, id));
        CREATE TABLE notes (tenant_id bigint NOT NULL, id int, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        SELECT create_distributed_table('notes', 'tenant_id', colocate_with => 'none');
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int, PRIMARY KEY (tenant_id, id));
        CREATE TABLE notes (tenant_id bigint NOT NULL, id int, PRIMARY KEY (tenant_id, id));
        CREATE TABLE log (day date NOT NULL, line text);
        SELECT create_distributed_table('bets', 'tenant_id');
        SELECT create_distributed_table('notes', 'tenant_id', colocate_with => 'bets');
        SELECT create_distributed_table('log', 'day');
        """,
    ),
    check=check,
)
