"""Asking again: what a registry that is busy, or a connection that broke, is given, and when it is enough."""

from __future__ import annotations

import dataclasses
import datetime
import email.utils
import threading
import time
from collections.abc import Callable
from http import HTTPStatus

import urllib3

from devkit.registry.answer import Answer

MOST_SECONDS = 60.0  # that one resolve() waits in all: longer, and a person had better know
_PAUSES = (0.5, 1.0, 2.0)  # before a request is sent again that got no answer, or a server's failure


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """Time, so that tests need not wait."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic


class Patience:
    """Waits for at most MOST_SECONDS in all; what several threads wait at the same time counts once. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until = clock.now()
        self._spent = 0.0

    def persist(self, once: Callable[[], Answer]) -> Answer:
        """The answer of `once`, asked again while the server is busy or resets the connection.

        What comes last is given as it is: an answer of 429 or 5xx, or urllib3's ProtocolError.
        """
        for pause in _PAUSES:
            try:
                answer = once()
            except urllib3.exceptions.ProtocolError:
                if not self._wait(pause):
                    raise
                continue
            seconds = _pause_after(answer, pause)
            if seconds is None or not self._wait(seconds):
                return answer
        return once()

    def _wait(self, seconds: float) -> bool:
        """Whether there was enough patience left to wait for so long."""
        with self._lock:
            now = self._clock.now()
            more = max(0.0, now + seconds - max(self._until, now))
            if self._spent + more > MOST_SECONDS:
                return False
            self._spent += more
            self._until = max(self._until, now + seconds)
        self._clock.sleep(seconds)
        return True


def _pause_after(answer: Answer, pause: float) -> float | None:
    """How long to wait before asking again; None when the answer is not one that passes."""
    if answer.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        asked = retry_after(answer)
        return pause if asked is None else asked
    passes = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and answer.status != HTTPStatus.NOT_IMPLEMENTED
    return pause if passes else None


def retry_after(answer: Answer) -> float | None:
    """The seconds of Retry-After, a number or a date (RFC 9110, 10.2.3); None when there is none that can be read."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    then = _date(text)
    if then is None:
        return None
    # By the server's own clock where it shows it: a laptop's may be wrong.
    now = _date(answer.headers.get("Date", "")) or datetime.datetime.now(datetime.UTC)
    return max(0.0, (then - now).total_seconds())


def _date(text: str) -> datetime.datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
