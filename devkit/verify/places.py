"""From what was found to the clause that wrote it: by object id to the statement, by the tree to the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from devkit.finding import Place
from devkit.migrations.clauses import Clause, clauses
from devkit.migrations.nested import body_start
from devkit.migrations.statements import Statement
from devkit.postgres.hearing import Heard
from devkit.postgres.record import Failure, History
from devkit.schema.catalog import Catalog, ForeignKey, Key, Made, Rewrite, SequenceColumn, Table, Trigger

# What Citus says when a key lacks the distribution column (table.c:3225, index.c:1254), when a trigger is in the
# way of distribution (create_distributed_table.c:2383), and when a trigger is not allowed (trigger.c:687, 691).
KEY_REFUSED = re.compile(r'^cannot create constraint on "(.*)"$')
INDEX_REFUSED = re.compile(r"^creating unique indexes on non-partition columns")
HAS_TRIGGERS = re.compile(r'^cannot distribute relation "(.*)" because it has triggers$')
TRIGGER_REFUSED = re.compile(r"^triggers are not supported on ")
_IN_BLOCK = re.compile(r"PL/pgSQL function inline_code_block line (\d+)")


def place_of(made: Made, history: History) -> Place:
    """The clause that made an object; when it was made out of sight (by a function, say), the statement that did it.

    A clause of the same file counts even inside a function that a later statement called.
    """
    makers = history.makers(made.oid)
    if makers is None:
        return Place("(before the first migration)")
    table = made if isinstance(made, Table) else made.table
    for statements in (makers.statements, makers.file):
        written = [clause for statement in statements for clause in clauses(statement) if _same(clause, made)]
        named = [clause for clause in written if clause.table == table.name]  # it may have a new name by now
        if written:
            return (named or written)[0].place
    naming = [statement for statement in makers.statements if table.name in statement.text]
    return (naming or makers.statements)[-1].place()


def failure_place(failure: Failure | Heard, before: Catalog, history: History, tenant_column: str) -> Place:
    """The clause that the server objects to, or speaks about. `before` is the catalog as the statement found it."""
    statement = failure.statement
    refused = KEY_REFUSED.match(failure.message)
    if refused:
        keys = _offending_keys(before, refused[1], statement, tenant_column)
        in_statement = [c for c in clauses(statement) if c.kind in "pux" and c.table == refused[1]]
        return next(_places(keys, in_statement, history, tenant_column), _spoken_place(failure))
    triggered = HAS_TRIGGERS.match(failure.message)
    if triggered:
        triggers = [each for each in before.triggers if each.table.name == triggered[1]]
        in_statement = [c for c in clauses(statement) if c.kind == "t" and c.table == triggered[1]]
        return next(_places(triggers, in_statement, history, tenant_column), _spoken_place(failure))
    wanted = "i" if INDEX_REFUSED.match(failure.message) else "t" if TRIGGER_REFUSED.match(failure.message) else ""
    own = [clause for clause in clauses(statement) if clause.kind == wanted and _at_fault(clause, tenant_column)]
    return own[0].place if own else _spoken_place(failure)


_KINDS: dict[type[Made], str] = {
    ForeignKey: "f", Rewrite: "rule", SequenceColumn: "column", Table: "table", Trigger: "t",
}  # fmt: skip


def _same(clause: Clause, made: Made) -> bool:
    if clause.kind != (made.kind if isinstance(made, Key) else _KINDS[type(made)]):
        return False
    if clause.name is not None:
        return clause.name == made.name
    return clause.columns == made.columns if isinstance(made, Key | ForeignKey) else True


def _at_fault(clause: Clause, tenant_column: str) -> bool:
    return clause.kind == "t" or tenant_column not in clause.columns


def _offending_keys(before: Catalog, table: str, statement: Statement, tenant_column: str) -> list[Key]:
    """The keys in the way, of the tables of that name that the statement can mean."""
    named = [each for each in before.tables if each.name == table]
    meant = [each for each in named if _mentions(statement, each)] or named
    return [key for key in before.keys if key.table in meant and (key.table.distribution_column or tenant_column) not in
            (*key.columns, *key.included)]  # fmt: skip


def _mentions(statement: Statement, table: Table) -> bool:
    return table.schema == "public" or table.schema in statement.text


def _places(
    made: Iterable[Key | Trigger], own: Iterable[Clause], history: History, tenant_column: str
) -> Iterator[Place]:
    """What was there before the statement first: it is the cause even when the statement adds another."""
    for each in made:
        yield place_of(each, history)
    for clause in own:
        if _at_fault(clause, tenant_column):
            yield clause.place


def _spoken_place(failure: Failure | Heard) -> Place:
    """Where the server itself points: its position, the line of a DO block, or the statement."""
    statement = failure.statement
    if isinstance(failure, Failure) and failure.position is not None:
        within = 0 if failure.query is None else statement.text.find(failure.query)
        if within >= 0:
            return statement.place(within + failure.position - 1)
    lines = _IN_BLOCK.findall(failure.context or "")
    start = body_start(statement)
    if lines and start is not None:
        source = statement.source
        first = source.place(statement.start + start).line
        offset = source.line_start(first + int(lines[-1]) - 1)
        return statement.place(max(offset, statement.start + start) - statement.start)
    return statement.place()
