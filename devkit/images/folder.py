"""Reads the manifests folder: every .yaml and .yml below it, as text."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

from devkit.errors import DevkitError
from devkit.finding import Finding, Place, Severity

_SUFFIXES = (".yaml", ".yml")


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest's bytes under the name that findings show; None when it cannot be read. `path`: where it lies."""

    shown: str
    data: bytes | None
    path: Path | None = None

    def text(self) -> str | Finding:
        """The text, or the finding that says why there is none."""
        try:
            if self.data is not None:
                return self.data.decode("utf-8-sig")
            why, cure = "this manifest cannot be read", f"allow it with: chmod u+r '{self.shown}'"
        except UnicodeDecodeError as error:
            why, cure = f"not UTF-8 at byte {error.start}", "save the file as UTF-8"
        return Finding("manifest-unreadable", Severity.ERROR, why, cure, Place(self.shown))


def read_manifests(folder: Path, shown_folder: str) -> tuple[Manifest, ...]:
    """The manifests below `folder` in the order of their paths; DevkitError when there is no such folder."""
    found = (entry for entry in _entries(folder) if entry.name.endswith(_SUFFIXES) and entry.is_file())
    return tuple(Manifest(_shown(entry, folder, shown_folder), _bytes(entry.path), Path(entry.path)) for entry in found)


@dataclasses.dataclass(frozen=True, slots=True)
class Skipped:
    """A file below the manifests folder that is no manifest, and why."""

    shown: str
    why: str


def skipped(folder: Path, shown_folder: str) -> tuple[Skipped, ...]:
    """What lies below `folder` and is not read, in the order of the paths; files that begin with a dot are left out."""
    found = ((entry, _why_not(entry)) for entry in _entries(folder) if not entry.name.startswith("."))
    return tuple(Skipped(_shown(entry, folder, shown_folder), why) for entry, why in found if why)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """All below `folder` that is no folder itself; DevkitError when it cannot be read."""
    if not folder.is_dir():
        raise DevkitError(
            f"the manifests folder {folder} does not exist",
            'name another one with --manifests DIR, or in pyproject.toml: [tool.devkit] manifests = "DIR"',
        )
    try:
        return sorted(_below(str(folder)), key=_parts)
    except OSError as error:
        raise DevkitError(
            f"the manifests folder {folder} cannot be read: {error.strerror}",
            f"allow it with: chmod -R u+rX '{folder}'",
        ) from error


def _parts(entry: os.DirEntry[str]) -> list[str]:
    return entry.path.split(os.sep)  # noqa: PTH206 - a Path for each of a thousand costs as much as reading it


def _below(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path)
            else:
                yield entry


def _shown(entry: os.DirEntry[str], folder: Path, shown_folder: str) -> str:
    """How findings show a file; bytes that are no UTF-8 as escapes."""
    relative = entry.path.removeprefix(str(folder)).removeprefix(os.sep)
    return f"{shown_folder}/{os.fsencode(relative).decode('utf-8', 'backslashreplace')}"


def _why_not(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink() and not entry.is_file():
        return "a link to a folder, which is not entered" if entry.is_dir() else "a link to nothing"
    if not entry.name.endswith(_SUFFIXES):
        return "its name does not end in .yaml or .yml"
    return "" if entry.is_file() else "no file"


def _bytes(path: str) -> bytes | None:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - see _parts
            return stream.read()
    except OSError:
        return None
