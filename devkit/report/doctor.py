"""What doctor found, for people and for programs; and the page that lists what it looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from devkit.doctor.checks import CHECKS
from devkit.doctor.host import Host
from devkit.doctor.result import Group, Result, State
from devkit.json_schema import schema_of
from devkit.report.text import Piece
from devkit.words import plural

_MARKS = {State.OK: "✔", State.WARNING: "!", State.PROBLEM: "✘", State.UNKNOWN: "?"}
_STYLES = {State.OK: "green", State.WARNING: "bold yellow", State.PROBLEM: "bold red", State.UNKNOWN: "cyan"}


class JsonMachine(msgspec.Struct, frozen=True):
    """The machine: `system` and `processor` as Python names them; `packages` is brew, apt, dnf, pacman, or ""."""

    system: str
    processor: str
    packages: str
    python: str


class JsonCheck(msgspec.Struct, frozen=True):
    """What a check found. `unknown`: nobody could look. `cure` is "" where nothing is to be mended or known."""

    id: str
    group: Group
    state: State
    found: str
    why: str
    cure: str
    ms: int


class JsonDoctor(msgspec.Struct, frozen=True):
    """The contract of `--format json` of doctor. A reader checks `version` first. `summary` counts states."""

    version: Literal[1]
    command: str
    machine: JsonMachine
    checks: tuple[JsonCheck, ...]
    summary: dict[str, int]


def doctor_json(results: Sequence[Result], host: Host) -> bytes:
    """The report, indented, with a newline at its end."""
    checks = tuple(
        JsonCheck(
            each.check.id, each.check.group, each.said.state, each.said.found, each.check.why, each.said.cure, each.ms
        )
        for each in results
    )
    machine = JsonMachine(host.system, host.machine, host.manager, host.python)
    report = JsonDoctor(1, "doctor", machine, checks, {str(state): count for state, count in _counts(results)})
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def doctor_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/doctor.schema.json."""
    return schema_of(JsonDoctor)


def doctor_text(results: Sequence[Result]) -> Iterator[Piece]:
    """A line a check, by group; why it matters and what to do where something is not as it should be; and a sum."""
    yield from checks_text(results)
    yield from _summary(results)


def checks_text(results: Sequence[Result]) -> Iterator[Piece]:
    """The same without the sum."""
    width = max((len(each.check.id) for each in results), default=0)
    for group in Group:
        found = [each for each in results if each.check.group is group]
        if found:
            yield f"{group}\n", "bold"
            for each in found:
                yield from _line(each, width)


def _line(result: Result, width: int) -> Iterator[Piece]:
    said = result.said
    yield f"{_MARKS[said.state]} ", _STYLES[said.state]
    yield f"{result.check.id:{width}}  ", "bold"
    yield f"{said.found}\n", ""
    if said.state in {State.WARNING, State.PROBLEM}:
        yield f"  {result.check.why}\n", "dim"
    if said.cure:
        yield f"  → {said.cure}\n", "green"


def _summary(results: Sequence[Result]) -> Iterator[Piece]:
    counts = dict(_counts(results))
    worst = State.PROBLEM if counts[State.PROBLEM] else State.OK
    yield f"\n{_MARKS[worst]} ", "bold red" if counts[State.PROBLEM] else "bold green"
    yield f"{plural(counts[State.PROBLEM], 'problem')}, {plural(counts[State.WARNING], 'warning')}", "bold"
    yield f", {counts[State.OK]} ok, {counts[State.UNKNOWN]} not looked at\n", "bold"


def _counts(results: Sequence[Result]) -> list[tuple[State, int]]:
    counted = Counter(each.said.state for each in results)
    return [(state, counted[state]) for state in State]


def doctor_reference() -> str:
    """docs/reference/doctor.md: every check with its reason."""
    rows = (f"| `{each.id}` | {each.group} | {each.title} | {each.why} |\n" for each in CHECKS)
    return (
        "# What doctor looks at\n\nGenerated from `devkit/doctor/` by `python -m tests.golden`. "
        "`./inv doctor --only ID,ID` looks at a few.\n\n| id | where | what | why |\n|---|---|---|---|\n"
        + "".join(rows)
    )
