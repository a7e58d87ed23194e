"""A server's refusal as a finding: its own words, then the safe form."""

from __future__ import annotations

import re

from devkit.finding import Finding, Place, Severity
from devkit.postgres.replay import Failure
from devkit.rules.unsafe_in_transaction import ALONE, REFUSED, SEQUENTIAL
from devkit.schema.catalog import Catalog
from devkit.verify.places import HAS_TRIGGERS, INDEX_REFUSED, KEY_REFUSED, TRIGGER_REFUSED

_APPLICATION = "let the application make the change in the same transaction"
_NO_COLUMN = re.compile(r'column "(.*)" of relation "(.*)" does not exist')  # distribution_column.c:151
_ICU = re.compile(r"ICU is not supported in this build")


def refusal(failure: Failure, place: Place, before: Catalog, tenant_column: str) -> Finding:
    """The finding for a failed statement, with the server's SQLSTATE.

    `statement-timeout`, `unsafe-in-transaction` for what the transaction is to blame for, else `engine-refusal`.
    `before` is the catalog as the statement found it.
    """
    if failure.timed_out:
        return Finding(
            "statement-timeout",
            Severity.ERROR,
            "this statement did not end within the time allowed for one statement",
            "make it end, or raise statement-timeout-seconds in [tool.devkit] of pyproject.toml",
            place,
            "57014",
        )
    message = failure.message if not failure.detail else f"{failure.message}. {failure.detail}"
    if REFUSED.match(failure.message):
        cure = SEQUENTIAL if "parallel" in f"{failure.message} {failure.detail}" else ALONE
        return Finding("unsafe-in-transaction", Severity.ERROR, message, cure, place, failure.sqlstate)
    cure = _help(failure, before, tenant_column)
    return Finding("engine-refusal", Severity.ERROR, message, cure, place, failure.sqlstate)


def _help(failure: Failure, before: Catalog, tenant_column: str) -> str:
    said = failure.message
    spelled = _spelled(said, before)
    if spelled:
        return f"write the name as the table has it: '{spelled}' (Citus takes it literally)"
    if KEY_REFUSED.match(said) or INDEX_REFUSED.match(said):
        return f"put the distribution column into the key: ({tenant_column}, …)"
    if TRIGGER_REFUSED.match(said):
        return f"leave the trigger out; {_APPLICATION}"
    if HAS_TRIGGERS.match(said):
        return f"drop the trigger before the table is distributed; {_APPLICATION}"
    if _ICU.search(said):
        return "the embedded PostgreSQL has no ICU: judge this file on your own server with --engine dsn --dsn URL"
    return failure.hint or "mend this statement; everything from this file on is not judged until it runs"


def _spelled(said: str, before: Catalog) -> str | None:
    """The tenant column's name in the table's own spelling, when only the case is wrong."""
    absent = _NO_COLUMN.match(said)
    if absent is None:
        return None
    spelled = {table.name: table.tenant_column for table in before.tables}.get(absent[2])
    return spelled if spelled and spelled.lower() == absent[1].lower() else None
