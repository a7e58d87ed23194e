"""Files: written whole or not at all, and digested with no two inputs looking alike."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` through a temporary file beside it and a rename, keeping its mode.

    An OSError leaves the old file as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def digest(parts: Iterable[bytes]) -> str:
    """SHA-256 in hex over `parts`, each preceded by its length, so that no two lists run together."""
    running = hashlib.sha256()
    for part in parts:
        running.update(len(part).to_bytes(8, "big"))
        running.update(part)
    return running.hexdigest()


def tree(folder: Path, suffixes: frozenset[str]) -> tuple[tuple[str, bytes], ...]:
    """The files below `folder` whose name ends in one of `suffixes`: relative path and bytes, sorted by path."""
    found = (path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file())
    return tuple(sorted((path.relative_to(folder).as_posix(), path.read_bytes()) for path in found))
