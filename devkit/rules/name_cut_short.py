"""name-cut-short: a name of more than 63 bytes, which PostgreSQL cuts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.rules.rule import Judged, Rule, Subject

_NAME_TOO_LONG = "42622"
_MESSAGE = re.compile(r'identifier "(.*)" will be truncated to "(.*)"', re.DOTALL)
_SHOWN = 80


def check(judged: Judged) -> Iterator[Finding]:
    """What the server says when it cuts a name (NAMEDATALEN, scansup.c)."""
    for heard in judged.heard:
        said = _MESSAGE.match(heard.message)
        if heard.sqlstate != _NAME_TOO_LONG or said is None:
            continue
        start = heard.statement.text.lower().find(said[1].lower())
        place = heard.statement.place(start, start + len(said[1])) if start >= 0 else judged.place_said(heard)
        whole = said[1] if len(said[1]) <= _SHOWN else f"{said[1][:_SHOWN]}…"
        yield Finding(
            RULE.id,
            RULE.severity,
            f"{whole} has more than 63 bytes and becomes {said[2]}: two such names may be one",
            "choose a shorter name",
            place,
            object=said[2],
        )


_LONG = "a_name_that_goes_on_for_longer_than_the_sixty_three_bytes_there_are"

RULE = Rule(
    id="name-cut-short",
    severity=Severity.WARNING,
    subject=Subject.SQL,
    summary="Names have at most 63 bytes.",
    why="PostgreSQL cuts longer names without an error; whoever asks for the whole name later may meet another object.",
    bad=(f"CREATE TABLE {_LONG} (id int);", f'CREATE TABLE t ("{_LONG}" int);'),
    good=(f"CREATE TABLE {_LONG[:63]} (id int);",),
    check=check,
)
