"""The only door to other processes: argument lists, never a shell line made of text."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

Child = subprocess.Popen[bytes]


@dataclasses.dataclass(frozen=True, slots=True)
class User:
    """Whom a child runs as; numeric, because a container's passwd may lack names."""

    uid: int
    gid: int


@dataclasses.dataclass(frozen=True, slots=True)
class Completed:
    """A finished child: its exit code and what it said on stdout and stderr together."""

    code: int
    output: str


def run(
    argv: Sequence[str | Path],
    *,
    user: User | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Completed:
    """Run `argv` to its end with no input; OSError when the program cannot be started."""
    done = subprocess.run(
        [os.fspath(word) for word in argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        check=False,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
    return Completed(done.returncode, done.stdout.decode("utf-8", "replace"))


def passthrough(argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    """Run `argv` on our own terminal and return its exit code: linters and test runners speak for themselves."""
    return subprocess.run([os.fspath(word) for word in argv], cwd=cwd, env=env, check=False).returncode


def start(
    argv: Sequence[str | Path],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int,
    user: User | None = None,
    env: Mapping[str, str],
    cwd: Path,
) -> Child:
    """Start a child in a session of its own, out of reach of the terminal's Ctrl-C."""
    return subprocess.Popen(
        [os.fspath(word) for word in argv],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
