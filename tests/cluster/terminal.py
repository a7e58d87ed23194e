"""A person at a terminal: reads what ./inv says, and answers its question."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Callable
from typing import Protocol

from tests.checkout import Checkout, Result

_SECONDS = 60


class Person(Protocol):
    """Whoever has a checkout, and an environment for it."""

    checkout: Checkout

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a run."""


def converse(stack: Person, *words: str, question: str, answer: Callable[[], str] | str) -> Result:
    """Run ./inv on a terminal; once `question` stands there, type `answer`, or what it returns when called.

    All that the person sees is in the result's `err`.
    """
    person, terminal = os.openpty()
    checkout = stack.checkout
    with contextlib.ExitStack() as closing:
        closing.callback(os.close, person)
        running = closing.enter_context(
            subprocess.Popen(
                checkout.argv(*words),
                env=checkout.environment(**stack.environment()),
                cwd=checkout.root,
                stdin=terminal,
                stdout=terminal,
                stderr=terminal,
            )
        )
        closing.callback(running.kill)
        os.close(terminal)
        said = _read(person, question)
        os.write(person, f"{answer if isinstance(answer, str) else answer()}\n".encode())
        said += _read(person, None)
        return Result(running.wait(_SECONDS), "", said.replace("\r\n", "\n"))


def _read(person: int, until: str | None) -> str:
    """What stands on the terminal: up to the words `until`, or to the end of the program (None)."""
    said, deadline = b"", time.monotonic() + _SECONDS
    while until is None or until not in said.decode("utf-8", "replace"):
        ready, _, _ = select.select([person], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"it says no more than …{said[-1000:]!r}"
        try:
            more = os.read(person, 4096)
        except OSError:  # Linux, when the program has ended
            more = b""
        if not more:
            assert until is None, f"{until!r} did not come, but …{said[-1000:]!r}"
            break
        said += more
    return said.decode("utf-8", "replace")
