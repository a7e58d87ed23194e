"""One difference between two reports, and how two tables of names differ."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping, Sequence


class Group(enum.StrEnum):
    """What a difference is about, in the order in which they are shown."""

    IMAGES = "images"
    PLATFORMS = "platforms"
    SCHEMA = "schema"
    SETTINGS = "settings"
    VERSIONS = "versions"
    NODE_IMAGE = "node image"
    MIGRATIONS = "migrations"
    REPORT = "report"
    FINDINGS = "findings"
    MACHINE = "machine"


MAY_DIFFER = frozenset({Group.FINDINGS, Group.MACHINE})


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What two reports do not have alike; None where one does not have it at all."""

    group: Group
    what: str
    there: str | None
    here: str | None

    @property
    def counts(self) -> bool:
        """Whether the stacks are not the same by it."""
        return self.group not in MAY_DIFFER


def of_value(group: Group, what: str, there: str | None, here: str | None) -> Iterator[Difference]:
    """The difference of one value, if there is one."""
    if there != here:
        yield Difference(group, what, there, here)


def of_list(group: Group, what: str, there: Sequence[str], here: Sequence[str], none: str) -> Iterator[Difference]:
    """The difference of two lists, whatever order they are in; `none` says what an empty one means."""
    old, new = sorted(there), sorted(here)
    if old != new:
        yield Difference(group, what, _listed(old, none), _listed(new, none))


def of_table(group: Group, what: str, there: Mapping[str, object], here: Mapping[str, object]) -> Iterator[Difference]:
    """Each name that has another value in `here`; `what` has the name in place of its braces."""
    for name in sorted(there.keys() | here.keys()):
        old, new = there.get(name), here.get(name)
        yield from of_value(
            group, what.format(name), None if old is None else str(old), None if new is None else str(new)
        )


def _listed(values: Sequence[str], none: str) -> str:
    return ", ".join(each or none for each in values) or none
