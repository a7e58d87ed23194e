"""One up, down or reset of a namespace at a time, whoever starts it on this machine."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from devkit.cluster.memory import state_folder, unwritable
from devkit.cluster.proof import Proven
from devkit.errors import DevkitError
from devkit.files import digest
from devkit.postgres.cache import try_lock

_WAIT_SECONDS = 5.0  # one that was told to stop ends first
_PAUSE = 0.2


@contextlib.contextmanager
def alone(proven: Proven, environ: Mapping[str, str], verb: str) -> Iterator[None]:
    """Hold the right to change the namespace as `verb` does; the system takes it back from a process that dies.

    DevkitError names the process that has it.
    """
    name = digest([proven.evidence.uid.encode(), proven.namespace.encode()])[:16]
    file = state_folder(environ) / "alone" / f"{name}.lock"
    handle = _acquired(file, proven)
    try:
        os.truncate(handle, 0)
        os.write(handle, f"./inv {verb}, process {os.getpid()}".encode())  # for whoever finds it locked
        yield
    finally:
        os.close(handle)


def _acquired(file: Path, proven: Proven) -> int:
    deadline = time.monotonic() + _WAIT_SECONDS
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        while (handle := try_lock(file)) is None and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        owner = file.read_text() if handle is None else ""
    except OSError as error:
        raise unwritable(file, error) from error
    if handle is not None:
        return handle
    raise DevkitError(
        f"{owner or 'another run'} works on namespace {proven.namespace} in {proven.target.context}: "
        "nothing was changed",
        "let it come to its end, or end it with Ctrl-C; ./inv status shows how far the stack is",
    )
