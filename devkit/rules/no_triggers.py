"""no-triggers: no trigger on a distributed, reference or schema-sharded table, however it got there."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject

_REFUSED = ("distributed", "reference", "single_shard")  # trigger.c:687, 691; Citus-local tables may have them


def check(judged: Judged) -> Iterator[Finding]:
    """Triggers that were there before Citus looked, or came in under an escape setting."""
    for trigger in judged.catalog.triggers:
        if trigger.table.kind in _REFUSED:
            kind = trigger.table.kind.replace("_", "-")
            yield Finding(
                RULE.id,
                RULE.severity,
                f'trigger "{trigger.name}" on the {kind} table {trigger.table.shown}: '
                "it fires on some nodes only, and Citus refuses the next change to it",
                "drop it, and let the application update what it updated, in the same transaction",
                judged.place_of(trigger),
                object=trigger.name,
            )


RULE = Rule(
    id="no-triggers",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="No triggers on Citus tables, however they got there.",
    why="Rows live on shards: a trigger on the table seen by the application never sees them as PostgreSQL would.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        SET citus.enable_unsafe_triggers = on;
        CREATE TRIGGER bets_touch AFTER INSERT ON bets FOR EACH ROW EXECUTE FUNCTION touch();
        """,
        """
        CREATE EXTENSION citus;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
        CREATE TRIGGER bets_touch AFTER INSERT ON bets FOR EACH ROW EXECUTE FUNCTION touch();
        SET citus.enable_unsafe_triggers = on;
        SELECT create_distributed_table('bets', 'tenant_id');
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
        CREATE TABLE settings (id int PRIMARY KEY);
        CREATE TRIGGER settings_touch AFTER INSERT ON settings FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TABLE bets (tenant_id bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        """,
    ),
    check=check,
)
