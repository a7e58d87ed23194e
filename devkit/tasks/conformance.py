"""./inv conformance."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from invoke import Context, Exit, task

from devkit import console
from devkit.errors import DevkitError
from devkit.progress import Progress
from devkit.tasks.history import check_format
from devkit.tasks.options import HELP, refuse, replay_dsn

if TYPE_CHECKING:
    from devkit.conformance.case import Case
    from devkit.postgres.fresh import Engine

_ALL = 100.0  # percent
_SERVERS = 2  # a case waits for its database more than it computes


@task(
    help={
        "file": "recorded cases, as in ./inv conformance FILE.jsonl",
        "engine": "embedded (default) or dsn: who is asked",
        "dsn": HELP["dsn"],
        "record": "write the engine's own answers to FILE, and judge nothing",
        "at-least": "PERCENT of the cases that must be right (default: 100)",
        "vary": "ask in other words: other names, another schema, in DO blocks",
        "limits": "list what the embedded engine cannot know, and do nothing else",
        "format": "text (default) or json",
    },
)
def conformance(
    call: Context,
    file: str = "",
    engine: str = "",
    dsn: str = "",
    record: str = "",
    at_least: str = "",
    vary: bool = False,
    limits: bool = False,
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Compare an engine's answers with recorded verdicts of a real Citus; or record them.

    Exit 1: less than --at-least PERCENT of the cases are right.
    """
    del call
    check_format(format)
    if limits:
        given = {"a file": file, "--engine": engine, "--dsn": dsn, "--record": record, "--at-least": at_least}
        for name, value in {**given, "--vary": vary, "--format json": format == "json"}.items():
            refuse(bool(value), name, "--limits")
        _show_limits()
        return
    if not file:
        raise DevkitError("conformance needs recorded cases", "name the file: ./inv conformance FILE.jsonl")
    if record:
        refuse(at_least, "--at-least", "--record")
        refuse(vary, "--vary", "--record")
    percent = _percent(at_least)
    target = replay_dsn(engine, dsn)
    from devkit.conformance.case import read_cases
    from devkit.conformance.run import judge, judge_varied
    from devkit.report.conformance import conformance_json, conformance_text

    cases = read_cases(Path(file))
    with console.progress(wanted=format == "text") as progress, _engines(target, progress) as engines:
        if record:
            _record(engines, cases, Path(record), progress)
            return
        parity = (judge_varied if vary else judge)(engines, _answered(cases, file), progress)
    if format == "json":
        console.write(conformance_json(parity, engines[0], varied=vary))
    else:
        console.show(conformance_text(parity, engines[0]))
    if parity.total.percent < percent:
        raise Exit(code=1)


def _percent(text: str) -> float:
    try:
        percent = float(text) if text else _ALL
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= _ALL:
        raise DevkitError(f"--at-least {text} is no percentage", "write a number from 0 to 100: --at-least 98")
    return percent


@contextlib.contextmanager
def _engines(dsn: str | None, progress: Progress) -> Iterator[list[Engine]]:
    """Who is asked: the server that is named, or embedded ones, each with a case of its own at a time."""
    from devkit.postgres.cache import find_cache
    from devkit.postgres.fresh import dsn_engine, embedded_engine

    with contextlib.ExitStack() as running:
        if dsn is not None:
            yield [running.enter_context(dsn_engine(dsn))]
            return
        cache = find_cache(dict(os.environ))
        yield [running.enter_context(embedded_engine(cache, progress)) for _ in range(_SERVERS)]


def _answered(cases: Sequence[Case], file: str) -> Sequence[Case]:
    for case in cases:
        if not case.verdicts:
            raise DevkitError(
                f"case {case.id} of {file} has no verdicts to compare with",
                f"record them: ./inv conformance {file} --engine dsn --dsn URL --record OTHER.jsonl",
            )
    return cases


def _record(engines: Sequence[Engine], cases: Sequence[Case], file: Path, progress: Progress) -> None:
    from devkit.conformance.case import to_line
    from devkit.conformance.run import record
    from devkit.files import write_atomically

    answers = record(engines, cases, progress)
    text = b"".join(to_line(case, answer) for case, answer in zip(cases, answers, strict=True))
    try:
        write_atomically(file, text)
    except OSError as error:
        raise DevkitError(f"{file} cannot be written: {error.strerror}", "name a file in a folder of yours") from error
    engine = engines[0]
    console.say(f"{file}: what PostgreSQL {engine.postgres}, citus {engine.citus}, says to {len(cases)} cases")


def _show_limits() -> None:
    from devkit.rules.engine_limit import LIMITS

    console.show(
        piece
        for limit in LIMITS
        for piece in ((f"{limit.name}\n", "bold"), (f"  {limit.what}\n", ""), (f"  → {limit.cure}\n", "green"))
    )
