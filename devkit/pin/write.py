"""The door to the files: all of a plan, or nothing of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from devkit.errors import DevkitError
from devkit.images.lock import journal_of
from devkit.pin.journal import Reached, alone, nowhere, write_together
from devkit.pin.tree import Tree


def write(tree: Tree, contents: Mapping[Path, bytes | None], reached: Reached = nowhere) -> None:
    """Write `contents`, planned on `tree`; DevkitError when a file has changed since, or cannot be written."""
    with alone(tree.request.manifests):
        _refuse_changed(tree, contents)
        try:
            write_together(journal_of(tree.lock_file), contents, reached)
        except OSError as error:
            where = error.filename or tree.lock_file
            raise DevkitError(
                f"{where} cannot be written: {error.strerror or os.strerror(error.errno or 0)}; no file was changed",
                f"make room, or allow it: chmod u+w '{Path(where).parent}'; then run this again",
            ) from error


def _refuse_changed(tree: Tree, contents: Mapping[Path, bytes | None]) -> None:
    read = {each.path.resolve(): each.data for each in tree.manifests if each.path is not None}
    read[tree.lock_file] = tree.lock_bytes
    for path in contents:
        try:
            now = path.read_bytes()
        except FileNotFoundError:
            now = None
        if now != read.get(path):
            raise DevkitError(f"{path} was changed meanwhile; nothing was written", "run this again")
