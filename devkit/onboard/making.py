"""What is written down while a cluster is being made, so that a killed run's half-made one is known as ours."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from devkit.cluster.memory import forget, remembered, state_folder, unwritable
from devkit.errors import DevkitError
from devkit.files import digest
from devkit.postgres.cache import try_lock


def is_making(context: str, environ: Mapping[str, str]) -> bool:
    """Whether a run began to make the cluster of `context` and did not come to its end: killed, or still at it."""
    return _file(context, environ).exists() and remembered(context, environ) is None


@contextlib.contextmanager
def making(context: str, environ: Mapping[str, str]) -> Iterator[None]:
    """Write down that the cluster of `context` is being made, until all that is done meanwhile has been done; alone.

    What was agreed to for an earlier cluster of that name is forgotten.

    DevkitError when another process is making it, or nothing can be written down.
    """
    file = _file(context, environ)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = try_lock(file)
    except OSError as error:
        raise unwritable(file, error) from error
    if handle is None:
        raise DevkitError(
            f"another ./inv onboard is making the cluster of {context}: nothing was changed",
            "let it come to its end; the next ./inv onboard goes on from there",
        )
    try:
        forget(context, environ)
        yield
        file.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _file(context: str, environ: Mapping[str, str]) -> Path:
    return state_folder(environ) / "making" / digest([context.encode()])[:16]
