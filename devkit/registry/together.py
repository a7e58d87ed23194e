"""Several things at once, of which some may fail without hiding the others."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from devkit.errors import DevkitError

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def together(
    jobs: Mapping[_Key, Callable[[], _Value]], at_once: int, told: Callable[[int], None]
) -> tuple[dict[_Key, _Value], dict[_Key, DevkitError]]:
    """What each job gave, and why the others failed. `told` hears, in this thread, how many are done.

    In daemon threads, so that Ctrl-C need not wait for a registry that does not answer. What a job raises beside
    DevkitError is raised here.
    """
    waiting: queue.SimpleQueue[_Key] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[_Key, _Value | Exception]] = queue.SimpleQueue()
    for key in jobs:
        waiting.put(key)
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            try:
                key = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((key, jobs[key]()))
            except Exception as error:  # noqa: BLE001 - raised in the caller's thread
                done.put((key, error))

    for _ in range(min(at_once, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    try:
        return _gathered(done, len(jobs), told)
    finally:
        is_over.set()


def _gathered(
    done: queue.SimpleQueue[tuple[_Key, _Value | Exception]], count: int, told: Callable[[int], None]
) -> tuple[dict[_Key, _Value], dict[_Key, DevkitError]]:
    values: dict[_Key, _Value] = {}
    failures: dict[_Key, DevkitError] = {}
    for number in range(count):
        key, result = done.get()
        if isinstance(result, DevkitError):
            failures[key] = result
        elif isinstance(result, Exception):
            raise result
        else:
            values[key] = result
        told(number + 1)
    return values, failures
