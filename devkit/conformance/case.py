"""Recorded cases: JSON lines with statements, the server's verdict on each, and the Citus tables at the end.

The format of `./inv conformance`: `id`, `group`, `statements` (run one by one, each committing by itself, in a fresh
database that has only the extension, 4 shards a table unless they say otherwise), `verdicts` ("ok", or what the server
said), `tables`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from devkit.errors import DevkitError
from devkit.postgres.asking import Answer, CitusTable, Verdict


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line: the questions, and the answers as they were recorded; none yet when they are still to be recorded."""

    id: str
    group: str
    statements: tuple[str, ...]
    verdicts: tuple[Verdict, ...] = ()
    tables: dict[str, CitusTable] = {}


def read_cases(file: Path) -> tuple[Case, ...]:
    """Every case of `file`; DevkitError with the line of what is none."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise DevkitError(f"{file} cannot be read: {error.strerror}", "name a file of recorded cases") from error
    cases = tuple(_case(line, f"{file}:{number}") for number, line in enumerate(lines, 1) if line.strip())
    if not cases:
        raise DevkitError(
            f"{file} holds no case", 'write a line a case: {"id": "a", "group": "b", "statements": ["…"]}'
        )
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise DevkitError(f"{file} has two cases {case.id}", "give each an id of its own")
        seen.add(case.id)
    return cases


def _case(line: bytes, where: str) -> Case:
    try:
        case = msgspec.json.decode(line, type=Case)
    except msgspec.DecodeError as error:
        raise DevkitError(f"{where} is no recorded case: {error}", "mend the line, or take it out") from error
    if not case.statements:
        raise DevkitError(f"{where} asks nothing: it has no statements", "add them, or take the line out")
    if case.verdicts and len(case.verdicts) != len(case.statements):
        raise DevkitError(
            f"{where} has {len(case.statements)} statements and {len(case.verdicts)} verdicts",
            "record it again: ./inv conformance FILE --engine dsn --dsn URL --record OTHER",
        )
    return case


def to_line(case: Case, answer: Answer) -> bytes:
    """The line of `case` with `answer` as its recorded one."""
    recorded = Case(case.id, case.group, case.statements, answer.verdicts, dict(sorted(answer.tables.items())))
    return msgspec.json.encode(recorded) + b"\n"
