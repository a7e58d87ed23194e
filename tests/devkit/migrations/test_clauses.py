"""Clauses are found with their place, in DO blocks and EXECUTE texts too."""

from __future__ import annotations

import pytest

from devkit.finding import Finding
from devkit.migrations.clauses import Clause, clauses
from devkit.migrations.source import Source
from devkit.migrations.statements import split


def found(text: str, kinds: str = "puxfit") -> list[tuple[str, str, tuple[str, ...], str]]:
    source = Source("f", text)
    statements = split(source)
    assert not isinstance(statements, Finding)
    return [
        (clause.kind, clause.table, clause.columns, marked(text, clause))
        for each in statements
        for clause in clauses(each)
        if clause.kind == kinds or clause.kind in tuple(kinds)
    ]


def marked(text: str, clause: Clause) -> str:
    place, lines = clause.place, text.split("\n")
    assert place.line == place.end_line
    return lines[place.line - 1][place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize(
    ("text", "kind", "table", "columns", "words"),
    [
        ("CREATE TABLE é (id uuid PRIMARY KEY);", "p", "é", ("id",), "PRIMARY KEY"),
        ("CREATE TABLE t (a int, PRIMARY KEY (a));", "p", "t", ("a",), "PRIMARY KEY (a)"),
        ('CREATE TABLE s."T" (a int, CONSTRAINT k UNIQUE (a));', "u", "T", ("a",), "CONSTRAINT k UNIQUE (a)"),
        ("ALTER TABLE t ADD COLUMN a int UNIQUE;", "u", "t", ("a",), "UNIQUE"),
        ("ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a, b);", "p", "t", ("a", "b"), "CONSTRAINT k PRIMARY KEY (a, b)"),
        ("CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u);", "f", "t", ("a",), "FOREIGN KEY (a)"),
        ("CREATE TABLE t (a int REFERENCES u (b));", "f", "t", ("a",), "REFERENCES u"),
        ("CREATE UNIQUE INDEX i ON t (a);", "i", "t", ("a",), "CREATE UNIQUE"),
        ("CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f();", "t", "t", (), "CREATE TRIGGER"),
        ("ALTER TABLE t DISABLE TRIGGER ALL;", "t", "t", (), "ALTER TABLE"),
        ("DO $$ BEGIN CREATE TABLE t (a int PRIMARY KEY); END $$;", "p", "t", ("a",), "PRIMARY KEY"),
        ("DO 'BEGIN CREATE TABLE t (a int PRIMARY KEY); END';", "p", "t", ("a",), "PRIMARY KEY"),
        ("DO $x$ BEGIN EXECUTE 'CREATE UNIQUE INDEX ON t (a)'; END $x$;", "i", "t", ("a",), "CREATE UNIQUE"),
        ("DO $x$ BEGIN EXECUTE $y$CREATE UNIQUE INDEX ON t (a)$y$; END $x$;", "i", "t", ("a",), "CREATE UNIQUE"),
    ],
)  # fmt: skip
def test_a_clause_is_found_with_its_words(
    text: str, kind: str, table: str, columns: tuple[str, ...], words: str
) -> None:
    assert found(f"SELECT 1;\n{text}") == [(kind, table, columns, words)]


@pytest.mark.parametrize(
    ("text", "kind", "table", "words"),
    [
        ('CREATE TABLE s."T t" (a int);', "table", "T t", 's."T t"'),
        ("CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a;", "table", "t", "t"),
        ('CREATE TABLE t (x text, "A b" serial);', "column", "t", '"A b"'),
        ("CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;", "rule", "t", "CREATE RULE"),
    ],
)
def test_a_table_a_column_and_a_rule_are_found_too(text: str, kind: str, table: str, words: str) -> None:
    assert found(text, kind)[-1][0] == kind
    assert (found(text, kind)[-1][1], found(text, kind)[-1][3]) == (table, words)


def test_the_second_of_two_blocks_alike_is_found_in_its_own_line() -> None:
    text = (
        "DO $$\nBEGIN\n  PERFORM 1;\n  IF true THEN\n"
        "    CREATE TABLE a (x int PRIMARY KEY);\n    CREATE TABLE b (x int PRIMARY KEY);\n"
        "  END IF;\nEND $$;"
    )
    source = Source("f", text)
    (statement,) = split(source)  # type: ignore[misc]  # no finding in this text
    places = [
        (clause.table, clause.place.line, clause.place.column) for clause in clauses(statement) if clause.kind == "p"
    ]
    assert places == [("a", 5, 27), ("b", 6, 27)]


def test_what_is_put_together_at_run_time_gives_no_clause() -> None:
    assert found("DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int PRIMARY KEY)', 't'); END $$;") == []
