"""Seed files: example data, each file in one transaction, and written so that it can be run again."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable

import psycopg

from devkit.finding import Finding, Place, Severity
from devkit.postgres.dsn import connection, refused, said


@dataclasses.dataclass(frozen=True, slots=True)
class Seed:
    """A file of SQL under the name that findings show."""

    shown: str
    text: str


def run_seeds(dsn: str, seeds: Iterable[Seed], done: Callable[[Seed], None]) -> Finding | None:
    """Run `seeds` in their order on the database behind `dsn`; `done` hears of each that is there.

    The first one that the server refuses ends it, leaves nothing of itself, and is returned as a finding. DevkitError
    when the connection is lost.
    """
    with contextlib.closing(_connected(dsn)) as session:
        for seed in seeds:
            try:
                with session.transaction():
                    session.execute(seed.text.encode())
            except psycopg.OperationalError as error:
                raise refused(f"lost the database during {seed.shown}", error, "run the same command again") from None
            except psycopg.Error as error:
                return refusal_of(seed, error)
            done(seed)
    return None


def _connected(dsn: str) -> psycopg.Connection:
    try:
        return connection(dsn, "devkit seed")
    except psycopg.Error as error:
        raise refused("the database cannot be reached", error, "see what is up: ./inv status") from None


def refusal_of(seed: Seed, error: psycopg.Error) -> Finding:
    """What the server has against a seed file, at the place that it names."""
    at = int(error.diag.statement_position or 1) - 1
    before = seed.text[:at]
    line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
    message = f"{said(error)}: nothing of this file is in the database"
    cure = "mend it and run ./inv seed again; where rows are there already, write ON CONFLICT … DO NOTHING"
    place = Place(seed.shown, line, column, line, column + 1)
    return Finding("seed-refused", Severity.ERROR, message, cure, place, error.sqlstate)
