"""Several files written as one: after a kill at any moment the next run makes them all new, or all are as they were.

First every new content goes into a file beside its target, then a journal names them all, then each is renamed, then
the journal goes. A kill before the journal is there leaves the old files; after it, the next run renames the rest.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from devkit.errors import DevkitError
from devkit.files import digest, write_atomically

_NEW = ".devkit-new"
# Called with the name of each step that was reached: how a test stops a process between any two of them.
Reached = Callable[[str], None]


def nowhere(step: str) -> None:
    """Go on."""
    del step


class _Entry(msgspec.Struct, frozen=True):
    """A file to make new: from `new`, or away when that is None; `old` and `then` digest it before and after."""

    target: str
    new: str | None
    old: str
    then: str


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other runs from writing below `folder` meanwhile; DevkitError when one is at it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DevkitError(
                f"another run is writing the manifests in {folder}", "wait for it, then run this again"
            ) from error
        yield
    finally:
        os.close(handle)


def write_together(journal: Path, contents: Mapping[Path, bytes | None], reached: Reached = nowhere) -> None:
    """Give each file of `contents` its new bytes, None for no file at all, keeping modes.

    An OSError leaves every file as it was. `journal` is the file that carries it over a kill.
    """
    before = {target: _bytes(target) for target in contents}
    entries: list[_Entry] = []
    try:
        for target, data in contents.items():
            entries.append(_Entry(str(target), _staged(target, data), _digest(before[target]), _digest(data)))
            reached(f"staged {target.name}")
        write_atomically(journal, msgspec.json.encode(entries))
        reached("journal")
        _rename(entries, reached)
    except OSError:
        _take_back(before, contents)
        journal.unlink(missing_ok=True)
        raise
    finally:
        if not journal.exists():
            _clear(entries)
    journal.unlink()
    reached("done")


def is_unfinished(journal: Path, folder: Path) -> bool:
    """Whether a run that was writing below `folder` was killed, or is at it."""
    return journal.exists() or bool(_left(journal, folder))


def _left(journal: Path, folder: Path) -> list[Path]:
    """What a run that does not end leaves beside its files."""
    beside = (*journal.parent.glob(f".{journal.name}.*"), *journal.parent.glob(f".*{_NEW}"))
    return [*beside, *folder.rglob(f".*{_NEW}")]


def carry_on(journal: Path, folder: Path) -> tuple[str, ...]:
    """Finish what a killed run had decided, and clear away what it left below `folder` and beside the journal.

    Gives the files that this made new.

    A file that somebody has changed since then keeps that change. DevkitError when the journal cannot be read.
    """
    try:
        entries = msgspec.json.decode(journal.read_bytes(), type=list[_Entry])
    except FileNotFoundError:
        entries = []
    except (OSError, msgspec.MsgspecError) as error:
        cure = f"look at it, then remove it: rm '{journal}'; and see what differs: git diff"
        raise DevkitError(f"{journal} cannot be read: {error}", cure) from error
    unfinished = [entry for entry in entries if _is_unfinished(entry)]
    _rename(unfinished, nowhere)
    journal.unlink(missing_ok=True)
    for file in _left(journal, folder):
        file.unlink(missing_ok=True)
    return tuple(entry.target for entry in unfinished)


def _is_unfinished(entry: _Entry) -> bool:
    untouched = _digest(_bytes(Path(entry.target))) == entry.old != entry.then
    return untouched and (entry.new is None or Path(entry.new).exists())


def _staged(target: Path, data: bytes | None) -> str | None:
    """The file beside `target` that has its new content, with its mode."""
    if data is None:
        return None
    staged = target.with_name(f".{target.name}{_NEW}")
    try:
        staged.write_bytes(data)
        if target.exists():
            staged.chmod(stat.S_IMODE(target.stat().st_mode))
    except OSError:
        with contextlib.suppress(OSError):
            staged.unlink()
        raise
    return str(staged)


def _rename(entries: list[_Entry], reached: Reached) -> None:
    for entry in entries:
        if entry.new is None:
            Path(entry.target).unlink(missing_ok=True)
        else:
            Path(entry.new).replace(entry.target)
        reached(f"renamed {Path(entry.target).name}")


def _take_back(before: Mapping[Path, bytes | None], contents: Mapping[Path, bytes | None]) -> None:
    for target, old in before.items():
        now = _bytes(target)
        if now == old or now != contents[target]:
            continue
        if old is None:
            target.unlink()
        else:
            write_atomically(target, old)


def _clear(entries: list[_Entry]) -> None:
    for entry in entries:
        if entry.new is not None:
            Path(entry.new).unlink(missing_ok=True)


def _bytes(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _digest(data: bytes | None) -> str:
    return digest([] if data is None else [data])
