"""What runs outside of any transaction, and how to find out afterwards whether it happened.

Such a statement and its ledger row cannot commit together: a runner killed between the two leaves the question open.
Each probe is one query over the catalogs that answers with a row (answer, mends). `answer` is `done`, `again` (run it
again) or `busy` (somebody is at it right now); `mends` are commands that take away, or finish, what was left half-way.
IF EXISTS in them is for Citus: it hands a command to every shard, and not each of them has what was left.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

from pglast import ast

from devkit.migrations.names import joined, relation_name
from devkit.migrations.nested import has_body
from devkit.migrations.statements import Statement
from devkit.migrations.transaction import runs_alone

Tree = Any  # a node of pglast, which ships no types

DONE, AGAIN, BUSY = "done", "again", "busy"
_COMMITS = re.compile(r"\b(?:commit|rollback)\b", re.IGNORECASE)
_CONCURRENT_CALL = "create_distributed_table_concurrently"  # CDT:392, PreventInTransactionBlock
_REPEATABLE = "SELECT 'again', '{}'::text[]"

_INDEX = """
SELECT CASE WHEN bool_or(p.pid IS NOT NULL) THEN 'busy' WHEN bool_or(i.indisvalid) THEN 'done' ELSE 'again' END,
       coalesce(array_agg(format('DROP INDEX CONCURRENTLY IF EXISTS %%I.%%I', n.nspname, c.relname))
                FILTER (WHERE NOT i.indisvalid AND p.pid IS NULL), '{}')
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.index_relid = i.indexrelid
 WHERE i.indrelid = to_regclass(%s) AND c.relname = %s::name"""

# The copies that REINDEX CONCURRENTLY leaves when it is cut short (its manual page names the suffixes).
_COPIES = """
SELECT 'again', coalesce(array_agg(format('DROP INDEX CONCURRENTLY IF EXISTS %%I.%%I', n.nspname, c.relname)), '{}')
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
   AND (i.indrelid = to_regclass(%(name)s)
        OR i.indrelid = (SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = to_regclass(%(name)s)))"""

_DETACHED = """
SELECT CASE WHEN count(*) = 0 OR bool_or(h.inhdetachpending) THEN 'done' ELSE 'again' END,
       coalesce(array_agg(format('ALTER TABLE %%s DETACH PARTITION %%s FINALIZE', h.inhparent::regclass,
                                 h.inhrelid::regclass)) FILTER (WHERE h.inhdetachpending), '{}')
  FROM pg_catalog.pg_inherits h WHERE h.inhparent = to_regclass(%s) AND h.inhrelid = to_regclass(%s)"""

_GONE = "SELECT CASE WHEN to_regclass(%s) IS NULL THEN 'done' ELSE 'again' END, '{}'::text[]"

# datconnlimit -2 marks what a cut CREATE or DROP DATABASE left (pg_database.h, DATCONNLIMIT_INVALID_DB).
_DATABASE_MADE = """
SELECT CASE WHEN bool_or(datconnlimit <> -2) THEN 'done' ELSE 'again' END,
       coalesce(array_agg(format('DROP DATABASE %%I', datname)) FILTER (WHERE datconnlimit = -2), '{}')
  FROM pg_catalog.pg_database WHERE datname = %s"""

# Whether it is there, compared with whether it should be.
_DATABASE = """
SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = %s) = %s::boolean
            THEN 'done' ELSE 'again' END, '{}'::text[]"""
_TABLESPACE = """
SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_tablespace WHERE spcname = %s) = %s::boolean
            THEN 'done' ELSE 'again' END, '{}'::text[]"""
_SUBSCRIPTION = """
SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_subscription WHERE subname = %s) = %s::boolean
            THEN 'done' ELSE 'again' END, '{}'::text[]"""

# Citus makes the table local to itself first, and that stays where it comes no further (partmethod n).
_DISTRIBUTED = """
SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_dist_partition
                          WHERE logicalrelid = to_regclass(%s) AND partmethod <> 'n')
            THEN 'done' ELSE 'again' END, '{}'::text[]"""


@dataclasses.dataclass(frozen=True, slots=True)
class Probe:
    """A query with its parameters."""

    query: str
    parameters: tuple[str, ...] | dict[str, str] = ()


def outside(statement: Statement) -> bool:
    """Whether the statement has to run outside of a transaction, or may end one by itself."""
    node = statement.node
    if runs_alone(node) or isinstance(node, ast.CallStmt):
        return True
    if isinstance(node, ast.DoStmt):
        return _COMMITS.search(statement.text) is not None
    return _concurrent_call(node) is not None


def probe(statement: Statement) -> Probe | None:
    """How to tell whether `statement`, which runs outside of a transaction, happened; None when nobody can."""
    node = statement.node
    if has_body(statement) or node is None:
        return None
    call = _concurrent_call(node)
    if call is not None:
        return _distributed(call)
    make = _PROBES.get(type(node))
    return make(node) if make else None


def is_unnamed_index(node: Tree) -> bool:
    """CREATE INDEX CONCURRENTLY without a name: after a kill nobody can tell which index was meant."""
    return isinstance(node, ast.IndexStmt) and bool(node.concurrent) and node.idxname is None


def _index(node: Tree) -> Probe | None:
    return None if is_unnamed_index(node) else Probe(_INDEX, (relation_name(node.relation), node.idxname))


def _drop(node: Tree) -> Probe:
    return Probe(_GONE, (joined(node.objects[0]),))  # CONCURRENTLY takes one index only


def _reindex(node: Tree) -> Probe:
    if node.relation is None:
        return Probe(_REPEATABLE)
    return Probe(_COPIES, {"name": relation_name(node.relation)})


def _detach(node: Tree) -> Probe:
    return Probe(_DETACHED, (relation_name(node.relation), relation_name(node.cmds[0].def_.name)))


def _repeatable(node: Tree) -> Probe:
    del node
    return Probe(_REPEATABLE)


def _exists(query: str, attribute: str, *, made: bool) -> Callable[[Tree], Probe]:
    return lambda node: Probe(query, (getattr(node, attribute), "true" if made else "false"))


def _distributed(call: Tree) -> Probe | None:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.TypeCast):
        first = first.arg
    if isinstance(first, ast.A_Const) and isinstance(first.val, ast.String):
        return Probe(_DISTRIBUTED, (first.val.sval,))
    return None


def _concurrent_call(node: Tree) -> Tree | None:
    """The call in SELECT create_distributed_table_concurrently(…)."""
    targets = (node.targetList or ()) if isinstance(node, ast.SelectStmt) else ()
    calls = [target.val for target in targets if isinstance(target.val, ast.FuncCall)]
    return next((call for call in calls if call.funcname[-1].sval == _CONCURRENT_CALL), None)


_PROBES: dict[type[ast.Node], Callable[[Tree], Probe | None]] = {
    ast.IndexStmt: _index,
    ast.DropStmt: _drop,
    ast.ReindexStmt: _reindex,
    ast.AlterTableStmt: _detach,
    ast.VacuumStmt: _repeatable,
    ast.ClusterStmt: _repeatable,
    ast.AlterSystemStmt: _repeatable,
    ast.CreatedbStmt: lambda node: Probe(_DATABASE_MADE, (node.dbname,)),
    ast.DropdbStmt: _exists(_DATABASE, "dbname", made=False),
    ast.CreateTableSpaceStmt: _exists(_TABLESPACE, "tablespacename", made=True),
    ast.DropTableSpaceStmt: _exists(_TABLESPACE, "tablespacename", made=False),
    ast.CreateSubscriptionStmt: _exists(_SUBSCRIPTION, "subname", made=True),
    ast.DropSubscriptionStmt: _exists(_SUBSCRIPTION, "subname", made=False),
}
