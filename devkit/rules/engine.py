"""What the engine finds: a statement that it refuses, or that does not end. Beside it, what squawk says of locks."""

from __future__ import annotations

from devkit.finding import Severity
from devkit.rules.rule import Rule, Subject

ENGINE: tuple[Rule, ...] = (
    Rule(
        "engine-refusal", Severity.ERROR, Subject.SQL,
        "Every statement runs.",
        "The message and the SQLSTATE are the server's own: what fails here fails at every deployment.",
        (
            "CREATE TABLE bets (id int, id text);",
            """
            CREATE EXTENSION citus;
            CREATE TABLE bets (id uuid PRIMARY KEY, tenant_id bigint NOT NULL);
            SELECT create_distributed_table('bets', 'tenant_id');
            """,
            """
            CREATE EXTENSION citus;
            CREATE TABLE bets ("Tenant_ID" bigint);
            SELECT create_distributed_table('bets', 'tenant_id');
            """,
        ),
        (
            """
            CREATE EXTENSION citus;
            CREATE TABLE bets (id uuid, tenant_id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
            SELECT create_distributed_table('bets', 'tenant_id');
            """,
        ),
        ignorable=False,
    ),
    Rule(
        "statement-timeout", Severity.ERROR, Subject.SQL,
        "Every statement ends within statement-timeout-seconds.",
        "Whoever needs the same tables waits as long.",
        ("DO $$ BEGIN LOOP END LOOP; END $$;",),
        ("DO $$ BEGIN FOR i IN 1..1000 LOOP END LOOP; END $$;",),
        ignorable=False,
    ),
)  # fmt: skip
