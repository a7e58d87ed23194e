"""Facts of a parsed statement that Citus looks at before PostgreSQL runs it. The rules are in before.sql."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pglast import ast, enums

Facts = dict[str, object]

_TRIGGER_COMMANDS = frozenset(
    getattr(enums.AlterTableType, f"AT_{word}")
    for word in (
        "EnableTrig", "EnableAlwaysTrig", "EnableReplicaTrig", "DisableTrig",
        "EnableTrigAll", "DisableTrigAll", "EnableTrigUser", "DisableTrigUser",
    )
)  # fmt: skip


def facts_before(node: Any) -> Facts | None:  # noqa: ANN401 - pglast ships no types
    """What `citus_internal.before_statement` needs to know of a top-level statement; None when it need not be asked.

    `relation` is a name as regclass reads it.
    """
    gather = _GATHER.get(type(node))
    return gather(node) if gather else None


def _unique_index(node: Any) -> Facts | None:  # noqa: ANN401
    if not node.unique:
        return None
    columns = [element.name for element in node.indexParams if element.name]
    return {"command": "unique index", "relation": _name(node.relation), "columns": columns}


def _drop_trigger(node: Any) -> Facts | None:  # noqa: ANN401
    if node.removeType != enums.ObjectType.OBJECT_TRIGGER:
        return None
    *relation, _ = (part.sval for part in node.objects[0])  # a trigger's name comes after its table's
    return {"command": "trigger", "relation": ".".join(map(_quote, relation))}


def _rename_trigger(node: Any) -> Facts | None:  # noqa: ANN401
    if node.renameType != enums.ObjectType.OBJECT_TRIGGER:
        return None
    return {"command": "trigger", "relation": _name(node.relation)}


def _alter_table(node: Any) -> Facts | None:  # noqa: ANN401
    if not any(command.subtype in _TRIGGER_COMMANDS for command in node.cmds):
        return None
    return {"command": "trigger", "relation": _name(node.relation)}


def _depends(node: Any) -> Facts | None:  # noqa: ANN401
    if node.objectType != enums.ObjectType.OBJECT_TRIGGER or node.remove:
        return None
    return {"command": "trigger extension", "relation": _name(node.relation), "trigger": node.object[-1].sval}


def _name(relation: Any) -> str:  # noqa: ANN401
    return ".".join(_quote(part) for part in (relation.schemaname, relation.relname) if part)


def _quote(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


_GATHER: dict[type, Callable[[Any], Facts | None]] = {
    ast.IndexStmt: _unique_index,
    ast.DropStmt: _drop_trigger,
    ast.RenameStmt: _rename_trigger,
    ast.AlterTableStmt: _alter_table,
    ast.AlterObjectDependsStmt: _depends,
}
