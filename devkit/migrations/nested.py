"""The SQL inside a statement: itself, and what a DO block or a function's body holds, with offsets.

PL/pgSQL is parsed by PostgreSQL's own parser (pglast.parse_plpgsql). What is put together at run time
(EXECUTE format(…)) has no text to point at and is left to the server's error context.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pglast
from pglast import ast
from pglast.parser import ParseError

from devkit.migrations.statements import Statement

Tree = Any  # a node of pglast, which ships no types

_DOLLARS = re.compile(r"\$[^$\s]*\$")


@dataclasses.dataclass(frozen=True, slots=True)
class Inner:
    """A parsed command, and where its text begins in the statement.

    When `exact` is false the text went through quoting, so locations inside it cannot be mapped: use `start`.
    """

    node: Tree
    text: str
    start: int
    exact: bool


def commands(statement: Statement) -> tuple[Inner, ...]:
    """The statement itself, then the commands inside its PL/pgSQL body in the order of their text."""
    node = statement.node
    if node is None:
        return ()
    return (Inner(node, statement.text, 0, exact=True), *_in_body(statement))


def body_start(statement: Statement) -> int | None:
    """The offset of the first character of a DO block's or function's body, when it is written unescaped."""
    for option in _body_options(statement):
        text = statement.text
        opening = _DOLLARS.match(text, option.arg_location)
        if opening:
            return opening.end()
        body = _body_text(option)
        if text.startswith(f"'{body}'", option.arg_location):
            return int(option.arg_location) + 1
    return None


def has_body(statement: Statement) -> bool:
    """Whether the statement carries other commands: a DO block, a function or a procedure."""
    return isinstance(statement.node, ast.DoStmt | ast.CreateFunctionStmt)


def plpgsql(statement: Statement) -> Tree | None:
    """The tree of the statement's PL/pgSQL body; None without one, and for what the server will complain about."""
    if not has_body(statement):
        return None
    try:
        return pglast.parse_plpgsql(statement.text)
    except ParseError:
        return None  # another language, or an error that the server will tell


def _body_options(statement: Statement) -> list[Tree]:
    node: Tree = statement.node
    if not has_body(statement):
        return []
    options = node.args if isinstance(node, ast.DoStmt) else node.options
    return [option for option in options or () if option.defname == "as"]


def _body_text(option: Tree) -> str:
    value = option.arg
    return str(value[0].sval) if isinstance(value, tuple) else str(value.sval)


def _in_body(statement: Statement) -> Iterator[Inner]:
    start, tree = body_start(statement), plpgsql(statement)
    if start is None or tree is None:
        return
    body = statement.text[start:]
    for kind, line, query in _queries(tree, 1):
        at = body.find(query.removeprefix("SELECT ") if kind == "perform" else query, line_offset(body, line))
        if at < 0:
            continue
        inner = _constant(query, start + at) if kind == "execute" else _parsed(query, start + at, exact=True)
        if inner:
            yield inner


def _queries(tree: Tree, line: int) -> Iterator[tuple[str, int, str]]:
    """(kind, line, text) of every SQL command in parse_plpgsql's tree, in order."""
    kinds = {"PLpgSQL_stmt_execsql": "sql", "PLpgSQL_stmt_dynexecute": "execute", "PLpgSQL_stmt_perform": "perform"}
    if isinstance(tree, list):
        for item in tree:
            yield from _queries(item, line)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            here = value.get("lineno", line) if isinstance(value, dict) else line
            if key in kinds:
                expression = value.get("sqlstmt") or value.get("query") or value.get("expr")
                yield kinds[key], here, expression["PLpgSQL_expr"]["query"]
            yield from _queries(value, here)


def line_offset(body: str, line: int) -> int:
    """The offset of the first character of a line counted from 1."""
    offset = 0
    for _ in range(line - 1):
        offset = body.find("\n", offset) + 1
    return offset


def _constant(expression: str, start: int) -> Inner | None:
    """EXECUTE 'text': the command inside the string literal."""
    try:
        value = pglast.parse_sql(f"SELECT {expression}")[0].stmt.targetList[0].val
    except ParseError:
        return None
    if not (isinstance(value, ast.A_Const) and isinstance(value.val, ast.String)):
        return None
    text = str(value.val.sval)
    opening = _DOLLARS.match(expression) if expression.startswith("$") else re.match("'", expression)
    skip = opening.end() if opening else 0
    return _parsed(text, start + skip, exact=expression.startswith(text, skip))


def _parsed(text: str, start: int, *, exact: bool) -> Inner | None:
    try:
        return Inner(pglast.parse_sql(text)[0].stmt, text, start, exact)
    except (ParseError, IndexError):
        return None
