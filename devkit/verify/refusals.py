"""A server's refusal as a finding: its own words, then the safe form."""

from __future__ import annotations

import re

from devkit.finding import Finding, Place, Severity
from devkit.postgres.record import Failure
from devkit.rules.unsafe_in_transaction import ALONE, REFUSED, SEQUENTIAL
from devkit.schema.catalog import Catalog
from devkit.verify.places import HAS_TRIGGERS, INDEX_REFUSED, KEY_REFUSED, TRIGGER_REFUSED

_APPLICATION = "let the application make the change in the same transaction"
_MEND = "mend this statement; everything from this file on is not judged until it runs"
_NOT_AVAILABLE = re.compile(r'^extension ".*" is not available')
_CURES = (
    (KEY_REFUSED, "put the distribution column into the key: ({}, …)"),
    (INDEX_REFUSED, "put the distribution column into the key: ({}, …)"),
    (TRIGGER_REFUSED, f"leave the trigger out; {_APPLICATION}"),
    (HAS_TRIGGERS, f"drop the trigger before the table is distributed; {_APPLICATION}"),
    (
        re.compile(r'ICU is not supported in this build|^collation ".*-x-icu" for encoding'),
        "the embedded PostgreSQL has no ICU: judge this file on your own server with --engine dsn --dsn URL",
    ),
    (
        re.compile("^could not set up XML error handler"),  # libraries.py
        "without libxml2.so.2 here there is no XML: judge this file on your own server with --engine dsn --dsn URL",
    ),
    (
        re.compile(r'^access method "columnar" does not exist'),
        "the embedded engine has no columnar tables: judge this file on a real Citus with --engine dsn --dsn URL",
    ),
    (
        _NOT_AVAILABLE,
        "this server does not have it: judge this file on one that does, with --engine dsn --dsn URL",
    ),
    (
        re.compile(
            r"^(?:function|procedure) (?:pg_catalog\.)?(?:citus_|master_|run_command_on_|isolate_tenant|rebalance_|"
            r"get_rebalance|alter_old_partitions|alter_table_set_access)\w*\(.* does not exist"
        ),
        "the embedded engine lacks this function of Citus: judge this file on a real one with --engine dsn --dsn URL",
    ),
)
_NO_COLUMN = re.compile(r'column "(.*)" of relation "(.*)" does not exist')  # distribution_column.c:151
_LIMITS = {
    "53200": "do it in smaller steps: the embedded engine gives a statement 4 GiB of memory",
    "53400": "do it in smaller steps: the embedded engine gives a statement 1 GB for temporary files",
    "57P01": "leave out what ends this very session",
}


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
            stops=True,
        )
    # what is missing where is a path of the server's machine
    detail = "" if _NOT_AVAILABLE.match(failure.message) else failure.detail
    message = f"{failure.message}. {detail}" if detail else failure.message
    if REFUSED.match(failure.message):
        cure = SEQUENTIAL if "parallel" in f"{failure.message} {failure.detail}" else ALONE
        return Finding("unsafe-in-transaction", Severity.ERROR, message, cure, place, failure.sqlstate, stops=True)
    cure = _help(failure, before, tenant_column)
    return Finding("engine-refusal", Severity.ERROR, message, cure, place, failure.sqlstate, stops=True)


def _help(failure: Failure, before: Catalog, tenant_column: str) -> str:
    spelled = _spelled(failure.message, before)
    if spelled:
        return f"write the name as the table has it: '{spelled}' (Citus takes it literally)"
    for pattern, cure in _CURES:
        if pattern.search(failure.message):
            return cure.format(tenant_column)
    return _LIMITS.get(failure.sqlstate) or failure.hint or _MEND


def _spelled(said: str, before: Catalog) -> str | None:
    """The tenant column's name in the table's own spelling, when only the case is wrong."""
    absent = _NO_COLUMN.match(said)
    if absent is None:
        return None
    spelled = {table.name: table.tenant_column for table in before.tables}.get(absent[2])
    return spelled if spelled and spelled.lower() == absent[1].lower() else None
