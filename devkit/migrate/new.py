"""The next migration: a new file with the next number, or one whose number another branch has taken."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path

from devkit.errors import DevkitError
from devkit.files import write_atomically
from devkit.migrations.fileset import MIGRATION, FileSet
from devkit.migrations.folder import read_beside, read_folder, sum_file
from devkit.migrations.naming import file_name, next_version, template
from devkit.migrations.sums import Sum, check_sum, read_sum, sum_text
from devkit.verify.inputs import Request, gather, ordered, shown_path


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """The files that are new, or have a new name; and the sum file."""

    files: tuple[Path, ...]
    sum: Path


def new(request: Request, title: str, now: datetime.datetime) -> Written:
    """Write the next migration, named after `title`, and enter it into the sum file.

    DevkitError when the title gives no name, or when the sum file says that history was changed; nothing is written
    then.
    """
    folder = request.migrations
    found = _found(folder)
    if found:
        _refuse_bent(request)
    file = folder / file_name(next_version((version for version, _ in found), now), title)
    text = template(title, request.project.settings.tenant_column)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise DevkitError(f"{file} cannot be written: {error.strerror}", "mend that, then run again") from error
    return Written((file,), write_sum(request))


def renumber(request: Request, file: Path) -> Written:
    """Give `file` the next free number, and with it what its branch added after it; the sum file is written anew.

    Which files those are is read from the conflict that git left in the sum file. DevkitError when `file` is no
    migration of the folder, or has the highest number already; then nothing changes.
    """
    folder = request.migrations
    found = _found(folder)
    names = [name for _, name in found]
    if file.name not in names or file.absolute().parent != folder.absolute():
        example = f", for example {folder}/{names[-1]}" if names else ""
        raise DevkitError(f"{file} is no migration in {folder}", f"name one of its files{example}")
    moving = _moving(file.name, _read_sum(folder))
    staying = [version for version, name in found if name not in moving]
    if max(staying, default=-1) < min(version for version, name in found if name in moving):
        raise DevkitError(f"{file} has the highest number already", "nothing has to be renumbered")
    first = max(staying) + 1
    renamed = {name: _with_version(first + offset, name) for offset, name in enumerate(moving)}
    for old, name in reversed(renamed.items()):
        (folder / old).rename(folder / name)
    return Written(tuple(folder / name for name in renamed.values()), write_sum(request))


def write_sum(request: Request) -> Path:
    """Write the sum file of the folder as it is now; returns its path."""
    file = sum_file(request.migrations)
    write_atomically(file, sum_text(_readable(request).migrations).encode())
    return file


def changed_lines(request: Request) -> tuple[str, ...]:
    """The files whose line in the sum file would become another, or go: history that --sum would rewrite."""
    before = _read_sum(request.migrations)
    now = dict(read_sum(sum_text(_readable(request).migrations)).common)
    return tuple(name for name, value in before.common if now.get(name) != value)


def _refuse_bent(request: Request) -> None:
    """DevkitError where one more line in the sum file would cover up what is wrong with those before it."""
    migrations = _readable(request).migrations
    data = read_beside(sum_file(request.migrations))
    shown = shown_path(sum_file(request.migrations), request.project.root)
    text = "" if data is None else data.decode("utf-8", "replace")
    wrong = check_sum(text, shown, migrations) if text else None
    if wrong and (read_sum(text).conflict_line is not None or changed_lines(request)):
        raise DevkitError(f"{wrong.place.file}:{wrong.place.line}: {wrong.message}", wrong.help)


def _readable(request: Request) -> FileSet:
    fileset = ordered(gather(request), request)
    if fileset.stop_before is not None:
        raise DevkitError(
            f"the order of the migrations ends before version {fileset.stop_before}",
            "./inv verify says why; two files of one version: ./inv new --renumber FILE",
        )
    return fileset


def _with_version(version: int, name: str) -> str:
    return f"V{version}__{name.partition('__')[2]}"


def _moving(name: str, found: Sum) -> tuple[str, ...]:
    """`name`, and what its side of the conflict added after it."""
    for side in (found.ours, found.theirs):
        if name in side:
            return side[side.index(name) :]
    return (name,)


def _read_sum(folder: Path) -> Sum:
    data = read_beside(sum_file(folder))
    return Sum(()) if data is None else read_sum(data.decode("utf-8", "replace"))


def _found(folder: Path) -> Sequence[tuple[int, str]]:
    matches = ((MIGRATION.fullmatch(entry.name), entry.name) for entry in read_folder(folder))
    return sorted((int(match[1]), name) for match, name in matches if match)
