"""distribution-before-data: a table is distributed while it is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject

# create_distributed_table.c:2643 (CopyLocalDataIntoShards): what Citus says when it copied rows, and of which table
_COPIED = "copying the data has completed"
_TABLE = re.compile(r"truncate_local_data_after_distributing_table\(\$\$(?:public\.)?(.*?)\$\$\)")


def check(judged: Judged) -> Iterator[Finding]:
    """Citus copies the rows that are there already, and says so; of a partitioned table once a partition."""
    partitions = {table.shown for table in judged.catalog.tables if table.is_partition}
    said = set()
    for heard in judged.heard:
        if heard.message != _COPIED:
            continue
        named = _TABLE.search(heard.hint)
        table = named[1] if named else "this table"
        if table in partitions and heard.statement in said:
            continue
        said.add(heard.statement)
        yield Finding(
            RULE.id,
            RULE.severity,
            f"{table} has rows when it is distributed: they are copied to the shards while everybody waits, and the "
            "old copy stays on disk, out of sight",
            f"move the INSERT behind the distribution of {table}",
            judged.place_said(heard),
            object=table,
        )


RULE = Rule(
    id="distribution-before-data",
    severity=Severity.WARNING,
    subject=Subject.SQL,
    summary="Tables are distributed while they are empty.",
    why="With rows in it, distribution takes as long as they are many, under a lock, and needs their room twice.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int NOT NULL, PRIMARY KEY (tenant_id, id));
        INSERT INTO bets VALUES (1, 1), (1, 2);
        SELECT create_distributed_table('bets', 'tenant_id');
        """,
        """
        CREATE EXTENSION citus;
        SET client_min_messages = error;
        CREATE TABLE sports AS SELECT 1 AS id;
        SELECT create_reference_table('sports');
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int NOT NULL, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        INSERT INTO bets VALUES (1, 1), (1, 2);
        """,
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int NOT NULL);
        INSERT INTO bets VALUES (1, 1);
        DELETE FROM bets;
        SELECT create_distributed_table('bets', 'tenant_id');
        """,
        """
        -- devkit: no-transaction
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int NOT NULL, PRIMARY KEY (tenant_id, id));
        INSERT INTO bets VALUES (1, 1);
        SELECT create_distributed_table_concurrently('bets', 'tenant_id');
        """,
    ),
    check=check,
)
