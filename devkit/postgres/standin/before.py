"""Facts of a parsed statement that Citus looks at before PostgreSQL runs it. The rules are in before.sql.

Only what the catalogs do not show afterwards, or what must be refused before PostgreSQL acts (CREATE INDEX
CONCURRENTLY leaves an INVALID index behind). Names of relations are as regclass reads them, all other names are bare.
nested.sql reads the same facts from the text of statements inside functions: keep the two alike.
A runner asks (telling.py) whether there is anybody to tell: not before CREATE EXTENSION citus, and never on a real
Citus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pglast import ast, enums

from devkit.migrations.names import joined, quoted, relation_name

Tree = Any  # a node of pglast, which ships no types

Facts = dict[str, object]

_SERIAL = frozenset({"smallserial", "serial", "bigserial", "serial2", "serial4", "serial8"})
_ACTIONS = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", "r": "RESTRICT"}


def facts_before(node: Tree) -> Facts | None:
    """What `citus_internal.before_statement` needs to know of a top-level statement; None when it need not be asked."""
    gather = _GATHER.get(type(node))
    return gather(node) if gather else None


def _index(node: Tree) -> Facts | None:
    tablespace = node.tableSpace is not None
    if not (node.unique or tablespace):
        return None
    columns = [element.name for element in node.indexParams if element.name]
    return {
        "command": "CREATE INDEX", "relation": relation_name(node.relation), "unique": bool(node.unique),
        "columns": columns, "tablespace": tablespace,
    }  # fmt: skip


def _drop(node: Tree) -> Facts | None:
    if node.removeType == enums.ObjectType.OBJECT_TRIGGER:
        *relation, _ = node.objects[0]  # a trigger's name comes after its table's
        return {"command": "DROP TRIGGER", "relation": joined(relation)}
    if node.removeType == enums.ObjectType.OBJECT_INDEX and len(node.objects) > 1:
        return {"command": "DROP INDEX", "indexes": [joined(parts) for parts in node.objects]}
    return None


def _rename(node: Tree) -> Facts | None:
    if node.renameType == enums.ObjectType.OBJECT_TRIGGER:
        return {"command": "RENAME TRIGGER", "relation": relation_name(node.relation)}
    if node.renameType == enums.ObjectType.OBJECT_TABCONSTRAINT:
        return {"command": "RENAME CONSTRAINT", "relation": relation_name(node.relation)}
    return None


def _depends(node: Tree) -> Facts | None:
    if node.objectType != enums.ObjectType.OBJECT_TRIGGER:
        return None
    return {"command": "TRIGGER DEPENDS", "relation": relation_name(node.relation), "trigger": node.object[-1].sval}


def _alter_table(node: Tree) -> Facts | None:
    subcommands = [_subcommand(command) for command in node.cmds]
    return {"command": "ALTER TABLE", "relation": relation_name(node.relation), "subcommands": subcommands}


def _subcommand(command: Tree) -> Facts:
    kind = enums.AlterTableType
    facts: Facts = {"type": command.subtype.name.removeprefix("AT_"), "column": command.name}
    if command.subtype == kind.AT_AddColumn:
        column = command.def_
        names = [part.sval for part in column.typeName.names] if column.typeName else []
        facts["column"] = column.colname
        facts["serial"] = len(names) == 1 and names[0] in _SERIAL and not column.typeName.pct_type
        facts["constraints"] = [_constraint(constraint) for constraint in column.constraints or ()]
    elif command.subtype == kind.AT_AddConstraint:
        facts["constraints"] = [_constraint(command.def_)]
    elif command.subtype == kind.AT_ColumnDefault:
        facts["nextval"] = _calls_nextval(command.def_)
    elif command.subtype == kind.AT_DetachPartition:
        facts["concurrently"] = bool(command.def_.concurrent)
    return facts


def _constraint(constraint: Tree) -> Facts:
    kind = constraint.contype.name.removeprefix("CONSTR_")
    facts: Facts = {"type": kind, "name": constraint.conname}
    if kind == "DEFAULT":
        facts["nextval"] = _calls_nextval(constraint.raw_expr)
    elif kind == "FOREIGN":
        facts["references"] = relation_name(constraint.pktable)
        facts["rest"] = _rest_of_key(constraint)
    return facts


def _rest_of_key(constraint: Tree) -> str:
    """What Citus's hint says after REFERENCES and the table."""
    columns = ", ".join(column.sval for column in constraint.pk_attrs or ())
    rest = f"({columns})" if columns else ""
    for event, action in (("DELETE", constraint.fk_del_action), ("UPDATE", constraint.fk_upd_action)):
        if action in _ACTIONS:
            rest += f" ON {event} {_ACTIONS[action]}"
    return rest


