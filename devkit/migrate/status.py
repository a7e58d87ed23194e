"""Status: what a database has of the migrations, and what to do about each. Changes nothing."""

from __future__ import annotations

from devkit.migrate.look import look
from devkit.migrate.outcome import Outcome
from devkit.postgres.database import opened
from devkit.progress import Progress
from devkit.verify.inputs import Request, gather, ordered


def status(request: Request, dsn: str, progress: Progress) -> Outcome:
    """The history of the database that `dsn` names, beside the files of `request`; DevkitError when we cannot look."""
    fileset = ordered(gather(request), request)
    with opened(dsn, "status", progress) as database:
        return look(database, fileset, request).outcome()
