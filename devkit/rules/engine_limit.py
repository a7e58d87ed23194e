"""engine-limit: what the embedded engine runs and cannot judge, since it is one PostgreSQL without workers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

from pglast import ast
from pglast.visitors import Visitor

from devkit.finding import Finding, Severity
from devkit.migrations.nested import Inner, commands
from devkit.rules.rule import Judged, Rule, Subject

Tree = Any  # a node of pglast, which ships no types

_WORKERS = re.compile(
    r"\b(rebalance_table_shards|citus_rebalance_start|citus_move_shard_placement|citus_copy_shard_placement"
    r"|citus_split_shard_by_split_points|isolate_tenant_to_new_shard|citus_drain_node|run_command_on_\w+"
    r"|citus_(?:table|relation|total_relation)_size|citus_shard_sizes|get_rebalance_table_shards_plan)\s*\(",
    re.IGNORECASE,
)
_CONCURRENTLY = re.compile(r"\bcreate_distributed_table_concurrently\s*\(", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Limit:
    """Something that the embedded engine cannot know; `touches` tells whether a command meets it."""

    name: str
    what: str
    cure: str
    touches: Callable[[Inner, frozenset[str]], bool]


_CHANGES = ast.InsertStmt | ast.UpdateStmt | ast.DeleteStmt | ast.MergeStmt
# what a plan may fail at beside functions, which may be volatile: other tables, and queries in queries
_TOGETHER = ast.SubLink | ast.CommonTableExpr | ast.JoinExpr | ast.RangeSubselect


class _Held(Visitor):  # type: ignore[misc]  # pglast ships no types
    """What a query holds: something that its plan decides over, a function, how many tables."""

    def __init__(self, query: Tree) -> None:
        self.together = False
        self.functions = False
        self.tables = 0
        self(query)

    def visit(self, _ancestors: Tree, node: Tree) -> None:
        self.together = self.together or isinstance(node, _TOGETHER)
        self.functions = self.functions or isinstance(node, ast.FuncCall)
        self.tables += isinstance(node, ast.RangeVar)


def _is_query(inner: Inner, citus: frozenset[str]) -> bool:
    """A query that changes a Citus table now, and that Citus has to plan: not what each shard does for itself."""
    node = inner.node
    if isinstance(node, ast.CreateTableAsStmt):
        return any(re.search(rf"\b{re.escape(name)}\b", inner.text) for name in citus)
    if not isinstance(node, _CHANGES) or node.relation.relname not in citus:
        return False
    if isinstance(node, ast.InsertStmt):
        held = _Held(node.selectStmt) if node.selectStmt is not None else None
        return held is not None and (held.together or held.tables > 1)
    held = _Held(node)
    return held.together or held.functions or held.tables > 1


def _is_concurrent(inner: Inner, citus: frozenset[str]) -> bool:
    """What Citus does on many shards at the same time, so that it may fail on some."""
    node = inner.node
    if isinstance(node, ast.IndexStmt):
        return bool(node.concurrent) and node.relation.relname in citus
    return bool(_CONCURRENTLY.search(inner.text))


LIMITS: tuple[Limit, ...] = (
    Limit(
        "queries",
        "whether Citus can plan a query with joins, subqueries or functions that changes its tables, and what it moves",
        "replay on a real Citus, too: ./inv verify --engine cluster",
        _is_query,
    ),
    Limit(
        "shards at the same time",
        "what happens while shards are worked on beside other sessions: CONCURRENTLY may fail on some of them",
        "replay on a real Citus, too: ./inv verify --engine cluster",
        _is_concurrent,
    ),
    Limit(
        "workers",
        "what is on workers: sizes, placements, moves, and commands that are sent there",
        "run it on the cluster: ./inv verify --engine cluster",
        lambda inner, _citus: bool(_WORKERS.search(inner.text)),
    ),
    Limit(
        "ICU",
        "collations of ICU: PostgreSQL was built without it, and refuses them",
        "replay on a server that has it: ./inv verify --engine dsn --dsn URL",
        lambda _inner, _citus: False,  # the server refuses, which says it
    ),
    Limit(
        "columnar",
        "columnar tables: their access method is a library of Citus, and the server refuses them",
        "replay on a real Citus: ./inv verify --engine dsn --dsn URL",
        lambda _inner, _citus: False,  # the server refuses, which says it
    ),
    Limit(
        "extensions",
        "extensions that do not come with PostgreSQL (postgis, pg_cron), or need its own libraries (postgres_fdw)",
        "replay on a server that has them: ./inv verify --engine dsn --dsn URL",
        lambda _inner, _citus: False,  # the server refuses, which says it
    ),
)


def check(judged: Judged) -> Iterator[Finding]:
    """The first command that touches a limit, for each limit."""
    if not judged.is_standin or not judged.catalog.has_citus:
        return
    citus = frozenset(table.name for table in judged.catalog.tables if table.kind != "plain")
    for limit in LIMITS:
        touching = (
            (statement, inner)
            for statement in judged.statements
            for inner in commands(statement)
            if limit.touches(inner, citus)
        )
        for statement, inner in touching:
            yield Finding(
                RULE.id,
                RULE.severity,
                f"the embedded engine cannot know {limit.what}",
                limit.cure,
                statement.place(inner.start),
                object=limit.name,
            )
            break


RULE = Rule(
    id="engine-limit",
    severity=Severity.INFO,
    subject=Subject.SQL,
    summary="What only a real Citus can tell was asked of one.",
    why="The embedded engine has one node and plans no distributed query: what it runs may be refused there.",
    bad=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint, id bigint, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        UPDATE bets SET id = b.id FROM bets b WHERE b.tenant_id = bets.tenant_id;
        """,
        """
        -- devkit: no-transaction
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint, id bigint, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table_concurrently('bets', 'tenant_id');
        """,
    ),
    good=(
        """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint, id bigint, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');
        INSERT INTO bets VALUES (1, 1);
        UPDATE bets SET id = 2 WHERE tenant_id = 1;
        """,
    ),
    check=check,
)
