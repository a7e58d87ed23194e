"""Pages that were right, by all that they are made of: ./inv check runs only what a change could have made wrong."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from tests.docs.page import Page

_KEPT = 500
_OURS = frozenset({"tests", "bench", ".ci", ".github"})


class Remembered:
    """A folder with an empty file for each; it may be deleted at any time."""

    def __init__(self, folder: Path, original: Path) -> None:
        self._folder = folder
        self._files = _files(original)

    def key(self, page: Page) -> str:
        """A digest of the page, of the files that it may run or read, and of this Python."""
        commands = "\n".join(page.commands)
        parts = [page.name, page.text, sys.version]
        parts += [f"{name} {digest}" for name, digest in self._files if _matters(name, commands)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def has(self, page: Page) -> bool:
        """Whether just this was right already."""
        return (self._folder / self.key(page)).exists()

    def add(self, page: Page) -> None:
        """Remember that it is right; the oldest of many are forgotten."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / self.key(page)).touch()
        for old in sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)[:-_KEPT]:
            old.unlink(missing_ok=True)


def _matters(name: str, commands: str) -> bool:
    """Whether a file can change what commands say: other pages and what is for us alone must be named to do so."""
    if name.endswith(".md"):
        return name in commands
    folder = name.partition("/")[0]
    return folder not in _OURS or folder in commands or name.startswith("tests/docs/")


def _files(original: Path) -> list[tuple[str, str]]:
    """(name, mode and digest) of every file of a repository that was just committed."""
    words = ["git", "-C", str(original), "ls-files", "--stage", "-z"]
    listed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
    return [(name, digest) for digest, _, name in entries]
