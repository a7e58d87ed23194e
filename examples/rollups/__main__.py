"""`python -m examples.rollups record|check|backfill`, on the database that DEVKIT_DSN names."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import Final

import psycopg
from psycopg import Connection

from examples.rollups.check import differences, repair
from examples.rollups.database import connect
from examples.rollups.event import RefusedError, read_event
from examples.rollups.record import record

TENANTS: Final = "SELECT id FROM tenants ORDER BY id"


def main() -> int:
    """0: done, and all is right. 1: events were refused, or totals differ. 2: could not look."""
    chosen = _parser().parse_args()
    dsn = os.environ.get("DEVKIT_DSN")
    if not dsn:
        print("no database is named: export DEVKIT_DSN=service=dev, with the password in PGPASSFILE", file=sys.stderr)
        return 2
    try:
        with contextlib.closing(connect(dsn)) as connection:
            return int(chosen.run(connection, chosen.tenant))
    except psycopg.errors.UndefinedTable as error:
        print(f"{error}; the sample's migrations make it: ./inv migrate", file=sys.stderr)
    except psycopg.Error as error:
        print(f"{error}; run the same command again: what is done is not done twice", file=sys.stderr)
    return 2


def record_lines(connection: Connection, tenant: int | None) -> int:
    """Record the events on stdin; a refused one stops no other."""
    del tenant
    refused = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            event = read_event(line)
            said = "recorded" if record(connection, event) else "was recorded before"
        except RefusedError as error:
            refused += 1
            said = f"refused: {error}"
        print(f"line {number} {said}", flush=True)
    return 1 if refused else 0


def check(connection: Connection, tenant: int | None) -> int:
    """Say which totals differ; nothing is changed."""
    differing = 0
    for each in _tenants(connection, tenant):
        for difference in differences(connection, each):
            print(f"tenant {each}, {difference}")
            differing += 1
    print(f"totals that differ from what they count: {differing}")
    return 1 if differing else 0


def backfill(connection: Connection, tenant: int | None) -> int:
    """Repair each total that differs."""
    made = 0
    for each in _tenants(connection, tenant):
        for difference in repair(connection, each):
            print(f"tenant {each}, {difference}: made again", flush=True)
            made += 1
    print(f"totals made again: {made}")
    return 0


def _tenants(connection: Connection, tenant: int | None) -> list[int]:
    return [tenant] if tenant is not None else [each for (each,) in connection.execute(TENANTS)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m examples.rollups", description=__doc__)
    parser.set_defaults(tenant=None)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verbs.add_parser("record", help="record the events on stdin, one JSON object a line").set_defaults(run=record_lines)
    for run, says in (
        (check, "say which totals differ from what they count"),
        (backfill, "make those totals again, while writers go on"),
    ):
        verb = verbs.add_parser(run.__name__, help=says)
        verb.add_argument("--tenant", type=int, metavar="ID", help="this tenant only")
        verb.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
