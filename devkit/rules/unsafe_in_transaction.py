"""unsafe-in-transaction: what Citus cannot do twice, or at once, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject

# What PostgreSQL and Citus say of commands that one transaction cannot hold: relation_access_tracking.c:773,
# table.c:924 and 3857, create_distributed_table.c:2544, multi_executor.c:733, xact.c (PreventInTransactionBlock).
REFUSED = re.compile(
    r"(cannot (execute|modify|run|distribute) .* (parallel|in this transaction|in sequential mode) ?.*)"
    r"|(.* cannot (run inside a transaction block|be executed from a function))"
)
SEQUENTIAL = (
    "begin the file with SET LOCAL citus.multi_shard_modify_mode TO 'sequential'; "
    "or give this statement a file of its own"
)
ALONE = "give this statement a file of its own, outside of any block, that begins with: -- devkit: no-transaction"

_NO_TRANSACTION = "25P01"  # no_active_sql_transaction
_IN_TRANSACTION = "25001"  # active_sql_transaction


def check(judged: Judged) -> Iterator[Finding]:
    """Beside the refusals (verify/refusals.py): commands about a transaction that is not there, or is there already."""
    for heard in judged.heard:
        if heard.sqlstate == _NO_TRANSACTION and heard.message.startswith("SET LOCAL"):
            consequence = "SET LOCAL outside of a transaction does nothing, and what follows runs without the setting"
            cure = "write SET (it ends with this file), or delete the line that takes this file out of its transaction"
        elif heard.sqlstate in {_NO_TRANSACTION, _IN_TRANSACTION}:
            consequence = f"{heard.message}: this command does nothing"
            cure = "delete it: each file runs in one transaction, unless its first line is -- devkit: no-transaction"
        else:
            continue
        yield Finding(RULE.id, Severity.WARNING, consequence, cure, judged.place_said(heard), heard.sqlstate)


_TABLES = """
        CREATE EXTENSION citus;
        CREATE TABLE sports (id int PRIMARY KEY);
        SELECT create_reference_table('sports');
        CREATE TABLE bets (tenant_id bigint NOT NULL, sport_id int);"""

RULE = Rule(
    id="unsafe-in-transaction",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="One transaction holds only what Citus can do in one.",
    why="Citus works on shards over several connections at once, and refuses what then needs a single one.",
    bad=(
        f"""{_TABLES}
        SELECT create_distributed_table('bets', 'tenant_id');
        ALTER TABLE bets ADD CONSTRAINT bets_sport FOREIGN KEY (sport_id) REFERENCES sports (id);
        """,
        f"""{_TABLES}
        SELECT create_distributed_table('bets', 'tenant_id');
        CREATE TYPE status AS ENUM ('open', 'closed');
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL);
        SELECT create_distributed_table_concurrently('bets', 'tenant_id');
        """,
        """
        -- devkit: no-transaction
        SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, sport_id int);
        SELECT create_distributed_table('bets', 'tenant_id');
        SELECT count(*) FROM bets;
        CREATE SCHEMA reports;
        """,
        "DO $$ BEGIN EXECUTE 'VACUUM'; END $$;",
        "CREATE TABLE bets (id int);\nCOMMIT;",
    ),
    good=(
        f"""
        SET LOCAL citus.multi_shard_modify_mode TO 'sequential';{_TABLES}
        SELECT create_distributed_table('bets', 'tenant_id');
        ALTER TABLE bets ADD CONSTRAINT bets_sport FOREIGN KEY (sport_id) REFERENCES sports (id);
        CREATE TYPE status AS ENUM ('open', 'closed');
        """,
        """
        -- devkit: no-transaction
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL);
        SELECT create_distributed_table_concurrently('bets', 'tenant_id');
        CREATE INDEX CONCURRENTLY bets_tenant ON bets (tenant_id);
        """,
    ),
    check=check,
)  # fmt: skip
