"""The sum file beside the migrations folder: one line a file, so that two branches that both add one conflict in git.

Each line holds a digest of all names up to its own and of the contents before its own: the newest file may still be
edited, an older one may not, and nothing can be slipped in between.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Sequence

from devkit.files import digest
from devkit.finding import Finding, Place, Severity
from devkit.migrations.digests import file_digest
from devkit.migrations.fileset import Migration

HEAD = "# devkit sum 1: each line digests all names up to its own, and the contents before it. Made by: ./inv new"
_LINE = re.compile(r"(V[0-9]+__\S+\.sql) ([0-9a-f]{64})")
_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
RULE_CURE = "./inv new --sum writes it anew, and git shows what that changes"


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """A sum file as git may have left it: the lines both branches share, and each side's own in a conflict.

    `wrong` is the number of the first line, counted from 1, that is no line of a sum file.
    """

    common: tuple[tuple[str, str], ...]
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    conflict_line: int | None = None
    wrong: int | None = None


def sum_text(migrations: Sequence[Migration]) -> str:
    """The sum file of `migrations`, which are in order."""
    return "".join(f"{line}\n" for line in (HEAD, *(f"{name} {value}" for name, value in _chain(migrations))))


def read_sum(text: str) -> Sum:
    """Read a sum file, conflict markers and all."""
    sides: dict[str, list[tuple[str, str]]] = {"": [], "<": [], "|": [], "=": []}
    side, conflict, wrong = "", None, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(_MARKS):
            side = "" if line[0] == ">" else line[0]
            conflict = conflict or number
            continue
        match = _LINE.fullmatch(line)
        if match:
            sides[side].append((match[1], match[2]))
        elif line and not line.startswith("#"):
            wrong = wrong or number
    ours, theirs = (tuple(name for name, _ in sides[key]) for key in ("<", "="))
    return Sum(tuple(sides[""]), ours, theirs, conflict, wrong)


def check_sum(text: str, file: str, migrations: Sequence[Migration]) -> Finding | None:
    """What is wrong with the sum file shown as `file`, for the readable `migrations` in order."""
    found = read_sum(text)
    if found.conflict_line is not None:
        folder = file.removesuffix(".sum")
        sides = [f"{folder}/{names[0]}" for names in (found.ours, found.theirs) if names]
        said = "git left a conflict: two branches add migrations"
        cure = f"renumber what is not published yet: ./inv new --renumber {' or '.join(sides) or 'FILE'}"
        return _finding(said, cure, Place(file, found.conflict_line))
    if found.wrong is not None:
        return _finding("this is no line of a sum file", RULE_CURE, Place(file, found.wrong))
    number = 2
    for listed, (name, value) in itertools.zip_longest(found.common, _chain(migrations), fillvalue=(None, "")):
        if listed[0] != name or listed[1] != value:
            return _difference(listed[0], name, file, number, migrations)
        number += 1
    return None


def _difference(
    listed: str | None, name: str | None, file: str, number: int, migrations: Sequence[Migration]
) -> Finding:
    if name is None:
        return _finding(f"{listed} is in the sum, and not in the folder", RULE_CURE, Place(file, number))
    at = number - 2
    shown = migrations[at].source.file
    if listed is None:
        return _finding(f"{name} is not in {file}", RULE_CURE, Place(shown))
    if listed != name:
        return _finding(
            f"{file} has {listed} where the folder has {name}: history was changed in the middle",
            f"give what is new the next number: ./inv new --renumber '{shown}'; "
            f"or, where nobody has applied it, {RULE_CURE}",
            Place(shown),
        )
    if at == 0:
        return _finding(f"the line of {name} is not what ./inv new wrote", RULE_CURE, Place(file, number))
    before = migrations[at - 1].source.file
    return _finding(
        f"this file is not what it was when {name} was added after it",
        f"restore it (git log -p -- '{before}'); or, where nobody has applied it, {RULE_CURE}",
        Place(before),
    )


def _chain(migrations: Iterable[Migration]) -> Iterable[tuple[str, str]]:
    running, before = "", ""
    for each in migrations:
        running = digest((running.encode(), before.encode(), each.name.encode()))
        yield each.name, running
        before = file_digest(each.source.text)


def _finding(message: str, cure: str, place: Place) -> Finding:
    return Finding("sum-out-of-date", Severity.ERROR, message, cure, place)
