"""The cache of verdicts through the real ./inv: a hit says so, and every kind of change is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.checkout import Checkout
from tests.everyday import first


def cached(checkout: Checkout, *words: str) -> bool:
    result = checkout.verify("-v", *words)
    assert result.code in (0, 1), result
    return bool(result.report()["timings_ms"].keys() == {"total"})


def test_an_unchanged_stack_is_answered_from_the_verdict_and_no_cache_replays(checkout: Checkout) -> None:
    first = checkout.verify()
    assert cached(checkout) is True
    assert checkout.verify().out == first.out
    assert cached(checkout, "--no-cache") is False
    assert "unchanged since the last run" in checkout.run("verify").err


def _append(file: str, text: str) -> Callable[[Checkout], None]:
    def change(checkout: Checkout) -> None:
        path = next(checkout.root.glob(file))
        path.write_text(path.read_text() + text)

    return change


@pytest.mark.full
def test_a_stored_verdict_costs_no_heavy_import(checkout: Checkout) -> None:
    def imported(*words: str) -> set[str]:
        said = checkout.run("verify", "--format", "json", *words, env={"PYTHONPROFILEIMPORTTIME": "1"}).err
        return {line.rpartition("|")[2].strip() for line in said.splitlines()}

    heavy = {"psycopg", "pglast", "ruamel.yaml", "rich.console", "watchfiles"}
    assert imported("--no-cache") & heavy == {"psycopg", "pglast"}
    assert imported() & heavy == set()


@pytest.mark.full
@pytest.mark.parametrize(
    "change",
    first(
        2,
        [
            _append("infra/migrations/V3__*.sql", "\n"),
            _append("infra/k8s/redis.yaml", "\n"),
            _append("pyproject.toml", "\n"),
            _append("requirements-postgres.lock", "\n"),
            _append("devkit/postgres/standin/*.sql", "\n"),
            _append("devkit/rules/no_triggers.py", "\n"),
        ],
    ),
    ids=["migration", "manifest", "config", "lock", "stand-in", "rule"],
)
def test_one_changed_byte_is_judged_anew(checkout: Checkout, change: Callable[[Checkout], None]) -> None:
    checkout.verify()
    assert cached(checkout)
    change(checkout)
    # a changed lock would make the launcher install again, so Python is started without it here
    assert cached_without_launcher(checkout) is False


def cached_without_launcher(checkout: Checkout) -> bool:
    import json
    import subprocess
    import sys

    argv = [sys.executable, "-P", str(checkout.root / "devkit/__main__.py"), "verify", "-v", "--format", "json"]
    done = subprocess.run(argv, env=checkout.environment(), capture_output=True, check=False)
    return bool(json.loads(done.stdout)["timings_ms"].keys() == {"total"})


@pytest.mark.full
def test_a_damaged_verdict_is_no_verdict(checkout: Checkout) -> None:
    checkout.verify()
    for stored in (checkout.cache / "verdicts").glob("*.json"):
        stored.write_bytes(stored.read_bytes()[:-20])
    assert cached(checkout) is False


@pytest.mark.full
def test_a_statement_timeout_is_not_remembered(empty: Checkout) -> None:
    empty.configure("statement-timeout-seconds = 0.3")
    (empty.migrations / "V1__sleep.sql").write_text("SELECT pg_sleep(60);\n")
    assert empty.verify().found()[0][0] == "statement-timeout"
    assert cached(empty) is False
