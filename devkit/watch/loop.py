"""The watch loop: one run at a time; what is saved during a run leads to one more.

Folders are watched from their parents, so that a rename over a file, a deleted and a re-created folder are seen.
A look at names, sizes and times once a second stands in for events where a file system sends none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import watch as file_events

from devkit.migrations.folder import sum_file

_LOOK_MS = 1000
_SETTLE_MS = 100  # an editor's rename-and-replace is several events

Signature = tuple[tuple[str, int, int, int], ...]


def watch(root: Path, folders: Iterable[Path], run: Callable[[], None], say: Callable[[str], None]) -> None:
    """Call `run` now and after each change below `folders` or of pyproject.toml and the locks in `root`.

    Ends with KeyboardInterrupt. Never two runs at once: events that arrive during a run wait for its end.
    """
    folders = tuple(folders)
    seen: Signature | None = None
    while True:
        paths = _watched(root, folders)
        events = file_events(
            *paths, recursive=False, debounce=_SETTLE_MS, step=_SETTLE_MS // 2, rust_timeout=_LOOK_MS,
            yield_on_timeout=True, raise_interrupt=True,
        )  # fmt: skip
        for _ in events:
            now = signature(root, folders)
            if now != seen:
                seen = now  # taken before the run: a save during it differs again
                run()
                say(f"watching {', '.join(str(folder) for folder in folders)}; Ctrl-C ends")
            if _watched(root, folders) != paths:
                break  # a folder came or went: watch anew, and look once more when that has begun


def signature(root: Path, folders: Iterable[Path]) -> Signature:
    """Name, size, time and inode of all that is watched: equal as long as nobody has saved anything."""
    folders = tuple(folders)
    files = [root / "pyproject.toml", *root.glob("*.lock"), *map(sum_file, folders)]
    for folder in folders:
        for base, directories, names in os.walk(folder):
            files += [Path(base) / name for name in (*directories, *names)]
    return tuple(sorted(found for path in files if (found := _state(path)) is not None))


def _state(path: Path) -> tuple[str, int, int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return str(path), status.st_size, status.st_mtime_ns, status.st_ino


def _watched(root: Path, folders: Iterable[Path]) -> tuple[Path, ...]:
    """The folders to hand to the operating system: the root, each folder below, and each folder's parent."""
    found = {root}
    for folder in folders:
        parent = folder.absolute().parent
        while not parent.is_dir():
            parent = parent.parent
        found.add(parent)
        found.update(Path(base) for base, _, _ in os.walk(folder.absolute()))
    return tuple(sorted(found))
