"""What a rule is: an id that findings carry, with its reason and with examples that tests run."""

from __future__ import annotations

import dataclasses
import enum
import textwrap
from collections.abc import Callable, Iterable

from devkit.finding import Finding, Place, Severity
from devkit.images.manifest import ImageUse
from devkit.migrations.statements import Statement
from devkit.postgres.hearing import Heard
from devkit.postgres.record import Turned
from devkit.schema.catalog import Catalog, Made


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """What rules look at.

    `statements` are those of every file that can be parsed, replayed or not; `heard` and `turned` what the server said
    and how settings stood while they ran, `stored` the settings that they left to a role or a database. `complete`: all
    files ran, so what is missing in `catalog` stays missing. `citus` and `postgres` are the engine's versions;
    `is_standin`: its Citus is ours.
    `place_of` gives the clause that made an object, `place_said` the clause that a message is about.
    """

    catalog: Catalog
    images: tuple[ImageUse, ...]
    statements: tuple[Statement, ...]
    heard: tuple[Heard, ...]
    turned: tuple[Turned, ...]
    stored: tuple[tuple[str, str], ...]
    complete: bool
    citus: str | None
    postgres: str
    is_standin: bool
    tenant_column: str
    place_of: Callable[[Made], Place]
    place_said: Callable[[Heard], Place]


class Subject(enum.StrEnum):
    """What a rule's examples are: migrations, a manifest, commands in a project's root, a history, or facts."""

    SQL = "sql"
    MANIFEST = "manifest"
    PROJECT = "project"
    HISTORY = "history"
    LIVE = "live"


def example(text: str) -> str:
    """An example as it is run and shown: without the indentation that it has in our source."""
    return f"{textwrap.dedent(text).strip()}\n"


DIR = "infra/migrations"  # where examples of whole projects put theirs


def pod(image: str) -> str:
    """A manifest that runs `image`, for examples."""
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: {image}\n"


def found_elsewhere(judged: Judged) -> Iterable[Finding]:
    """For rules whose findings come from reading files or from the engine's refusals."""
    del judged
    return ()


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `why` is the consequence in production; each of `bad` gives a finding, each of `good` none.

    `severity` is the heaviest that it gives. `ignorable`: a team may decide otherwise, with a reason; what cannot run
    or cannot be read is not a matter of opinion.
    """

    id: str
    severity: Severity
    subject: Subject
    summary: str
    why: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    check: Callable[[Judged], Iterable[Finding]] = found_elsewhere
    ignorable: bool = True
