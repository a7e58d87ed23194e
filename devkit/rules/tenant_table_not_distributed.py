"""tenant-table-not-distributed: every table with the tenant column is distributed in the end."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject


def check(judged: Judged) -> Iterator[Finding]:
    """Plain and Citus-local tables with the tenant column in any case, once all migrations ran."""
    if not (judged.uses_citus and judged.catalog.has_citus and judged.complete):
        return
    for table in judged.catalog.tables:
        if table.kind not in {"plain", "local"} or table.is_partition or table.tenant_column is None:
            continue
        column = table.tenant_column
        yield Finding(
            RULE.id,
            RULE.severity,
            f"table {table.shown} has {column} but is never distributed: its rows stay on the coordinator, and joins "
            "with distributed tables fetch them each time",
            f"add: SELECT create_distributed_table('{table.sql}', '{column}');",
            judged.place_of(table),
            object=table.shown,
        )


RULE = Rule(
    id="tenant-table-not-distributed",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="Every table with the tenant column is distributed.",
    why="A table that nobody distributed works in every test and keeps all tenants' rows on one node in production.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE "Notes" ("Tenant_ID" bigint NOT NULL, id uuid NOT NULL);
        """,
        """
        CREATE EXTENSION citus;
        DO $$ BEGIN EXECUTE 'CREATE TABLE notes (tenant_id bigint, id uuid)'; END $$;
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
        CREATE TABLE settings (name text PRIMARY KEY);
        SELECT create_distributed_table('bets', 'tenant_id');
        """,
        "CREATE TABLE without_citus (tenant_id bigint PRIMARY KEY);",
    ),
    check=check,
)