def _calls_nextval(expression: Tree) -> bool:
    return any(isinstance(each, ast.FuncCall) and each.funcname[-1].sval == "nextval" for each in _within(expression))


def _within(tree: Tree) -> Iterator[Tree]:
    """Every node of `tree`, itself among them."""
    if isinstance(tree, tuple):
        for item in tree:
            yield from _within(item)
    elif isinstance(tree, ast.Node):
        yield tree
        for attribute in tree:
            yield from _within(getattr(tree, attribute))


def _set_schema(node: Tree) -> Facts | None:
    if node.objectType not in {enums.ObjectType.OBJECT_TABLE, enums.ObjectType.OBJECT_FOREIGN_TABLE}:
        return None
    return {"command": "SET SCHEMA", "relation": relation_name(node.relation)}


def _sequence(node: Tree) -> Facts | None:
    owners = [option.arg for option in node.options or () if option.defname == "owned_by"]
    owned_by = joined(owners[0][:-1]) or "none" if owners else None
    return {"command": "ALTER SEQUENCE", "relation": relation_name(node.sequence), "owned_by": owned_by}


def _reindex(node: Tree) -> Facts | None:
    if node.relation is None:  # REINDEX DATABASE and the like
        return None
    return {"command": "REINDEX", "relation": relation_name(node.relation)}


def _cluster(node: Tree) -> Facts | None:
    if node.relation is None:
        return None
    verbose = any(option.defname == "verbose" for option in node.params or ())
    return {"command": "CLUSTER", "relation": relation_name(node.relation), "verbose": verbose}


def _statistics(node: Tree) -> Facts | None:
    has_expression = any(element.name is None for element in node.exprs)
    if (node.defnames and not has_expression) or not isinstance(node.relations[0], ast.RangeVar):
        return None
    return {
        "command": "CREATE STATISTICS", "relation": relation_name(node.relations[0]),
        "named": bool(node.defnames), "expression": has_expression,
    }  # fmt: skip


def _truncate(node: Tree) -> Facts | None:
    return {"command": "TRUNCATE", "relations": [relation_name(relation) for relation in node.relations]}


def _grant(node: Tree) -> Facts | None:
    if node.objtype != enums.ObjectType.OBJECT_TABLE or node.targtype != enums.GrantTargetType.ACL_TARGET_OBJECT:
        return None
    if not any(privilege.cols for privilege in node.privileges or ()):
        return None
    return {"command": "GRANT COLUMNS", "relations": [relation_name(relation) for relation in node.objects]}


def _read(query: Tree) -> Facts | None:
    """The tables that a query reads; `fixed` are the columns that its WHERE holds to a value."""
    if not isinstance(query, ast.SelectStmt):
        return None
    given = {quoted(node.ctename) for node in _within(query) if isinstance(node, ast.CommonTableExpr)}
    tables = dict.fromkeys(relation_name(node) for node in _within(query) if isinstance(node, ast.RangeVar))
    relations = [name for name in tables if name not in given]
    if not relations:
        return None
    fixed = sorted({column for column, _ in _equalities(query.whereClause) if column})
    return {"command": "READ", "relations": relations, "fixed": fixed}


def _table_as(node: Tree) -> Facts | None:
    return _read(node.query)


