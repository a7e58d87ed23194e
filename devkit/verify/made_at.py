"""Where a migration made what a snapshot shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from devkit.finding import Place
from devkit.migrations.clauses import clauses
from devkit.postgres.record import History, Script
from devkit.schema.reading import PlaceOf

_LAST_NAME = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^."\s(]+))(?:\(.*\))?$', re.DOTALL)


def made_at(scripts: Iterable[Script], history: History) -> PlaceOf:
    """Finds the statement that made an object, or the newest clause that writes a column."""
    columns = {
        (clause.table, clause.name): clause.place
        for script in scripts
        for statement in script.statements
        for clause in clauses(statement)
        if clause.kind == "column"
    }

    def place(oid: int, name: str, part: str) -> Place | None:
        if part.startswith("column ") and (written := columns.get((_last_name(name), _last_name(part)))):
            return written
        makers = history.makers(oid)
        if makers is None:
            return None
        word = _last_name(part or name)
        naming = [statement for statement in makers.statements if word in statement.text]
        return (naming[0] if naming else makers.statements[-1]).place()

    return place


def _last_name(text: str) -> str:
    """The last identifier of `table public.bets`, without quotes and a function's arguments."""
    found = _LAST_NAME.search(text)
    if found is None:
        return text
    return found["plain"] or found["quoted"].replace('""', '"')
