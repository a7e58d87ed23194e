"""The cases of a file, asked of an engine: how many of its answers are the recorded ones, or the answers recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import msgspec

from devkit.conformance.case import Case
from devkit.conformance.parity import Parity, compare, parity
from devkit.conformance.vary import answered, unquoted, vary
from devkit.postgres.asking import Answer, ask
from devkit.postgres.fresh import Engine
from devkit.progress import Progress


def judge(engines: Sequence[Engine], cases: Sequence[Case], progress: Progress) -> Parity:
    """How the answers to `cases` compare. An engine is told the statements alone, never the verdicts."""
    answers = _ask_all(engines, [case.statements for case in cases], progress, whole=False)
    return parity(cases, [compare(case, answer) for case, answer in zip(cases, answers, strict=True)])


def judge_varied(engines: Sequence[Engine], cases: Sequence[Case], progress: Progress) -> Parity:
    """The same with each case asked in other words."""
    answers = _ask_all(engines, [vary(case) for case in cases], progress, whole=False)
    mismatches = []
    for case, answer in zip(cases, answers, strict=True):
        said = answered(case, answer)
        loose = msgspec.structs.replace(case, verdicts=tuple(map(unquoted, case.verdicts)))
        mismatches.append(compare(loose, dataclasses.replace(said, verdicts=tuple(map(unquoted, said.verdicts)))))
    return parity(cases, mismatches)


def record(engines: Sequence[Engine], cases: Sequence[Case], progress: Progress) -> Iterator[Answer]:
    """What the engine says to every statement of each case, also after a refusal."""
    return _ask_all(engines, [case.statements for case in cases], progress, whole=True)


def _ask_all(
    engines: Sequence[Engine], cases: Sequence[Sequence[str]], progress: Progress, *, whole: bool
) -> Iterator[Answer]:
    """The answers in the order of the cases; each engine has one case at a time."""
    idle: SimpleQueue[Engine] = SimpleQueue()
    for engine in engines:
        idle.put(engine)

    def answer(statements: Sequence[str]) -> Answer:
        engine = idle.get()
        try:
            with engine.fresh(statements) as database:
                return ask(database, statements, whole=whole)
        finally:
            idle.put(engine)

    with ThreadPoolExecutor(len(engines)) as pool:
        for number, each in enumerate(pool.map(answer, cases), 1):
            progress(f"asked {number} of {len(cases)} cases")
            yield each
