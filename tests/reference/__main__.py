"""`python -m tests.reference` writes docs/reference/ anew; `--check` names what is out of date, and exits with 1."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from devkit.console import say
from tests.reference.generated import REPAIR, shown, stale, strays, write


def main(words: Sequence[str]) -> int:
    """Write, or check; the exit code."""
    if list(words) == ["--check"]:
        return _check()
    if words:
        say("python -m tests.reference [--check]")
        return 2
    for file in write():
        say(f"{shown(file)}: written")
    return _strays()


def _check() -> int:
    found = stale()
    for file in found:
        say(f"{shown(file)} is out of date: {REPAIR}, then read git diff")
    return _strays() or int(bool(found))


def _strays() -> int:
    found = strays()
    for file in found:
        say(f"{shown(file)} is written by nobody: git rm {shown(file)}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
