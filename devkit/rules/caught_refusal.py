"""caught-refusal: a block that goes on although Citus refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devkit.finding import Finding, Severity
from devkit.migrations.nested import body_start, line_offset, plpgsql
from devkit.migrations.statements import Statement
from devkit.rules.rule import Judged, Rule, Subject

Tree = Any  # what nested.plpgsql gives

# Conditions that Citus's refusals come under: most have no code of their own (XX000), many are 0A000.
_CATCHES_ALL = frozenset({"others", "feature_not_supported", "0a000", "internal_error", "xx000"})
_MAY_CATCH = re.compile(r"\bexception\b\s+when\b", re.IGNORECASE)
_CHANGES_SCHEMA = re.compile(
    r"\b(create|alter|drop)\s+(or\s+replace\s+|unique\s+|unlogged\s+|constraint\s+)?"
    r"(table|index|trigger|rule|policy|schema|type|function|procedure|sequence|view)\b"
    r"|\b(create_\w+_table|create_distributed_function|undistribute_table|alter_distributed_table|citus_\w+)\s*\(",
    re.IGNORECASE,
)
_ERROR_LEVEL = 21  # elog.h: ERROR


def check(judged: Judged) -> Iterator[Finding]:
    """Refusals that were caught while it ran; then blocks that would catch one, where none came."""
    caught = set()
    for heard in judged.heard:
        if heard.refused:
            caught.add(heard.statement)
            said = f"{heard.message}. {heard.detail}" if heard.detail else heard.message
            yield Finding(
                RULE.id,
                Severity.ERROR,
                f"Citus refused: {said}; the block caught that and went on without it",
                "mend what Citus refuses, and catch only the errors that you expect, by name: WHEN duplicate_table",
                judged.place_said(heard),
                heard.sqlstate,
                object=heard.message,
            )
    for statement in judged.statements:
        if statement not in caught and _MAY_CATCH.search(statement.text):
            yield from _blocks(statement)


def _blocks(statement: Statement) -> Iterator[Finding]:
    start = body_start(statement)
    if start is None:
        return
    for block in _find(plpgsql(statement), "PLpgSQL_stmt_block"):
        handlers = list(_find(block.get("exceptions", {}), "PLpgSQL_exception"))
        if not any(_swallows(each) for each in handlers) or not _changes_schema(block.get("body", [])):
            continue
        body = statement.text[start:]
        when = re.compile(r"\bexception\s+(when)\b", re.IGNORECASE).search(body, line_offset(body, block["lineno"]))
        yield Finding(
            RULE.id,
            Severity.WARNING,
            "this block catches every error around a change of the schema: what a server refuses here goes unseen",
            "catch only the errors that you expect, by name (WHEN duplicate_table), or end the handler with RAISE;",
            statement.place(start + when.start(1), start + when.end(1)) if when else statement.place(),
        )


def _swallows(handler: Tree) -> bool:
    conditions = {each["PLpgSQL_condition"]["condname"].lower() for each in handler["conditions"]}
    raises = [each.get("elog_level") for each in _find(handler.get("action", []), "PLpgSQL_stmt_raise")]
    return bool(conditions & _CATCHES_ALL) and _ERROR_LEVEL not in raises


def _changes_schema(body: Tree) -> bool:
    queries = [each["query"] for each in _find(body, "PLpgSQL_expr")]
    return any(_CHANGES_SCHEMA.search(query) for query in queries)


def _find(tree: Tree, wanted: str) -> Iterator[Tree]:
    if isinstance(tree, list):
        for item in tree:
            yield from _find(item, wanted)
    elif isinstance(tree, dict):
        for name, value in tree.items():
            if name == wanted:
                yield value
            yield from _find(value, wanted)


_TABLE = """
        CREATE EXTENSION citus;
        CREATE TABLE bets (tenant_id bigint NOT NULL, id int, PRIMARY KEY (tenant_id, id));
        SELECT create_distributed_table('bets', 'tenant_id');"""

RULE = Rule(
    id="caught-refusal",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="No block catches what Citus refuses.",
    why="The migration counts as applied and half of it is missing, on that server only.",
    bad=(
        f"""{_TABLE}
        DO $$
        BEGIN
          CREATE UNIQUE INDEX bets_id ON bets (id);
        EXCEPTION WHEN OTHERS THEN
          RAISE NOTICE 'never mind: %', SQLERRM;
        END $$;
        """,
        f"""
        CREATE FUNCTION narrow() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE 'ALTER TABLE bets ALTER COLUMN tenant_id TYPE int';
        EXCEPTION WHEN internal_error THEN NULL;
        END $$;{_TABLE}
        SELECT narrow();
        """,
        """
        DO $$
        BEGIN
          CREATE TABLE notes (id int);
        EXCEPTION WHEN OTHERS THEN NULL;
        END $$;
        """,
    ),
    good=(
        f"""{_TABLE}
        DO $$
        BEGIN
          CREATE TABLE bets (id int);
        EXCEPTION WHEN duplicate_table THEN NULL;
        END $$;
        DO $$
        BEGIN
          ALTER TABLE bets ADD COLUMN note text;
        EXCEPTION WHEN OTHERS THEN
          RAISE WARNING 'bets has no notes';
          RAISE;
        END $$;
        """,
        """
        CREATE FUNCTION as_number(t text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
          RETURN t::numeric;
        EXCEPTION WHEN OTHERS THEN
          RETURN NULL;
        END $$;
        """,
    ),
    check=check,
)  # fmt: skip
