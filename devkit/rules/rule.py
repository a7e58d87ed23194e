"""What a rule is: an id that findings carry, with its reason and with examples that tests run."""

from __future__ import annotations

import dataclasses
import enum
import textwrap
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from devkit.finding import Finding, Place, Severity
from devkit.images.lock import ImagesLock, LockedImage, to_text
from devkit.images.manifest import ImageUse
from devkit.images.name import normal
from devkit.images.pins import Pins
from devkit.images.resolved import OCI_INDEX, Child, Resolved

if TYPE_CHECKING:  # what only rules about SQL look at takes half a second to import
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
    `is_standin`: its Citus is ours; `uses_citus`: the team's own server has one (`citus` is None where it has not).
    `place_of` gives the clause that made an object, `place_said` the clause that a message is about.
    """

    catalog: Catalog
    pins: Pins
    statements: tuple[Statement, ...]
    heard: tuple[Heard, ...]
    turned: tuple[Turned, ...]
    stored: tuple[tuple[str, str], ...]
    complete: bool
    citus: str | None
    postgres: str
    is_standin: bool
    uses_citus: bool
    tenant_column: str
    place_of: Callable[[Made], Place]
    place_said: Callable[[Heard], Place]

    @property
    def images(self) -> tuple[ImageUse, ...]:
        """The images of the manifests."""
        return self.pins.uses


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


def pod_file(image: str) -> str:
    """The commands that make a project with a manifest that runs `image`, for examples."""
    return f"echo 'SELECT 1;' > {DIR}/V1__a.sql\ncat > infra/k8s/a.yaml <<'END'\n{pod(image)}END"


def locked(*images: str, platforms: tuple[str, ...] = ("linux/amd64", "linux/arm64")) -> str:
    """The command that writes a lock of `images`, each with a made-up digest, for examples."""
    digest = f"sha256:{'a' * 64}"
    resolved = Resolved(digest, OCI_INDEX, tuple(Child(each, digest, digest, 1) for each in platforms))
    lock = ImagesLock(tuple(LockedImage(normal(image), resolved) for image in images))
    return f"cat > infra/images.lock <<'END'\n{to_text(lock)}END"


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
