"""How the findings of two reports differ: which ones go together, and what of them is not alike."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator

from devkit.compare.difference import Difference, Group
from devkit.compare.report import Found

_FIELDS = ("line", "message", "severity", "file", "rule")  # what most likely changes first


@dataclasses.dataclass(slots=True)
class _Left:
    """The findings of both that have not found their like."""

    there: list[Found]
    here: list[Found]

    def pairs(self, but: str | None) -> list[tuple[Found, Found]]:
        """Take out those that are alike in every field but `but`, each with its like."""
        waiting: dict[tuple[object, ...], list[Found]] = defaultdict(list)
        for each in reversed(self.here):
            waiting[_key(each, but)].append(each)
        paired, left = [], []
        for each in self.there:
            like = waiting[_key(each, but)]
            if like:
                paired.append((each, like.pop()))
            else:
                left.append(each)
        self.there = left
        self.here = sorted(each for some in waiting.values() for each in some)
        return paired


def of_findings(there: Iterable[Found], here: Iterable[Found]) -> Iterator[Difference]:
    """Each finding that only one has, and each that both have, but not alike in one respect."""
    left = _Left(sorted(there), sorted(here))
    left.pairs(None)
    for field in _FIELDS:
        for old, new in left.pairs(field):
            what = f"{old.rule} at {old.file}:{old.line}: {field}"
            yield Difference(Group.FINDINGS, what, str(getattr(old, field)), str(getattr(new, field)))
    for each in left.there:
        yield Difference(Group.FINDINGS, _name(each), each.message, None)
    for each in left.here:
        yield Difference(Group.FINDINGS, _name(each), None, each.message)


def _key(found: Found, but: str | None) -> tuple[object, ...]:
    return tuple(getattr(found, field) for field in _FIELDS if field != but)


def _name(found: Found) -> str:
    return f"{found.severity} {found.rule} at {found.file}:{found.line}"
