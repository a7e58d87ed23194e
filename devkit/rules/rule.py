"""What a rule is: a policy of ours over what was replayed, with bad and good examples that tests run."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable

from devkit.finding import Finding, Place, Severity
from devkit.images.manifest import ImageUse
from devkit.schema.catalog import Catalog, Key, Trigger


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """What rules look at. `place_of` gives the clause that made a key or a trigger."""

    catalog: Catalog
    images: tuple[ImageUse, ...]
    place_of: Callable[[Key | Trigger], Place]


class Subject(enum.StrEnum):
    """What a rule's examples are: migrations, or a manifest."""

    SQL = "sql"
    MANIFEST = "manifest"


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One policy. `why` is the consequence in production; each of `bad` gives a finding, each of `good` none."""

    id: str
    severity: Severity
    subject: Subject
    summary: str
    why: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    check: Callable[[Judged], Iterable[Finding]]
