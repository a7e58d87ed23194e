"""Runs the checks side by side, each for so long and no longer."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Sequence

from devkit.doctor.host import Host
from devkit.doctor.result import Check, Result, Said, State, unknown
from devkit.errors import DevkitError

LIMIT = 2.0  # seconds that a check may take
_LEAVING = 0.5  # seconds for what was called off to end its children
_LOGIN = re.compile(r"(?<=://)[^/@\s]+@")


def examine(
    host: Host, checks: Sequence[Check], called_off: threading.Event, limit: float = LIMIT
) -> tuple[Result, ...]:
    """What each check says, in their order; one that does not end within `limit` seconds is unknown, and says so.

    `called_off` is set in the end: whatever still runs for a check is to be dropped then.
    """
    found: dict[str, Result] = {}
    until = time.monotonic() + limit
    threads = [threading.Thread(target=_run, args=(host, check, found), daemon=True) for check in checks]
    try:
        for thread in threads:
            thread.start()
        _wait(threads, until)
    finally:
        called_off.set()
    results = tuple(found.get(check.id) or _late(check, limit) for check in checks)
    _wait(threads, time.monotonic() + _LEAVING)
    return results


def exit_code(results: Iterable[Result]) -> int:
    """0: nothing, or warnings; 1: something has to be mended; 2: a check itself did not work."""
    seen = tuple(results)
    if any(each.failed for each in seen):
        return 2
    return 1 if any(each.said.state is State.PROBLEM for each in seen) else 0


def _run(host: Host, check: Check, found: dict[str, Result]) -> None:
    started = time.monotonic()
    failed = False
    try:
        said = check.run(host)
    except DevkitError as error:
        said = unknown(error.problem, error.cure)
    except Exception as error:  # noqa: BLE001 - a bug in one check must not hide what the others say
        failed = True
        said = unknown(f"the check itself failed: {type(error).__name__}: {error}", "report it with this line")
    found[check.id] = Result(check, _redacted(said, host), round((time.monotonic() - started) * 1000), failed)


def _wait(threads: Iterable[threading.Thread], until: float) -> None:
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _late(check: Check, limit: float) -> Result:
    said = unknown(f"it did not end within {limit:g} s", f"./inv doctor --only {check.id} asks it alone")
    return Result(check, said, round(limit * 1000))


def _redacted(said: Said, host: Host) -> Said:
    return Said(said.state, redacted(said.found, host), redacted(said.cure, host))


def redacted(text: str, host: Host) -> str:
    """The text as it may be passed on: no login in an address, and ~ for the folder that has a person's name."""
    text = _LOGIN.sub("***@", text)
    home = host.environ.get("HOME", "").rstrip("/")
    if not home:
        return text
    text = text.replace(f"'{home}/", "~/'")  # a quoted ~ is none to a shell
    return re.sub(rf"{re.escape(home)}(?=[/'\s,:;)]|$)", "~", text)
