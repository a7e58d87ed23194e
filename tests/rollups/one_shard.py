"""What Citus needs to send a statement to one shard, and not to refuse it: read from its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pglast
from pglast import ast
from pglast.enums import BoolExprType
from pglast.visitors import Visitor

_TENANT = "tenant"


def complaints(statement: str) -> list[str]:
    """Why the statement is none for one shard; nothing where it is."""
    names = [_TENANT]

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    visitor = _Visitor()
    visitor(pglast.parse_sql(re.sub(r"%\((\w+)\)s", number, statement)))
    return visitor.found


def functions(statement: str) -> set[str]:
    """The functions that it calls, but for AT TIME ZONE."""
    visitor = _Calls()
    visitor(pglast.parse_sql(re.sub(r"%\(\w+\)s", "$1", statement)))
    return visitor.found - {"timezone"}


class _Visitor(Visitor):  # type: ignore[misc] # pglast has no types
    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_SelectStmt(self, _: object, node: ast.SelectStmt) -> None:  # noqa: N802 - pglast's name
        if node.withClause:
            self.found.append("a WITH: Citus plans what changes rows there apart from the rest")
        if any(isinstance(each, ast.RangeVar) for each in node.fromClause or ()) and not _names(node.whereClause):
            self.found.append("a SELECT without tenant_id = the tenant")
        if len(node.fromClause or ()) > 1:
            self.found.append("a join")

    def visit_UpdateStmt(self, _: object, node: ast.UpdateStmt) -> None:  # noqa: N802 - pglast's name
        if not _names(node.whereClause):
            self.found.append("an UPDATE without tenant_id = the tenant")
        if any(each.name == "tenant_id" for each in node.targetList):
            self.found.append("an UPDATE of tenant_id")

    def visit_DeleteStmt(self, _: object, __: ast.DeleteStmt) -> None:  # noqa: N802 - pglast's name
        self.found.append("a DELETE: a total is changed, so that its row is there to be locked")

    def visit_InsertStmt(self, _: object, node: ast.InsertStmt) -> None:  # noqa: N802 - pglast's name
        columns = [each.name for each in node.cols]
        rows = node.selectStmt.valuesLists or ()
        tenants = [row[columns.index("tenant_id")] for row in rows] if "tenant_id" in columns else []
        if [_is_tenant(each) for each in tenants] != [True]:
            self.found.append("an INSERT that does not say the tenant as a value")
        conflict = node.onConflictClause
        if conflict and "tenant_id" not in [each.name for each in conflict.infer.indexElems]:
            self.found.append("ON CONFLICT without tenant_id")

    def visit_TypeCast(self, _: object, node: ast.TypeCast) -> None:  # noqa: N802 - pglast's name
        is_at_time_zone = isinstance(node.arg, ast.FuncCall) and node.arg.funcname[-1].sval == "timezone"
        if node.typeName.names[-1].sval in {"date", "timestamptz"} and not (
            is_at_time_zone or isinstance(node.arg, ast.A_Const)
        ):
            self.found.append("a day in the time zone of the session")

    def visit_SQLValueFunction(self, _: object, __: object) -> None:  # noqa: N802 - pglast's name
        self.found.append("the time of the server")


class _Calls(Visitor):  # type: ignore[misc] # pglast has no types
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_FuncCall(self, _: object, node: ast.FuncCall) -> None:  # noqa: N802 - pglast's name
        self.found.add(node.funcname[-1].sval)


def _names(where: object) -> bool:
    return any(_is_filter(each) for each in _ands(where))


def _ands(node: object) -> Iterator[object]:
    if isinstance(node, ast.BoolExpr) and node.boolop == BoolExprType.AND_EXPR:
        for each in node.args:
            yield from _ands(each)
    else:
        yield node


def _is_filter(node: object) -> bool:
    return (
        isinstance(node, ast.A_Expr)
        and node.name[-1].sval == "="
        and isinstance(node.lexpr, ast.ColumnRef)
        and node.lexpr.fields[-1].sval == "tenant_id"
        and _is_tenant(node.rexpr)
    )


def _is_tenant(node: object) -> bool:
    return isinstance(node, ast.ParamRef) and node.number == 1
