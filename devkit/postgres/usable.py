"""Whether a server can be migrated yet: everything that the citusdata image does after it accepts its first login.

The image's entrypoint starts a temporary server, creates the database and the extension there, stops it, and starts
the real one (docker-library/postgres docker-entrypoint.sh; citusdata/docker 001-create-citus-extension.sql). Who
begins in between finds a plain PostgreSQL, makes plain tables, and loses the connection: the "legacy state on macOS".
So a server counts only when it says the same twice, and has not been restarted in between.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import time
from collections.abc import Callable

import psycopg

from devkit.errors import DevkitError
from devkit.postgres.answering import answering
from devkit.postgres.condition import Condition, read_condition, unreachable_workers, worker_count, worker_versions
from devkit.postgres.dsn import connection, said, shown
from devkit.progress import Progress

_PAUSE = 0.5
_ANSWER_SECONDS = 10.0
# Each node is asked for each: citus.node_connection_timeout, 30 s by default, is waited for one that is away.
_PAIR_SECONDS = 35.0
_STARTED = "SELECT pg_catalog.pg_postmaster_start_time()::text"
# What no waiting mends. libpq gives a refused login no SQLSTATE.
_FINAL = re.compile(r"authentication failed|not permitted to log in|no pg_hba.conf entry|role .* does not exist")


@dataclasses.dataclass(frozen=True, slots=True)
class Commands:
    """What a person types to look further: `logs` of the database; `psql` there, up to the words of the session."""

    logs: str
    psql: str


class NotUsableError(DevkitError):
    """The server answers, or should, and cannot be migrated: it is not what it has to be."""


def wait_usable(
    dsn: str,
    *,
    citus: bool,
    seconds: float,
    progress: Progress,
    commands: Commands,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    answer_seconds: float = _ANSWER_SECONDS,
) -> Condition:
    """Wait until the server behind `dsn` can be migrated, and return its condition.

    A look without an answer for `answer_seconds` is given up for another one. NotUsableError after `seconds`, naming
    what is still missing; at once when waiting cannot mend it: a refused login, an extension of another version than
    its library.
    """
    deadline = clock() + seconds
    before = ""
    while True:
        condition, started, missing = _look(dsn, commands, answer_seconds, citus=citus)
        if condition is not None and started == before:
            return condition
        before = started if condition is not None else ""
        if clock() >= deadline:
            raise NotUsableError(
                f"{shown(dsn)} is not usable after {seconds:.0f} s: {missing or 'it keeps restarting'}",
                f"see what the database says: {commands.logs}; then ./inv up again",
            )
        progress(missing or "waiting for a second look at the database")
        sleep(_PAUSE)


def _look(dsn: str, commands: Commands, seconds: float, *, citus: bool) -> tuple[Condition | None, str, str]:
    """The condition when nothing is missing, the server's start, and what is missing."""
    try:
        with contextlib.closing(connection(dsn, "devkit wait")) as session:
            with answering(session, seconds):
                row = session.execute(_STARTED).fetchone()
                condition = read_condition(session, ())
                workers = worker_count(session) if citus and condition.extension else 0
            missing = "the database is still recovering" if condition.is_replica else ""
            if citus and not missing:
                with answering(session, seconds + _PAIR_SECONDS * workers * (workers + 1)):
                    missing = _missing(condition, commands) or _nodes(session, condition, commands)
            return (None if missing else condition), str(row[0]) if row else "", missing
    except psycopg.Error as error:
        if _FINAL.search(str(error)):
            cure = (
                "the Secret and the volume disagree: put the old password back, or delete the database's volume claim"
            )
            raise NotUsableError(f"{shown(dsn)} refuses the login: {said(error)}", cure) from None
        return None, "", f"the database does not answer yet: {said(error)}"


def _missing(condition: Condition, commands: Commands) -> str:
    if condition.extension is None:
        preloaded = "preloaded, but its" if condition.library else "not preloaded, and its"
        return f"Citus is {preloaded} extension is not in database {condition.database} yet"
    if condition.library is None and not condition.is_standin:
        return "Citus is not preloaded: shared_preload_libraries lacks it"
    if condition.library not in {None, condition.extension}:
        raise _versions_differ(condition.database, condition.library or "", condition.extension, commands)
    return ""


def _nodes(session: psycopg.Connection, condition: Condition, commands: Commands) -> str:
    away = unreachable_workers(session)
    if away:
        return f"workers that do not answer or lack the metadata: {', '.join(away)}"
    for node, version in worker_versions(session):
        if version != condition.extension:
            where = f"{condition.database} on worker {node}"
            raise _versions_differ(where, condition.extension or "", version, commands)
    return ""


def _versions_differ(where: str, library: str, extension: str, commands: Commands) -> NotUsableError:
    return NotUsableError(
        f"database {where} has the citus extension {extension}, the server has Citus {library}: "
        "an image was changed over an old volume",
        f"upgrade it: {commands.psql} -c 'ALTER EXTENSION citus UPDATE'; then ./inv up again",
    )
