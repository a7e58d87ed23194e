"""A session that may be waited for no longer than it should take: the way to a server can die without a word.

What a port-forward goes through does not always tell that the other end has closed, and libpq waits for an answer as
long as the connection stands.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator

import psycopg


@contextlib.contextmanager
def answering(session: psycopg.Connection, seconds: float) -> Iterator[None]:
    """Let the body ask `session`, which is cut off after `seconds`: psycopg.OperationalError says so then."""
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        cut_off(session)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except psycopg.OperationalError:
        if not is_late.is_set():
            raise
        raise psycopg.OperationalError(f"no answer within {seconds:g} s") from None
    finally:
        timer.cancel()
        timer.join()  # from here on the session's descriptor may be another's


def cut_off(session: psycopg.Connection) -> None:
    """End the connection of `session` at this side alone: whoever waits for an answer there hears that it is gone."""
    with (
        contextlib.suppress(OSError, psycopg.OperationalError),  # it is gone already
        contextlib.closing(socket.socket(fileno=os.dup(session.fileno()))) as end,
    ):
        end.shutdown(socket.SHUT_RDWR)
