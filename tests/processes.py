"""What runs on this machine: from /proc where there is one, since a small Debian has no ps; else from ps."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path


def command_lines() -> list[str]:
    """A line a process: what it was started as, or what it says it does, as a backend of PostgreSQL."""
    if not Path("/proc/self/cmdline").exists():
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True)
        return listed.stdout.splitlines()
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            lines.append(file.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip())
    return lines
