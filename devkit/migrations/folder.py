"""The one file that reads the migrations folder, and its sum file: every entry with its bytes, or why it has none."""

from __future__ import annotations

import dataclasses
import enum
import os
import stat
from pathlib import Path

from devkit.errors import DevkitError

LARGEST_BYTES = 16 * 1024 * 1024


class Trouble(enum.StrEnum):
    """Why an entry's bytes were not read."""

    FOLDER = "is a folder"
    SPECIAL = "is not a regular file"
    OUTSIDE = "is a symbolic link that leads out of the folder"
    BROKEN = "is a symbolic link to nothing"
    UNREADABLE = "cannot be read"
    TOO_LARGE = "is too large"


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One name in the folder. `data` is None exactly when `trouble` says why; `size` is in bytes."""

    name: str
    data: bytes | None = None
    trouble: Trouble | None = None
    size: int = 0


def read_folder(folder: Path) -> tuple[Entry, ...]:
    """Every entry of `folder`, by name; DevkitError when the folder is missing, unreadable or no folder."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths: they are judged as text
    except FileNotFoundError as error:
        raise DevkitError(
            f"the migrations folder {folder} does not exist",
            f"create it with: mkdir -p '{folder}', or name another one with --migrations DIR",
        ) from error
    except NotADirectoryError as error:
        raise DevkitError(
            f"{folder} is a file, not a folder of migrations", "name the folder with --migrations DIR"
        ) from error
    except OSError as error:
        raise DevkitError(
            f"the migrations folder {folder} cannot be read: {error.strerror}",
            f"allow it with: chmod u+rx '{folder}'",
        ) from error
    return tuple(_read(folder, name) for name in names)


def sum_file(folder: Path) -> Path:
    """Where the sum file of `folder` lies: beside it, since in it every file is judged."""
    return folder.with_name(f"{folder.name}.sum")


def lock_file(folder: Path) -> Path:
    """Where the schema that the migrations of `folder` make is written down: schema.lock beside it."""
    return folder.with_name("schema.lock")


def read_beside(file: Path) -> bytes | None:
    """The bytes of `file`; None when it is not there. DevkitError when it cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DevkitError(f"{file} cannot be read: {error.strerror}", f"allow it with: chmod u+r '{file}'") from error


def _read(folder: Path, name: str) -> Entry:
    path = folder / name
    try:
        trouble = _trouble(folder, path)
        size = 0 if trouble is Trouble.BROKEN else path.stat().st_size
        return Entry(name, None if trouble else path.read_bytes(), trouble, size)
    except OSError:
        return Entry(name, trouble=Trouble.UNREADABLE)


def _trouble(folder: Path, path: Path) -> Trouble | None:
    if path.is_symlink() and not path.exists():
        return Trouble.BROKEN
    status = path.stat()
    checks = (
        (Trouble.OUTSIDE, path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())),
        (Trouble.FOLDER, stat.S_ISDIR(status.st_mode)),
        (Trouble.SPECIAL, not stat.S_ISREG(status.st_mode)),  # a pipe would wait for ever
        (Trouble.TOO_LARGE, status.st_size > LARGEST_BYTES),
    )
    return next((trouble for trouble, holds in checks if holds), None)
