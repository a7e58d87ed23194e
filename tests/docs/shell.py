"""Runs the commands of a page one after the other, as one terminal would: folder and exported variables stay."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_SECONDS = 900
_QUESTION = re.compile(r"[^\n]*[:?\]] \Z")
_PAUSE = 0.02
_LOOK_SECONDS = 0.5
_OF_THE_SHELL = frozenset({"_", "PWD", "OLDPWD", "SHLVL"})
# Run at the end of each command, however it ends: what is exported then, and where it stands.
_LOOK = "import json, os, sys; json.dump([os.getcwd(), dict(os.environ)], open(sys.argv[1], 'w'))"


@dataclasses.dataclass(frozen=True, slots=True)
class Ran:
    """What a command said on stdout and stderr, how it ended (None: it had to be killed), and answers nobody wanted."""

    code: int | None
    said: str
    left: tuple[str, ...] = ()


class Shell:
    """`notes` is a folder for what it keeps between commands; `env` is what every command has, and may be added to."""

    def __init__(self, folder: Path, notes: Path, env: Mapping[str, str], called_off: threading.Event) -> None:
        self.folder = folder
        self.env = dict(env)
        self._notes = notes
        self._called_off = called_off
        self._exported: dict[str, str | None] = {}  # None: the page has unset it
        self._running: list[int] = []

    def run(self, command: str, *, types: Sequence[str] = (), more: Mapping[str, str] | None = None) -> Ran:
        """Run `command` by sh -eu to its end, with nobody to ask; or with a person who types `types`.

        `more` are variables for this command alone. What the page has exported goes before all others.
        """
        given = {**self.env, **(more or {})}
        env = {name: value for name, value in {**given, **self._exported}.items() if value is not None}
        script, output, state = (self._notes / name for name in ("script", "output", "state"))
        script.write_text(
            f"trap {shlex.quote(shlex.join([sys.executable, '-ISc', _LOOK, str(state)]))} EXIT\n{command}\n"
        )
        output.write_bytes(b"")
        state.unlink(missing_ok=True)
        with contextlib.ExitStack() as closing:
            person, terminal = os.openpty()
            closing.callback(os.close, person)
            closing.callback(os.close, terminal)
            sink = closing.enter_context(output.open("ab"))  # no pipe: what stays in the background would keep it open
            child = subprocess.Popen(
                ["sh", "-eu", script], cwd=self.folder, env=env, stdout=sink, stderr=sink,
                stdin=terminal if types else subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            code, typed = self._converse(child, output, person, types)
        if _has_members(child.pid):
            self._running.append(child.pid)
        if code is not None and state.exists():
            self._take_over(state, given)
        return Ran(code, _with_answers(output.read_text(errors="replace"), typed), tuple(types[len(typed) :]))

    def state(self) -> object:
        """What a command could have changed here: the exported variables and the folder."""
        return self.folder, dict(self._exported)

    def end(self) -> None:
        """End what commands have left running in groups of their own."""
        for pid in self._running:
            if _has_members(pid):
                os.killpg(pid, signal.SIGKILL)

    def _take_over(self, state: Path, given: Mapping[str, str]) -> None:
        folder, found = json.loads(state.read_text())
        self.folder = Path(folder)
        names = (found.keys() | given.keys()) - _OF_THE_SHELL
        self._exported = {name: found.get(name) for name in names if found.get(name) != given.get(name)}

    def _converse(
        self, child: subprocess.Popen[bytes], output: Path, person: int, answers: Sequence[str]
    ) -> tuple[int | None, list[tuple[int, str]]]:
        """Wait for the end, and type the next answer whenever the output ends with a question."""
        deadline = time.monotonic() + _SECONDS
        typed: list[tuple[int, str]] = []
        while time.monotonic() < deadline and not self._called_off.is_set():
            left = answers[len(typed) :]
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(_PAUSE if left else _LOOK_SECONDS), typed
            said = output.read_text(errors="replace") if left else ""
            if left and _QUESTION.search(said) and (not typed or len(said) > typed[-1][0]):
                os.write(person, f"{left[0]}\n".encode())
                typed.append((len(said), left[0]))
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return None, typed


def _has_members(group: int) -> bool:
    """Whether processes of a command's group are left: its number is given to nobody else as long as there are."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _with_answers(said: str, typed: Sequence[tuple[int, str]]) -> str:
    """The output with what was typed where the person saw it."""
    for at, answer in reversed(typed):
        said = f"{said[:at]}{answer}\n{said[at:]}"
    return said
