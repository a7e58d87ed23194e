"""Seed: the example data of infra/seed in the stack's database."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from devkit.config import Project
from devkit.errors import DevkitError
from devkit.finding import Finding
from devkit.postgres.seeding import Seed, run_seeds
from devkit.progress import Progress
from devkit.verify.inputs import shown_path

_NUMBERS = re.compile(r"(\d+)")


@dataclasses.dataclass(frozen=True, slots=True)
class Seeded:
    """The files that are in the database, and the refusal that ended it, if one did."""

    files: tuple[str, ...]
    refused: Finding | None


def read_seeds(project: Project) -> tuple[Seed, ...]:
    """The files *.sql of the seed folder, by name, 2 before 10; none when there is no such folder.

    DevkitError for one that cannot be read as text.
    """
    folder = project.root / project.settings.seed
    found = (path for path in folder.glob("*.sql") if path.is_file())
    return tuple(Seed(shown_path(path, project.root), _text(path)) for path in sorted(found, key=_natural))


def seed(project: Project, dsn: str, progress: Progress) -> Seeded:
    """Run the seed files on the database behind `dsn`."""
    there: list[str] = []

    def done(each: Seed) -> None:
        there.append(each.shown)
        progress(f"{each.shown} is there")

    refused = run_seeds(dsn, read_seeds(project), done)
    return Seeded(tuple(there), refused)


def _natural(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBERS.split(path.name))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DevkitError(f"{path} cannot be read: {error.strerror}", f"allow it: chmod u+r '{path}'") from error
    except UnicodeDecodeError as error:
        raise DevkitError(f"{path} is not UTF-8 at byte {error.start}", "save the file as UTF-8") from error
