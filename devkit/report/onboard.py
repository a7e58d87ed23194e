"""Onboarding for people and for programs: the plan, the steps, what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from devkit.cluster.readiness.values import Readiness
from devkit.json_schema import schema_of
from devkit.onboard.machine import problems
from devkit.onboard.onboard import Planned
from devkit.onboard.outcome import Link, Onboarded, Taken
from devkit.onboard.step import State
from devkit.report.contract import JsonFinding, JsonReport, flat, verdict_report
from devkit.report.doctor import checks_text
from devkit.report.history import JsonHistory, history_report, outcome_text
from devkit.report.stack import stack_text
from devkit.report.text import IDENTITY_DIGITS, LineReader, Piece, finding_text, to_text
from devkit.stack.outcome import Identity

_MARKS = {State.MET: "✔", State.NEEDED: "·", State.LATER: "·", State.WRONG: "✘"}
_STYLES = {State.MET: "bold green", State.NEEDED: "bold", State.LATER: "bold", State.WRONG: "bold red"}
_NEXT = (
    ("./inv seed", "puts the example data into the database"),
    ("./inv psql", "is a shell on it"),
    ("./inv status", "shows services, images, migrations and the cluster"),
    ("./inv watch", "verifies every save"),
    ("./inv onboard", "again, at any time: it does what has become necessary, and proves it"),
)


class JsonStep(msgspec.Struct, frozen=True):
    """A step. `state` is met, or wrong for the one that stopped it; needed or later where the plan itself stopped.

    `was_met`: nothing had to be done for it.
    """

    name: str
    state: State
    was_met: bool
    said: str
    cure: str
    seconds: float


class JsonProblem(msgspec.Struct, frozen=True):
    """A problem that doctor found, by the id of its check."""

    id: str
    found: str
    cure: str


class JsonOnboard(msgspec.Struct, frozen=True):
    """The contract of `--format json` of onboard. A reader checks `version` first.

    `steps` are those that were come to. `problems` are doctor's, `findings` what is wrong with the pins or the
    migrations, `services` those of a stack that was brought up now. `migrated` and `verified` are null where it did not
    get that far; all is well when the last of them is there without an error. `identity` is then the stack's, else "".
    """

    version: Literal[1]
    command: str
    steps: tuple[JsonStep, ...]
    problems: tuple[JsonProblem, ...]
    findings: tuple[JsonFinding, ...]
    cluster: Identity | None
    services: tuple[Readiness, ...]
    migrated: JsonHistory | None
    verified: JsonReport | None
    links: tuple[Link, ...]
    identity: str


def onboard_json(done: Onboarded) -> bytes:
    """The report, indented, with a newline at its end."""
    report = JsonOnboard(
        1, "onboard", tuple(map(_step, done.steps)),
        tuple(JsonProblem(each.check.id, each.said.found, each.said.cure) for each in problems(done.checked)),
        tuple(map(flat, done.findings)),
        done.cluster,
        done.stack.services if done.stack is not None else (),
        history_report("onboard", done.migrated) if done.migrated is not None else None,
        verdict_report("onboard", done.verdict) if done.verdict is not None else None,
        done.links,
        done.verdict.identity.digest if done.verdict is not None else "",
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def onboard_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/onboard.schema.json."""
    return schema_of(JsonOnboard)


def plan_text(plan: Sequence[Planned]) -> str:
    """The plan for people: what is met, and what is going to be done, in its order."""
    width = max(len(each.step.name) for each in plan)
    return "\n".join(f"{_MARKS[each.look.state]} {each.step.name:{width}}  {each.look.said}" for each in plan)


def onboard_text(done: Onboarded, read_line: LineReader) -> Iterator[Piece]:
    """What stopped it, or the verdict; the steps with their seconds; what to look at."""
    yield from _details(done, read_line)
    yield from _steps(done.steps)
    stopped = done.stopped
    if stopped is not None:
        yield "\n✘ ", "bold red"
        yield f"{stopped.name}: {stopped.look.said}\n", "bold"
        yield f"  → {stopped.look.cure}; ./inv onboard goes on from there\n", "green"
    elif done.cluster is not None:
        yield from _sum(done, done.cluster)


def _details(done: Onboarded, read_line: LineReader) -> Iterator[Piece]:
    stopped = done.stopped
    if done.verdict is not None:
        yield from to_text(done.verdict, read_line)
    elif stopped is not None and stopped.name in {"machine", "node"}:
        yield from checks_text(problems(done.checked))
    elif done.findings:
        yield from finding_text(done.findings, read_line)
    elif done.migrated is not None:
        yield from outcome_text(done.migrated, read_line)
    elif done.stack is not None:
        yield from stack_text(done.stack, read_line)


def _steps(steps: tuple[Taken, ...]) -> Iterator[Piece]:
    yield "\nsteps\n", "bold"
    width = max(len(each.name) for each in steps)
    for each in steps:
        yield f"{_MARKS[each.look.state]} ", _STYLES[each.look.state]
        yield f"{each.name:{width}}  ", "bold"
        yield f"{each.seconds:5.1f} s  ", "dim"
        yield f"{each.look.said}\n", ""


def _sum(done: Onboarded, cluster: Identity) -> Iterator[Piece]:
    yield "\nlook at\n", "bold"
    rows = [*((each.url, each.name) for each in done.links), *_NEXT]
    width = max(len(what) for what, _ in rows)
    for what, why in rows:
        yield f"  {what:{width}}  ", "bold"
        yield f"{why}\n", ""
    total = sum(each.seconds for each in done.steps)
    digest = done.verdict.identity.digest[:IDENTITY_DIGITS] if done.verdict is not None else ""
    yield "\n✔ ", "bold green"
    yield f"{cluster.namespace} in {cluster.context} is up, migrated and verified ({total:.1f} s)", "bold"
    yield f", identity {digest}\n", "bold"


def _step(taken: Taken) -> JsonStep:
    look = taken.look
    return JsonStep(taken.name, look.state, taken.was_met, look.said, look.cure, taken.seconds)
