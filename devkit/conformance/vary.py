"""A case asked in other words: other names, another schema, in DO blocks. The verdicts must not change.

Every name that a case makes gets one that needs quotes; everything happens in a schema that needs them, too; and each
statement runs inside a DO block where that changes nothing on a real server.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

from pglast import ast, parse_sql
from pglast.parser import ParseError, scan

from devkit.conformance.case import Case
from devkit.postgres.asking import Answer, CitusTable, Refusal, Verdict

_SCHEMA = "Vary Q"
_MARK = "Q"  # ends a new name, after a capital at its beginning: what it was is read off again

# Names in the nodes of PostgreSQL's grammar that make something: (node, attribute).
_MADE = {
    ast.ColumnDef: "colname",
    ast.Constraint: "conname",
    ast.IndexStmt: "idxname",
    ast.CreateTrigStmt: "trigname",
    ast.CreateSchemaStmt: "schemaname",
    ast.CreatePolicyStmt: "policy_name",
    ast.RuleStmt: "rulename",
    ast.RenameStmt: "newname",
    ast.FunctionParameter: "name",
}
_MAKE_RELATION = {
    ast.CreateStmt: "relation",
    ast.ViewStmt: "view",
    ast.CreateSeqStmt: "sequence",
    ast.CompositeTypeStmt: "typevar",
    ast.IntoClause: "rel",
}
_MAKE_LIST = {
    ast.CreateFunctionStmt: "funcname",
    ast.CreateEnumStmt: "typeName",
    ast.CreateDomainStmt: "domainname",
    ast.CreateRangeStmt: "typeName",
    ast.CreateStatsStmt: "defnames",
    ast.DefineStmt: "defnames",
}
# What may not run inside a block, or does another thing there.
_ALONE = (
    ast.AlterSystemStmt, ast.CreatedbStmt, ast.DoStmt, ast.DropdbStmt, ast.LockStmt, ast.ReindexStmt,
    ast.TransactionStmt, ast.VacuumStmt,
)  # fmt: skip
# Tables of such schemas are converted by statements at the top alone (utility_hook.c:354).
_CONVERTED = (ast.AlterObjectSchemaStmt, ast.CreateSchemaStmt, ast.CreateStmt, ast.CreateTableAsStmt)
_AT_THE_TOP = re.compile(
    r"citus_schema_distribute|enable_schema_based_sharding|use_citus_managed_tables", re.IGNORECASE
)
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """What a case makes: relations and the like, which are named in SQL's own way, and columns, named as they are."""

    relations: frozenset[str]
    others: frozenset[str]

    def __contains__(self, name: object) -> bool:
        return name in self.relations or name in self.others


def vary(case: Case) -> tuple[str, ...]:
    """The statements of `case` in other words; the first two make and enter the schema."""
    names = _names(case)
    quoted = _quoted(_SCHEMA)
    begin = (f"CREATE SCHEMA {quoted}", f"SET search_path TO {quoted}, public")
    return (*begin, *(_in_block(_renamed(each, names), case) for each in case.statements))


def answered(case: Case, answer: Answer) -> Answer:
    """`answer` to the varied statements, in the words of the plain ones."""
    names = _names(case)
    back = {_new(name): name for name in (*names.relations, *names.others)} | {_SCHEMA: "public"}
    words = re.compile("|".join(re.escape(each) for each in sorted(back, key=len, reverse=True)))

    def plain(text: str) -> str:
        return words.sub(lambda found: back[found[0]], text)

    verdicts = tuple(_plain(each, plain) for each in answer.verdicts[2:])
    tables = {plain(name): table for name, table in answer.tables.items()}
    first: dict[str, str] = {}
    for name, table in tables.items():
        if table.colocated_with:
            first[table.colocated_with] = min(name, first.get(table.colocated_with, name))
    return Answer(
        verdicts,
        {
            name: CitusTable(
                table.kind,
                table.column and plain(table.column),
                table.colocated_with and first[table.colocated_with],
            )
            for name, table in tables.items()
        },
    )


def unquoted(verdict: Verdict) -> Verdict:
    """A verdict without the quotes of its message: a name that needs them has more."""
    if isinstance(verdict, Refusal):
        return Refusal(verdict.sqlstate, verdict.message.replace('"', ""))
    return verdict


def _plain(verdict: Verdict, plain: Callable[[str], str]) -> Verdict:
    return Refusal(verdict.sqlstate, plain(verdict.message)) if isinstance(verdict, Refusal) else verdict


