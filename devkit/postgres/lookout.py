"""A second pair of eyes while a statement runs: how long it takes, and which session stands in its way."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import psycopg

from devkit.progress import Progress

_LOOK_SECONDS = 1.0

_BLOCKERS = """
SELECT format('%%s (server process %%s%%s)', coalesce(nullif(a.application_name, ''), a.usename::text), a.pid,
              coalesce(', ' || a.state, ''))
  FROM pg_catalog.pg_stat_activity a WHERE a.pid = ANY(pg_catalog.pg_blocking_pids(%s)) ORDER BY a.pid LIMIT 3"""


class Lookout:
    """Looks at the session of `pid` through `connection`, which nobody else uses meanwhile."""

    def __init__(self, connection: psycopg.Connection, pid: int, progress: Progress) -> None:
        self._connection = connection
        self._pid = pid
        self._progress = progress
        self._label: str | None = None
        self._since = 0.0
        self._gone = threading.Event()
        self.blockers: tuple[str, ...] = ()

    @contextlib.contextmanager
    def on(self, label: str) -> Iterator[None]:
        """While the body runs, it is `label` that takes so long."""
        self._progress(label)
        self._label, self._since = label, time.monotonic()
        try:
            yield
        finally:
            self._label = None

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Look about once a second until the body ends."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._gone.set()
            thread.join()

    def _watch(self) -> None:
        while not self._gone.wait(_LOOK_SECONDS):
            label, seconds = self._label, time.monotonic() - self._since
            if label is None or seconds < _LOOK_SECONDS:
                continue
            try:
                rows = self._connection.execute(_BLOCKERS, (self._pid,)).fetchall()
            except psycopg.Error:
                return  # the session that looks is gone: the one that works will notice by itself
            self.blockers = tuple(name for (name,) in rows)
            waits = f", waiting for {', '.join(self.blockers)}" if self.blockers else ""
            self._progress(f"{label}: {seconds:.0f} s{waits}")