def _insert(node: Tree) -> Facts | None:
    """`width` is the number of values of a row, `nulls` those that are NULL; INSERT … SELECT has `reads` instead."""
    facts = _write("INSERT", node, columns=[column.name for column in node.cols or ()])
    rows = node.selectStmt.valuesLists if node.selectStmt is not None else ()
    if rows:
        facts["width"] = max(len(row) for row in rows)
        facts["nulls"] = sorted({place for row in rows for place, value in enumerate(row) if _is_null(value)})
    elif node.selectStmt is None:  # DEFAULT VALUES
        facts["width"] = 0
    else:
        facts["reads"] = _read(node.selectStmt)
    if node.onConflictClause and node.onConflictClause.targetList:
        facts["changed"] = _changed(node.onConflictClause.targetList, node.onConflictClause.whereClause)
    return facts


def _update(node: Tree) -> Facts | None:
    changed = _changed(node.targetList, node.whereClause)
    return _write("UPDATE", node, columns=[target.name for target in node.targetList], changed=changed)


def _delete(node: Tree) -> Facts | None:
    return _write("DELETE", node, columns=[])


def _write(verb: str, node: Tree, columns: list[str], changed: list[str] | None = None) -> Facts:
    """`fixed` are the columns that WHERE holds to a value: one shard is enough for the distribution column."""
    fixed = sorted({column for column, _ in _equalities(getattr(node, "whereClause", None)) if column})
    return {
        "command": "WRITE", "relation": relation_name(node.relation), "verb": verb,
        "columns": columns, "changed": changed or [], "fixed": fixed,
    }  # fmt: skip


def _changed(targets: Iterable[Tree], condition: Tree) -> list[str]:
    """The columns that get another value; `SET a = a` and `SET a = 1 … WHERE a = 1` change nothing, for Citus too."""
    same = _equalities(condition)
    return [
        target.name
        for target in targets
        if not isinstance(target.val, ast.MultiAssignRef)
        and _column_of(target.val) != target.name
        and (target.name, _constant_of(target.val)) not in same
    ]


def _equalities(condition: Tree) -> set[tuple[str | None, object]]:
    """The `column = constant` pairs that hold for every row of a WHERE clause."""
    if isinstance(condition, ast.BoolExpr) and condition.boolop == enums.BoolExprType.AND_EXPR:
        return set().union(*map(_equalities, condition.args))
    if isinstance(condition, ast.A_Expr) and [part.sval for part in condition.name] == ["="]:
        constant = _constant_of(condition.rexpr)
        return {(_column_of(condition.lexpr), constant)} if constant is not None else set()
    return set()


def _column_of(expression: Tree) -> str | None:
    last = expression.fields[-1] if isinstance(expression, ast.ColumnRef) else None
    return last.sval if isinstance(last, ast.String) else None


def _constant_of(expression: Tree) -> object:
    if not isinstance(expression, ast.A_Const) or expression.isnull:
        return None
    return repr(expression.val)


def _is_null(expression: Tree) -> bool:
    return isinstance(expression, ast.A_Const) and bool(expression.isnull)


_GATHER: dict[type, Callable[[Tree], Facts | None]] = {
    ast.AlterObjectDependsStmt: _depends,
    ast.AlterObjectSchemaStmt: _set_schema,
    ast.AlterSeqStmt: _sequence,
    ast.AlterTableStmt: _alter_table,
    ast.ClusterStmt: _cluster,
    ast.CreateStatsStmt: _statistics,
    ast.CreateTableAsStmt: _table_as,
    ast.DeleteStmt: _delete,
    ast.DropStmt: _drop,
    ast.GrantStmt: _grant,
    ast.IndexStmt: _index,
    ast.InsertStmt: _insert,
    ast.ReindexStmt: _reindex,
    ast.RenameStmt: _rename,
    ast.SelectStmt: _read,
    ast.TruncateStmt: _truncate,
    ast.UpdateStmt: _update,
}
