"""The stand-in against the recorded verdicts of a real Citus 13.0.3, a fresh database a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import psycopg
import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import Embedded, server
from devkit.postgres.install import ADMIN
from devkit.progress import silent
from tests.devkit.postgres.oracle_case import Answer, Case, ask, cases

EXACT = (  # the groups that the stand-in answers in full
    "alter", "alter_local", "alter_reference", "foreign_key", "lifecycle", "partition", "schema_sharding", "sequence",
    "trigger", "unique",
)  # fmt: skip
FLOOR = 395  # of 397, over all groups; the other two are collations of ICU, which the embedded server lacks


pytestmark = pytest.mark.xdist_group("oracle")  # its answers are gathered once


@pytest.fixture(scope="module")
def running(found: Cache) -> Iterator[Embedded]:
    """A server with a template database that has the extension."""
    with server(found, silent) as started:
        with started.admin() as admin:
            admin.execute("CREATE DATABASE with_citus")
        with started.admin("with_citus") as admin:
            admin.execute("CREATE EXTENSION citus")
        yield started


@pytest.fixture(scope="module")
def answers(running: Embedded) -> dict[str, tuple[Case, Answer]]:
    """Every case's answer."""
    found = {}
    for case in cases():
        with running.admin() as admin:
            admin.execute("CREATE DATABASE a_case TEMPLATE with_citus STRATEGY FILE_COPY")
            with psycopg.connect(running.dsn(ADMIN, "a_case"), autocommit=True) as connection:
                found[case.id] = (case, ask(connection, case))
            admin.execute("DROP DATABASE a_case WITH (FORCE)")
    return found


@pytest.mark.parametrize("group", EXACT)
def test_every_case_of_the_group_is_answered_as_the_real_server_did(
    answers: dict[str, tuple[Case, Answer]], group: str
) -> None:
    wrong = [answer.difference for case, answer in answers.values() if case.group == group and not answer.right]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("group", EXACT)
def test_detail_and_hint_of_each_refusal_are_the_real_ones(answers: dict[str, tuple[Case, Answer]], group: str) -> None:
    wrong = [answer.difference for case, answer in answers.values() if case.group == group and not answer.details_right]
    assert not wrong, "\n".join(wrong)


def test_the_figure_for_all_groups_is_printed(
    answers: dict[str, tuple[Case, Answer]], record_property: Callable[[str, object], None]
) -> None:
    """A figure, shown at the end of the run, and a floor under it: what was right stays right."""
    all_of = Counter(case.group for case, _ in answers.values())
    right = Counter(case.group for case, answer in answers.values() if answer.right)
    lines = [f"  {group:16} {right[group]:3} of {count:3}" for group, count in sorted(all_of.items())]
    lines.append(f"  {'together':16} {right.total():3} of {all_of.total():3}")
    record_property("figure", "\n".join(["cases that the stand-in answers as Citus 13.0.3 did:", *lines]))
    assert right.total() >= FLOOR
