"""`python -m examples.rollups` as a process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable

import msgspec

from examples.rollups.event import Event
from tests.checkout import ROOT


def start(database: str, *words: str, events: bytes = b"") -> subprocess.Popen[bytes]:
    """Start it on `database`, with the events on its stdin."""
    with tempfile.TemporaryFile() as file:
        file.write(events)
        file.seek(0)
        return subprocess.Popen(
            [sys.executable, "-m", "examples.rollups", *words], cwd=ROOT, env={**os.environ, "DEVKIT_DSN": database},
            stdin=file, stdout=subprocess.PIPE,
        )  # fmt: skip


def lines(events: Iterable[Event]) -> bytes:
    """The events as their producer writes them."""
    return b"".join(msgspec.json.encode(event) + b"\n" for event in events)
