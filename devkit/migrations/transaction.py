"""Which files run in one transaction, and which statements cannot."""

from __future__ import annotations

import re
from collections.abc import Callable

from pglast import ast, enums

from devkit.migrations.source import Source
from devkit.migrations.statements import Statement, comments_before

NO_TRANSACTION = "devkit: no-transaction"
SEQUENTIAL = "devkit: sequential"
HEADERS = (NO_TRANSACTION, SEQUENTIAL)  # what a file may ask for in a comment line above its first statement

# Without one of these words no statement needs a look at its tree, which costs more than running it may.
_WORDS = re.compile(
    r"\b(?:abort|begin|cluster|commit|concurrently|database|end|prepare|reindex|release|rollback|savepoint|start"
    r"|subscription|system|tablespace|vacuum)\b",
    re.IGNORECASE,
)


def in_one_transaction(source: Source, statements: tuple[Statement, ...]) -> bool:
    """True unless the file opts out in its header, controls its own transaction or holds a statement that cannot."""
    if NO_TRANSACTION in comments_before(source):
        return False
    return not any(
        isinstance(each.node, ast.TransactionStmt) or runs_alone(each.node)
        for each in statements
        if _WORDS.search(each.text)
    )


def opening(source: Source) -> tuple[str, ...]:
    """What begins a transaction of this file: in Citus's sequential mode where its header asks for it."""
    if SEQUENTIAL in comments_before(source):
        return "BEGIN", "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"
    return ("BEGIN",)


def runs_alone(node: ast.Node | None) -> bool:
    """Whether PostgreSQL refuses the statement inside a transaction block (PreventInTransactionBlock's callers)."""
    check = _ALONE.get(type(node))
    return check is not None and check(node)


def _always(node: ast.Node) -> bool:
    del node
    return True


def _concurrently(node: ast.Node) -> bool:
    return bool(node.concurrent)


def _reindex(node: ast.Node) -> bool:
    whole = enums.ReindexObjectType.REINDEX_OBJECT_SCHEMA  # SCHEMA, SYSTEM and DATABASE run a transaction a table
    return node.kind >= whole or any(option.defname == "concurrently" for option in node.params or ())


def _detach(node: ast.Node) -> bool:
    return any(
        command.subtype == enums.AlterTableType.AT_DetachPartition and command.def_.concurrent for command in node.cmds
    )


_ALONE: dict[type[ast.Node], Callable[[ast.Node], bool]] = {
    ast.IndexStmt: _concurrently,
    ast.DropStmt: _concurrently,
    ast.ReindexStmt: _reindex,
    ast.AlterTableStmt: _detach,
    ast.VacuumStmt: lambda node: bool(node.is_vacuumcmd),
    ast.ClusterStmt: lambda node: node.relation is None,
    ast.AlterSystemStmt: _always,
    ast.CreatedbStmt: _always,
    ast.DropdbStmt: _always,
    ast.CreateTableSpaceStmt: _always,
    ast.DropTableSpaceStmt: _always,
    ast.CreateSubscriptionStmt: _always,
    ast.DropSubscriptionStmt: _always,
}
