"""foreign-key-stays-local: no foreign key from a plain table to a Citus table."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject


def check(judged: Judged) -> Iterator[Finding]:
    """Keys that PostgreSQL checks against the empty shell which Citus leaves on the coordinator.

    Not of tables with the tenant column: `tenant-table-not-distributed` speaks for them, and its cure for both.
    """
    if not judged.complete:
        return
    for key in judged.catalog.foreign_keys:
        if (
            key.table.kind != "plain"
            or key.table.tenant_column
            or key.referenced.kind not in {"distributed", "reference", "single_shard"}
        ):
            continue
        kind = key.referenced.kind.replace("_", "-")
        yield Finding(
            RULE.id,
            RULE.severity,
            f'foreign key "{key.name}" of the plain table {key.table.shown} stays on the coordinator, where the {kind} '
            f"table {key.referenced.shown} has no rows: every insert is refused",
            f"distribute {key.table.shown} beside {key.referenced.shown}, make it a reference table, or drop the key",
            judged.place_of(key),
            object=key.name,
        )


RULE = Rule(
    id="foreign-key-stays-local",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="No foreign keys from plain tables to Citus tables.",
    why="Citus accepts such a key without a word; it shows at the first insert, in production.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE users (tenant_id bigint, id int, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('users', 'tenant_id');
        CREATE TABLE logins (tenant bigint, user_id int, FOREIGN KEY (tenant, user_id) REFERENCES users);
        """,
        """
        CREATE EXTENSION citus;
        SET citus.enable_local_reference_table_foreign_keys = off;
        CREATE TABLE sports (id int PRIMARY KEY);
        SELECT create_reference_table('sports');
        CREATE TABLE teams (id int PRIMARY KEY, sport_id int REFERENCES sports (id));
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE users (tenant_id bigint, id int, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('users', 'tenant_id');
        CREATE TABLE logins (tenant_id bigint, user_id int, FOREIGN KEY (tenant_id, user_id) REFERENCES users);
        SELECT create_distributed_table('logins', 'tenant_id');
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE sports (id int PRIMARY KEY);
        SELECT create_reference_table('sports');
        CREATE TABLE teams (id int PRIMARY KEY, sport_id int REFERENCES sports (id));
        CREATE TABLE towns (id int PRIMARY KEY);
        CREATE TABLE streets (town_id int REFERENCES towns (id));
        """,
    ),
    check=check,
)
