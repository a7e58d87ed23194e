"""One reset of a namespace at a time, whoever starts it on this machine."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from devkit.cluster.memory import state_folder
from devkit.cluster.proof import Proven
from devkit.errors import DevkitError
from devkit.files import digest
from devkit.postgres.cache import try_lock

_WAIT_SECONDS = 5.0  # one that was told to stop ends first
_PAUSE = 0.2


@contextlib.contextmanager
def alone(proven: Proven, environ: Mapping[str, str]) -> Iterator[None]:
    """Hold the right to reset the namespace; the system takes it back from a process that dies.

    DevkitError names the process that has it.
    """
    name = digest([proven.evidence.uid.encode(), proven.namespace.encode()])[:16]
    file = state_folder(environ) / "resets" / f"{name}.lock"
    handle = _acquired(file, proven)
    try:
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())  # for whoever finds it locked
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
        raise DevkitError(
            f"{file} cannot be written: {error.strerror}", "name a folder of yours: export DEVKIT_STATE=DIR"
        ) from error
    if handle is not None:
        return handle
    raise DevkitError(
        f"another reset of {proven.namespace} in {proven.target.context} is under way (process {owner or 'unknown'}): "
        "nothing was changed",
        "let it come to its end; ./inv status shows how far the stack is",
    )
