"""What a database's history says of the files: found by ./inv migrate and ./inv status, never by verify.

An example has the files as they were applied, then `now:` and the files as they are; one statement each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from devkit.finding import Finding, Place, Severity
from devkit.migrations.history import Entry, State
from devkit.rules.rule import Rule, Subject


def history_findings(entries: Iterable[Entry], folder: str) -> Iterator[Finding]:
    """A finding for each entry that no run can go on from; `folder` is the migrations folder as people see it."""
    for entry in entries:
        place = Place(f"{folder}/{entry.name}", entry.line)
        said = (Severity.ERROR, entry.message, entry.help, place)
        match entry.state:
            case State.CHANGED:
                yield Finding("history-changed", *said)
            case State.MISSING:
                yield Finding("history-missing", *said)
            case State.RENAMED:
                yield Finding("history-renamed", *said)
            case State.OUT_OF_ORDER:
                yield Finding("history-out-of-order", *said)
            case State.FUTURE:
                yield Finding("history-future", *said)
            case _:
                continue


def _rule(rule_id: str, summary: str, why: str, bad: str, good: str) -> Rule:
    return Rule(rule_id, Severity.ERROR, Subject.HISTORY, summary, why, (bad,), (good,), ignorable=False)


_BOTH = "V1__a.sql: SELECT 1;\nV2__b.sql: SELECT 2;\n"

HISTORY: tuple[Rule, ...] = (
    _rule(
        "history-changed",
        "What was applied stays as it was.",
        "Databases made before and after the change differ, and nothing would ever make them equal again.",
        f"{_BOTH}now:\nV1__a.sql: SELECT 1;\nV2__b.sql: SELECT 3;",
        f"{_BOTH}now:\n{_BOTH}V3__c.sql: SELECT 3;",
    ),
    _rule(
        "history-missing",
        "What was applied has its file.",
        "A new database would be made without it.",
        f"{_BOTH}now:\nV2__b.sql: SELECT 2;",
        f"{_BOTH}now:\n{_BOTH}",
    ),
    _rule(
        "history-renamed",
        "What was applied keeps its name.",
        "Another runner, or another checkout, takes the new name for a new migration and runs it once more.",
        f"{_BOTH}now:\nV1__a.sql: SELECT 1;\nV2__z.sql: SELECT 2;",
        f"{_BOTH}now:\n{_BOTH}",
    ),
    _rule(
        "history-out-of-order",
        "Migrations run in the order of their numbers, everywhere.",
        "Here the file would run after one that follows it elsewhere: columns come in another order, or it fails.",
        "V1__a.sql: SELECT 1;\nV3__c.sql: SELECT 3;\n"
        "now:\nV1__a.sql: SELECT 1;\nV2__b.sql: SELECT 2;\nV3__c.sql: SELECT 3;",
        f"{_BOTH}now:\n{_BOTH}V3__c.sql: SELECT 3;",
    ),
    _rule(
        "history-future",
        "A checkout is not older than its database.",
        "What is compared or applied from here would be judged without what others have applied since.",
        f"{_BOTH}now:\nV1__a.sql: SELECT 1;",
        f"{_BOTH}now:\n{_BOTH}",
    ),
)
