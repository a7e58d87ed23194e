"""Where a migration made what a snapshot shows."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from devkit.finding import Place
from devkit.migrations.clauses import clauses
from devkit.migrations.statements import Statement
from devkit.postgres.record import History, Script
from devkit.schema.reading import PlaceOf

_IDENTIFIER = re.compile(r'"(?:[^"]|"")+"|[^\W\d][\w$]*')
_LAST_NAME = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^."\s(]+))(?:\(.*\))?$', re.DOTALL)
# What no object's id tells: whose entries begin so, and the statements that say it
_SAID = (
    (re.compile(r"comment on (.*)", re.DOTALL), ("comment",)),
    (re.compile(r"grant on (.*) to (.*)", re.DOTALL), ("grant", "revoke")),
    (re.compile(r"default grant of .* on (.*) to (.*)", re.DOTALL), ("alter default privileges",)),
    (re.compile(r"owner of (.*)", re.DOTALL), ("alter", "create schema")),
)
_NOBODY = {"owner", "public", "nobody"}  # whom a statement may name otherwise


class Spoken:
    """The statements of some scripts by the words in them."""

    def __init__(self, scripts: Iterable[Script]) -> None:
        self.statements = [statement for script in scripts for statement in script.statements]

    @functools.cached_property
    def _numbers(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for number, statement in enumerate(self.statements):
            for word in _words(statement.text):
                found.setdefault(word, set()).add(number)
        return found

    @functools.cached_property
    def _number(self) -> dict[tuple[str, int], int]:
        return {(each.source.file, each.start): number for number, each in enumerate(self.statements)}

    def first(self, words: Iterable[str], within: Sequence[Statement]) -> Statement | None:
        """The first statement with all of `words` in it, of a stretch of them."""
        begin, end = (self._number[each.source.file, each.start] for each in (within[0], within[-1]))
        found = min((number for number in self._with_all(words) if begin <= number <= end), default=None)
        return None if found is None else self.statements[found]

    def last(self, words: Iterable[str], verbs: tuple[str, ...] = ("",)) -> Statement | None:
        """The last statement with all of `words` in it that begins with one of `verbs`."""
        spoken = (each for each in self._with_all(words) if self.statements[each].text.lower().startswith(verbs))
        found = max(spoken, default=None)
        return None if found is None else self.statements[found]

    def _with_all(self, words: Iterable[str]) -> set[int]:
        return set.intersection(*sorted(map(self._with, words), key=len))

    def _with(self, word: str) -> set[int]:
        if word[:1].isidentifier():
            return self._numbers.get(word, set())
        return {number for number, statement in enumerate(self.statements) if word in statement.text}  # an operator

    def place(self, name: str, part: str) -> Place | None:
        """Where a migration speaks last of what is not there any more: it dropped it, or gave it another name."""
        said = self.about(name, part)
        return said.place() if said else None

    def about(self, name: str, part: str) -> Statement | None:
        """The last statement that speaks of a part of an object together with it, or else of the part."""
        for pattern, verbs in _SAID:
            found = pattern.fullmatch(name)
            if found and (said := self.last(_names(*found.groups()), verbs)):
                return said
        return self.last(_named(name, part)) or self.last([_last_name(part or name)])


def made_at(scripts: Iterable[Script], history: History) -> PlaceOf:
    """Finds the statement that made an object, renamed it, or spoke of it last; of a column its clause."""
    spoken = Spoken(scripts)
    columns = {
        (clause.table, clause.name): clause.place
        for statement in spoken.statements
        for clause in clauses(statement)
        if clause.kind == "column"
    }

    def place(oid: int, name: str, part: str) -> Place | None:
        if part.startswith("column ") and (written := columns.get((_last_name(name), _last_name(part)))):
            return written
        said = spoken.about(name, part) if any(pattern.fullmatch(name) for pattern, _ in _SAID) else None
        makers = history.makers(oid)
        if said is None and makers is not None:
            naming = spoken.first(_named(name, part), makers.statements)
            said = naming or spoken.about(name, part) or makers.statements[-1]
        return said.place() if said else None

    return place


def _words(text: str) -> frozenset[str]:
    """The identifiers in a statement, as the catalogs have them."""
    return frozenset(
        word[1:-1].replace('""', '"') if word.startswith('"') else word.lower() for word in _IDENTIFIER.findall(text)
    )


def _named(name: str, part: str) -> set[str]:
    """The words that a statement about it has; an index is named without its table."""
    return {_last_name(part)} if part.startswith("index ") else {_last_name(name), _last_name(part or name)}


def _names(about: str, to: str = "public") -> set[str]:
    """What a comment or a grant is about, and whom it is for unless a statement may name them otherwise."""
    names = {_last_name(each) for each in about.split(" on ")}
    return names if to in _NOBODY else {*names, _last_name(to)}


def _last_name(text: str) -> str:
    """The last identifier of `table public.bets`, without quotes and a function's arguments."""
    found = _LAST_NAME.search(text)
    if found is None:
        return text
    return found["plain"] or found["quoted"].replace('""', '"')
