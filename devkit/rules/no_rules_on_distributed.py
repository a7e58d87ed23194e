"""no-rules-on-distributed: no CREATE RULE on a Citus table."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject


def check(judged: Judged) -> Iterator[Finding]:
    """Rewrite rules of Citus tables: Citus has no handler for CREATE RULE (distribute_object_ops.c)."""
    for rewrite in judged.catalog.rewrites:
        if rewrite.table.kind == "plain":
            continue
        yield Finding(
            RULE.id,
            RULE.severity,
            f'rule "{rewrite.name}" of {rewrite.table.shown} exists on the coordinator only: a query that comes in '
            "through another node is not rewritten",
            "drop the rule, and let the application (or a view) write what it wrote",
            judged.place_of(rewrite),
            object=rewrite.name,
        )


RULE = Rule(
    id="no-rules-on-distributed",
    severity=Severity.WARNING,
    subject=Subject.SQL,
    summary="No rewrite rules on Citus tables.",
    why="Citus accepts CREATE RULE and tells no other node of it: the same statement does two things on two nodes.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        CREATE RULE bets_stay AS ON DELETE TO bets DO INSTEAD NOTHING;
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE sports (id int PRIMARY KEY);
        CREATE RULE sports_stay AS ON DELETE TO sports DO INSTEAD NOTHING;
        SELECT create_reference_table('sports');
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE settings (id int PRIMARY KEY);
        CREATE RULE settings_stay AS ON DELETE TO settings DO INSTEAD NOTHING;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        CREATE VIEW open_bets AS SELECT * FROM bets;
        """,
    ),
    check=check,
)
