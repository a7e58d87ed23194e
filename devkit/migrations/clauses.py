"""The clauses that findings point at: tables, columns, keys, triggers, rules, with their place in their statement."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from pglast import ast, enums

from devkit.finding import Place
from devkit.migrations.nested import Inner, commands
from devkit.migrations.statements import Statement

Tree = Any  # a node of pglast, which ships no types

_KEY_KINDS = {
    enums.ConstrType.CONSTR_PRIMARY: "p",
    enums.ConstrType.CONSTR_UNIQUE: "u",
    enums.ConstrType.CONSTR_EXCLUSION: "x",
    enums.ConstrType.CONSTR_FOREIGN: "f",
}
_TRIGGER_COMMANDS = tuple(
    getattr(enums.AlterTableType, f"AT_{word}")
    for word in (
        "EnableTrig", "EnableAlwaysTrig", "EnableReplicaTrig", "DisableTrig",
        "EnableTrigAll", "DisableTrigAll", "EnableTrigUser", "DisableTrigUser",
    )
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Clause:
    """What a statement writes about the table named `table`.

    `kind`: p, u, x, f for a constraint as in pg_constraint.contype, i for a unique index, t for a trigger, or one of
    the words table, column and rule.
    """

    kind: str
    table: str
    name: str | None
    columns: tuple[str, ...]
    place: Place


def clauses(statement: Statement) -> Iterator[Clause]:
    """Every clause that the statement writes, DO blocks and constant EXECUTE texts included."""
    for inner in commands(statement):
        node = inner.node
        if isinstance(node, ast.CreateStmt):
            yield _table(statement, inner, node.relation)
            yield from _in_elements(statement, inner, node.relation.relname, node.tableElts or ())
        elif isinstance(node, ast.CreateTableAsStmt):
            yield _table(statement, inner, node.into.rel)
        elif isinstance(node, ast.RuleStmt):
            yield Clause("rule", node.relation.relname, node.rulename, (), _head(statement, inner))
        elif isinstance(node, ast.AlterTableStmt):
            elements = [command.def_ for command in node.cmds if command.def_ is not None]
            yield from _in_elements(statement, inner, node.relation.relname, elements)
            if any(command.subtype in _TRIGGER_COMMANDS for command in node.cmds):
                yield Clause("t", node.relation.relname, None, (), _head(statement, inner))
        elif isinstance(node, ast.IndexStmt) and node.unique:
            columns = tuple(str(element.name or "") for element in node.indexParams)
            yield Clause("i", node.relation.relname, node.idxname, columns, _head(statement, inner))
        elif isinstance(node, ast.CreateTrigStmt):
            yield Clause("t", node.relation.relname, node.trigname, (), _head(statement, inner))


def _in_elements(statement: Statement, inner: Inner, table: str, elements: Tree) -> Iterator[Clause]:
    for element in elements:
        if isinstance(element, ast.Constraint):
            yield from _key(statement, inner, table, element, None)
        elif isinstance(element, ast.ColumnDef):
            place = _word(statement, inner, element.location)
            yield Clause("column", table, element.colname, (element.colname,), place)
            for constraint in element.constraints or ():
                yield from _key(statement, inner, table, constraint, element.colname)


def _key(statement: Statement, inner: Inner, table: str, node: Tree, column: str | None) -> Iterator[Clause]:
    kind = _KEY_KINDS.get(node.contype)
    if kind is None:
        return
    if column is not None:
        columns: tuple[str, ...] = (column,)
    elif kind == "x":
        columns = tuple(str(pair[0].name or "") for pair in node.exclusions)
    elif kind == "f":
        columns = tuple(str(key.sval) for key in node.fk_attrs or ())
    else:
        columns = tuple(str(key.sval) for key in node.keys or ())
    place = _stretch(statement, inner, node.location, whole=column is None)
    yield Clause(kind, table, node.conname, columns, place)


def _table(statement: Statement, inner: Inner, relation: Tree) -> Clause:
    return Clause("table", relation.relname, relation.relname, (), _word(statement, inner, relation.location))


def _word(statement: Statement, inner: Inner, location: int) -> Place:
    """A name, with its schema and in its quotes."""
    if not inner.exact or location < 0:
        return statement.place(inner.start)
    name = re.compile(r'(?:"(?:[^"]|"")*"|\w+)(?:\.(?:"(?:[^"]|"")*"|\w+))*').match(inner.text, location)
    end = name.end() if name else location + 1
    return statement.place(inner.start + location, inner.start + end)


def _head(statement: Statement, inner: Inner) -> Place:
    """The first words of a command, up to the name of what it makes."""
    words = re.match(r"\w+(?:\s+\w+)?", inner.text)
    return statement.place(inner.start, inner.start + words.end() if inner.exact and words else None)


def _stretch(statement: Statement, inner: Inner, location: int, *, whole: bool) -> Place:
    """From the first word of a constraint to the parenthesis that closes its column list."""
    if not inner.exact:
        return statement.place(inner.start)
    words = re.compile(
        r"(?:CONSTRAINT\s+(?:\"[^\"]*\"|\S+)\s+)?(?:PRIMARY\s+KEY|UNIQUE|EXCLUDE|FOREIGN\s+KEY|REFERENCES\s+\S+)",
        re.IGNORECASE,
    )
    head = words.match(inner.text, location)
    end = head.end() if head else location + 1
    if whole:
        closing = re.compile(r"[^()]*\([^()]*\)").match(inner.text, end)
        end = closing.end() if closing else end
    return statement.place(inner.start + location, inner.start + end)