def _names(case: Case) -> Names:
    relations: set[str] = set()
    others: set[str] = set()
    for statement in case.statements:
        for node in _nodes(statement):
            if (attribute := _MADE.get(type(node))) and getattr(node, attribute):
                name = getattr(node, attribute)
                is_relation = isinstance(node, ast.RenameStmt | ast.CreateSchemaStmt | ast.IndexStmt)
                (relations if is_relation else others).add(name)
            if attribute := _MAKE_RELATION.get(type(node)):
                relations.add(getattr(node, attribute).relname)
            if (attribute := _MAKE_LIST.get(type(node))) and getattr(node, attribute):
                relations.add(getattr(node, attribute)[-1].sval)
    return Names(frozenset(relations), frozenset(others - relations))


def _nodes(statement: str) -> Iterator[ast.Node]:
    """Every node of a statement, and of the texts inside it that are statements themselves."""
    try:
        pending: list[Any] = [raw.stmt for raw in parse_sql(statement)]
    except ParseError:
        return
    while pending:
        node = pending.pop()
        if isinstance(node, tuple | list):
            pending.extend(node)
        elif isinstance(node, ast.Node):
            yield node
            if isinstance(node, ast.String) and " " in node.sval:
                yield from _nodes(_body(node.sval))
            pending.extend(getattr(node, name) for name in node)


def _body(text: str) -> str:
    """The statements of a PL/pgSQL block, as far as they are statements without it."""
    return re.sub(r"(?is)^\s*(?:declare\b.*?)?begin\b|\bend\s*;?\s*$", "", text)


def _renamed(statement: str, names: Names) -> str:
    """The statement with the new names: whole words and quoted words of its own, and those inside its texts."""
    pieces: list[str] = []
    done = 0
    try:
        tokens = scan(statement)
    except ParseError:
        return statement
    for number, token in enumerate(tokens):
        text = statement[token.start : token.end + 1]
        after = statement[token.end + 1 : token.end + 2]
        before = statement[tokens[number - 1].start : tokens[number - 1].end + 1] if number else ""
        if token.name == "SCONST":
            new = _constant(text, names, is_first=before == "(")
        elif token.name == "IDENT":
            new = _identifier(text, names, is_schema=after == "." or before.upper() == "SCHEMA")
        else:
            continue
        pieces += [statement[done : token.start], new]
        done = token.end + 1
    return "".join([*pieces, statement[done:]])


def _identifier(text: str, names: Names, *, is_schema: bool) -> str:
    name = text[1:-1].replace('""', '"') if text.startswith('"') else text.lower()
    if name == "public" and is_schema:
        return _quoted(_SCHEMA)
    found = name if name in names else None
    return _quoted(_new(found)) if found else _auto(name, names, text)


def _auto(name: str, names: Names, text: str) -> str:
    """The name that PostgreSQL makes of a table's and its columns' (`bets_tenant_id_key`), or the text as it is."""
    for table in sorted(names.relations, key=len, reverse=True):
        if name.startswith(f"{table}_"):
            rest = name[len(table) :]
            for column in sorted(names.others, key=len, reverse=True):
                rest = re.sub(rf"(?<=_){re.escape(column)}(?=_)", _new(column), rest)
            return _quoted(_new(table) + rest)
    return text


def _constant(text: str, names: Names, *, is_first: bool) -> str:
    """A text: a name as a function takes it, or statements with names."""
    opening = re.match(r"\$\w*\$", text)
    quote = opening[0] if opening else "'"
    if not opening and not text.startswith("'"):
        return text  # E'…', B'…'
    inner = text[len(quote) : -len(quote)]
    inner = inner if opening else inner.replace("''", "'")
    schema, dot, name = inner.rpartition(".")
    if inner in names.others and not (inner in names.relations and is_first):
        new = _new(inner)
    elif name in names.relations and (not dot or _PLAIN.fullmatch(schema)):
        head = _identifier(schema, names, is_schema=True) + dot if dot else ""
        new = head + _quoted(_new(name))
    elif re.search(r"\s|\(", inner):
        new = _renamed(inner, names)
    else:
        new = inner
    return f"{quote}{new}{quote}" if opening else "'" + new.replace("'", "''") + "'"


def _in_block(statement: str, case: Case) -> str:
    """The statement inside a DO block, where that is legal and changes nothing."""
    try:
        nodes = [raw.stmt for raw in parse_sql(statement)]
    except ParseError:
        return statement
    if len(nodes) != 1 or isinstance(nodes[0], _ALONE) or "concurrently" in statement.lower():
        return statement
    if isinstance(nodes[0], ast.SelectStmt) and nodes[0].intoClause is not None:
        return statement
    if isinstance(nodes[0], _CONVERTED) and any(map(_AT_THE_TOP.search, case.statements)):
        return statement
    quote = "$vary$"
    return f"DO $block$ BEGIN EXECUTE {quote}{statement.rstrip().rstrip(';')}{quote}; END $block$"


def _new(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}{_MARK}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
