"""unnamed-concurrent-index: an index that is built outside of a transaction has a name."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.migrations.probe import is_unnamed_index
from devkit.rules.rule import Judged, Rule, Subject


def check(judged: Judged) -> Iterator[Finding]:
    """Every CREATE INDEX CONCURRENTLY without a name."""
    for statement in judged.statements:
        if "concurrently" in statement.text.lower() and is_unnamed_index(statement.node):
            yield Finding(
                RULE.id,
                RULE.severity,
                "when a run is cut short here, nobody can tell whether this index was built: it has no name",
                "name it: CREATE INDEX CONCURRENTLY NAME ON …",
                statement.place(),
            )


RULE = Rule(
    id="unnamed-concurrent-index",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="CREATE INDEX CONCURRENTLY names its index.",
    why="It commits by itself: after a kill only the name tells whether it happened, and what is left half-built.",
    bad=("CREATE TABLE bets (id int);\nCREATE INDEX CONCURRENTLY ON bets (id);",),
    good=("CREATE TABLE bets (id int);\nCREATE INDEX CONCURRENTLY bets_id ON bets (id);\nCREATE INDEX ON bets (id);",),
    check=check,
)
