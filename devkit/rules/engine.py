"""What the engine finds: a statement that it refuses, or that does not end. Beside it, what squawk says of locks."""

from __future__ import annotations

from devkit.finding import Severity
from devkit.rules.rule import DIR, Rule, Subject

_BRANCH = (
    f"git init -q -b main; echo 'CREATE TABLE bets (id bigint);' > {DIR}/V1__a.sql; git add .; "
    "git -c user.name=dev -c user.email=dev@example.com commit -q -m first"
)

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
            "CREATE EXTENSION citus;\nSELECT run_command_on_workers('VACUUM');",
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
    Rule(
        "lock-safety", Severity.WARNING, Subject.PROJECT,
        "New migrations keep nobody waiting (--locks; squawk's opinion).",
        "On a table that has rows, the lock is held for as long as they are many, and every query queues behind it.",
        (f"{_BRANCH}; echo 'CREATE INDEX bets_id ON bets (id);' > {DIR}/V2__b.sql",),
        (f"{_BRANCH}; echo 'CREATE TABLE notes (id bigint); CREATE INDEX ON notes (id);' > {DIR}/V2__b.sql",),
    ),
)  # fmt: skip
