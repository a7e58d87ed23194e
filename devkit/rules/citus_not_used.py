"""citus-not-used: where [tool.devkit] says citus = false, no migration creates the extension."""

from __future__ import annotations

from collections.abc import Iterator

from pglast import ast

from devkit.finding import Finding, Severity
from devkit.migrations.nested import commands
from devkit.rules.rule import DIR, Judged, Rule, Subject


def check(judged: Judged) -> Iterator[Finding]:
    """CREATE EXTENSION citus, in a block too: the engine may have it, and the team's own server has not."""
    if judged.uses_citus:
        return
    for statement in judged.statements:
        for inner in commands(statement):
            if isinstance(inner.node, ast.CreateExtensionStmt) and inner.node.extname == "citus":
                yield Finding(
                    RULE.id,
                    RULE.severity,
                    "[tool.devkit] says citus = false, and this creates the extension: plain PostgreSQL has none, "
                    "and refuses this file",
                    "delete the statement, or take citus = false out of pyproject.toml",
                    statement.place(inner.start),
                    object="citus",
                )


RULE = Rule(
    id="citus-not-used",
    severity=Severity.ERROR,
    subject=Subject.PROJECT,
    summary="Where the settings say citus = false, no migration creates the extension.",
    why="The engine that replays may have Citus; the team's own server has not, and stops at this file.",
    bad=(
        f"echo 'citus = false' >> pyproject.toml\necho 'CREATE EXTENSION citus;' > {DIR}/V1__a.sql",
        f"""
        echo 'citus = false' >> pyproject.toml
        echo 'DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS citus; END $$;' > {DIR}/V1__a.sql
        """,
    ),
    good=(
        f"""
        echo 'citus = false' >> pyproject.toml
        echo 'CREATE TABLE notes (tenant_id bigint, id bigint PRIMARY KEY);' > {DIR}/V1__notes.sql
        """,
        f"echo 'CREATE EXTENSION citus;' > {DIR}/V1__a.sql",
    ),
    check=check,
)
