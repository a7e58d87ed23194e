"""A finding: what is wrong in the user's own files, where it stands, and the safe form."""

from __future__ import annotations

import dataclasses
import enum


class Severity(enum.StrEnum):
    """How much a finding weighs: an error makes the exit code 1, the others never do."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of a file. Lines and columns count characters from 1; the end is exclusive."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: the rule that saw it, the consequence, the cure, the place.

    `object` is the name of what it is about (a table, a trigger, an image): what an ignore or a baseline goes by when
    lines move. `stops`: the engine refused and the replay ended here, which no ignore and no baseline can hide.
    """

    rule: str
    severity: Severity
    message: str
    help: str
    place: Place
    sqlstate: str | None = None
    object: str | None = None
    stops: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        """What stays when a finding moves within its file: rule, file, and the object or else the message."""
        return self.rule, self.place.file, self.object or self.message
