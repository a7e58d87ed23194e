"""What an engine answered beside what was recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import zip_longest

from devkit.conformance.case import Case
from devkit.postgres.asking import Answer, CitusTable, Refusal, Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class Mismatch:
    """Where a case goes another way: the statement (none: the tables at its end), what was recorded, what was said."""

    case: str
    group: str
    statement: str | None
    expected: str
    got: str


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """How many cases of a group, or of all, are right."""

    name: str
    right: int
    cases: int

    @property
    def percent(self) -> float:
        """The share that is right, in percent."""
        return 100 * self.right / self.cases if self.cases else 100.0


@dataclasses.dataclass(frozen=True, slots=True)
class Parity:
    """The groups, those cases that contain a refusal, all of them, and each mismatch."""

    groups: tuple[Group, ...]
    refused: Group
    total: Group
    mismatches: tuple[Mismatch, ...]


def compare(case: Case, answer: Answer) -> Mismatch | None:
    """What differs first, up to the first refusal; without one, in the tables. Details and hints do not count."""
    for statement, expected, got in zip_longest(case.statements, case.verdicts, answer.verdicts):
        if got is None or expected is None:
            break
        if not _same(expected, got):
            return Mismatch(case.id, case.group, statement, _said(expected), _said(got))
        if expected != "ok":
            return None
    if case.tables == answer.tables:
        return None
    return Mismatch(case.id, case.group, None, _shown(case.tables), _shown(answer.tables))


def parity(cases: Sequence[Case], mismatches: Sequence[Mismatch | None]) -> Parity:
    """The figures over `cases`, with what `compare` found of each."""
    wrong = {each.case for each in mismatches if each is not None}

    def group(name: str, of: Sequence[Case]) -> Group:
        return Group(name, sum(case.id not in wrong for case in of), len(of))

    names = sorted({case.group for case in cases})
    refusing = [case for case in cases if any(verdict != "ok" for verdict in case.verdicts)]
    return Parity(
        tuple(group(name, [case for case in cases if case.group == name]) for name in names),
        group("with a refusal", refusing),
        group("total", cases),
        tuple(each for each in mismatches if each is not None),
    )


def _same(expected: Verdict, got: Verdict) -> bool:
    if isinstance(expected, Refusal) and isinstance(got, Refusal):
        return (expected.sqlstate, expected.message) == (got.sqlstate, got.message)
    return expected == got


def _said(verdict: Verdict) -> str:
    return f"{verdict.sqlstate}: {verdict.message}" if isinstance(verdict, Refusal) else verdict


def _shown(tables: dict[str, CitusTable]) -> str:
    """The tables on one line."""
    if not tables:
        return "no Citus table"
    words = (
        f"{name} {table.kind}"
        + (f" by {table.column}" if table.column else "")
        + (f", colocated with {table.colocated_with}" if table.colocated_with else "")
        for name, table in sorted(tables.items())
    )
    return "; ".join(words)
