"""Reads the manifests folder: every .yaml and .yml below it, as text."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from devkit.errors import DevkitError
from devkit.finding import Finding, Place, Severity


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
    if not folder.is_dir():
        raise DevkitError(
            f"the manifests folder {folder} does not exist",
            'name another one with --manifests DIR, or in pyproject.toml: [tool.devkit] manifests = "DIR"',
        )
    try:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"} and path.is_file())
        next(folder.iterdir(), None)
    except OSError as error:
        raise DevkitError(
            f"the manifests folder {folder} cannot be read: {error.strerror}",
            f"allow it with: chmod -R u+rX '{folder}'",
        ) from error
    return tuple(
        Manifest(f"{shown_folder}/{path.relative_to(folder).as_posix()}", _bytes(path), path) for path in paths
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Skipped:
    """A file below the manifests folder that is no manifest, and why."""

    shown: str
    why: str


def skipped(folder: Path, shown_folder: str) -> tuple[Skipped, ...]:
    """What lies below `folder` and is not read, in the order of the paths; files that begin with a dot are left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        why = _why_not(path)
        if why and not path.name.startswith("."):
            found.append(Skipped(_shown(path, folder, shown_folder), why))
    return tuple(found)


def _shown(path: Path, folder: Path, shown_folder: str) -> str:
    """How findings show a file; bytes that are no UTF-8 as escapes."""
    return f"{shown_folder}/{os.fsencode(path.relative_to(folder)).decode('utf-8', 'backslashreplace')}"


def _why_not(path: Path) -> str:
    if path.is_symlink():
        if path.is_dir():
            return "a link to a folder, which is not entered"
        if not path.exists():
            return "a link to nothing"
    if path.is_dir():
        return ""
    if path.suffix not in {".yaml", ".yml"}:
        return "its name does not end in .yaml or .yml"
    return "" if path.is_file() else "no file"


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
