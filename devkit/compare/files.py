"""Reports in files: written whole, and read with suspicion, since they come from other machines."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec

from devkit.compare.report import VERSION, Report, to_bytes
from devkit.errors import DevkitError
from devkit.files import write_atomically

LARGEST_BYTES = 64 * 2**20  # a thousand migrations make a report of one or two
_CURE = "make it anew, on the machine that it is about: ./inv verify --report FILE"


class _Versioned(msgspec.Struct):
    version: object


def write_report(file: Path, report: Report) -> None:
    """Write `report` to `file`; DevkitError when that is not possible, or is no place for one."""
    try:
        if file.exists() and not file.is_file():
            raise DevkitError(f"{file} is no regular file, and nothing was written to it", "name one: --report FILE")
        write_atomically(file, to_bytes(report))
    except OSError as error:
        raise DevkitError(f"{file} cannot be written: {error.strerror}", "name another: --report FILE") from error


def read_report(file: Path) -> Report:
    """The report in `file`; DevkitError when there is none, it cannot be read, or is of another version."""
    data = _data(file)
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if type(version) is int and version != VERSION:
            older = "this checkout" if version > VERSION else "the other one"
            raise DevkitError(
                f"{file} is a report of version {version}, and this devkit reads version {VERSION}",
                f"update {older} (git pull), and {_CURE}",
            )
        return msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DevkitError(f"{file} is no report of verify: {_why(error)}", _CURE) from error


def _data(file: Path) -> bytes:
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise DevkitError(f"{file} is a folder, and no report", f"name the file in it; or {_CURE}")
        if not stat.S_ISREG(status.st_mode):  # a pipe would wait for ever
            raise DevkitError(f"{file} is no regular file, and no report", _CURE)
        if status.st_size > LARGEST_BYTES:
            raise DevkitError(f"{file} has {status.st_size // 2**20} MB: that is no report of verify", _CURE)
        with file.open("rb") as stream:
            return stream.read(LARGEST_BYTES)
    except FileNotFoundError as error:
        raise DevkitError(f"there is no file {file}", _CURE) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DevkitError(f"{file} cannot be read: {why}", "make it readable, or name another") from error


def _why(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
