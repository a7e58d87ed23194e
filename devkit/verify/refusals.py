"""A server's refusal as a finding: its own words, then the safe form."""

from __future__ import annotations

import re

from devkit.finding import Finding, Place, Severity
from devkit.postgres.replay import Failure
from devkit.verify.places import HAS_TRIGGERS, INDEX_REFUSED, KEY_REFUSED, TRIGGER_REFUSED

_APPLICATION = "let the application make the change in the same transaction"
_ICU = re.compile(r"ICU is not supported in this build")


def refusal(failure: Failure, place: Place, tenant_column: str) -> Finding:
    """The finding for a failed statement: `statement-timeout`, or `engine-refusal` with the server's SQLSTATE."""
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
    return Finding("engine-refusal", Severity.ERROR, message, _help(failure, tenant_column), place, failure.sqlstate)


def _help(failure: Failure, tenant_column: str) -> str:
    said = failure.message
    if KEY_REFUSED.match(said) or INDEX_REFUSED.match(said):
        return f"put the distribution column into the key: ({tenant_column}, …)"
    if TRIGGER_REFUSED.match(said):
        return f"leave the trigger out; {_APPLICATION}"
    if HAS_TRIGGERS.match(said):
        return f"drop the trigger before the table is distributed; {_APPLICATION}"
    if _ICU.search(said):
        return "the embedded PostgreSQL has no ICU: judge this file on your own server with --engine dsn --dsn URL"
    if failure.hint:
        return failure.hint
    return "mend this statement; everything from this file on is not judged until it runs"
