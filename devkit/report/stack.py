"""The stack for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from devkit.cluster.readiness.values import Readiness, State
from devkit.json_schema import schema_of
from devkit.report.history import JsonHistory, history_report, outcome_text
from devkit.report.text import LineReader, Piece
from devkit.stack.outcome import Identity, Image, Stack, TiltShown
from devkit.words import plural

_STYLES = {State.READY: "green", State.WAITING: "yellow", State.FAILED: "bold red", State.MISSING: "bold red"}
_MARKS = {State.READY: "✔", State.WAITING: "…", State.FAILED: "✘", State.MISSING: "✘"}
_UNSEEN = "whose nodes this login may not list"
_DIGEST = 19  # sha256: and twelve digits


class JsonStack(msgspec.Struct, frozen=True):
    """The contract of `--format json` of up and status. A reader checks `version` first.

    `database` is the report of migrate and status on a database, null with the reason in `no_database`.
    """

    version: Literal[1]
    command: str
    cluster: Identity
    services: tuple[Readiness, ...]
    images: tuple[Image, ...]
    tilt: TiltShown | None
    database: JsonHistory | None
    no_database: str
    summary: dict[str, int]


def stack_json(command: str, stack: Stack) -> bytes:
    """The report of `command`, indented, with a newline at its end."""
    database = None if stack.database is None else history_report(command, stack.database)
    report = JsonStack(
        1, command, stack.identity, stack.services, stack.images, stack.tilt, database, stack.no_database,
        {str(state): sum(each.state is state for each in stack.services) for state in State},
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def stack_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/stack.schema.json."""
    return schema_of(JsonStack)


def stack_text(stack: Stack, read_line: LineReader) -> Iterator[Piece]:
    """Services with what to do about each, images, Tilt, the cluster, the ledger."""
    yield from _services(stack.services)
    yield from _images(stack.images)
    yield from _ledger(stack, read_line)
    yield from _tilt(stack.tilt)
    yield from _cluster(stack.identity)
    yield from _sum(stack)


def _services(services: tuple[Readiness, ...]) -> Iterator[Piece]:
    if services and all(each.state is State.MISSING for each in services):
        yield "✘ ", _STYLES[State.MISSING]
        yield f"nothing is up: none of the {plural(len(services), 'object')} of the manifests is there\n", "bold"
        yield "  → ./inv up\n", "green"
        return
    names = [f"{each.kind.lower()}/{each.name}" for each in services]
    width = max(map(len, names), default=0)
    for name, each in zip(names, services, strict=True):
        style = _STYLES[each.state]
        yield f"{_MARKS[each.state]} ", style
        yield f"{name:{width}}  ", "bold"
        yield f"{each.state:7}  ", style
        yield f"{each.message}\n", ""
        if each.help:
            yield f"  → {each.help}\n", "green"


def _images(images: tuple[Image, ...]) -> Iterator[Piece]:
    if not images:
        return
    yield "\nimages\n", "bold"
    width = max(len(f"{each.pod}/{each.container}") for each in images)
    for each in images:
        yield f"  {f'{each.pod}/{each.container}':{width}}  {each.reference}", ""
        yield f"  {_short(each.image_id)}", "dim"
        yield ("\n", "") if each.is_named_here else ("  ✘ no manifest here names this image\n", "bold red")


def _short(image_id: str) -> str:
    """The digest's beginning, as docker shows it."""
    digest = image_id.rpartition("@")[2]
    return digest[:_DIGEST] if digest.startswith("sha256:") else digest


def _ledger(stack: Stack, read_line: LineReader) -> Iterator[Piece]:
    if stack.database is not None:
        yield "\nmigrations\n", "bold"
        yield from outcome_text(stack.database, read_line)
    elif stack.no_database:
        yield "\nmigrations\n", "bold"
        yield f"  the ledger cannot be read: {stack.no_database}\n", "yellow"


def _tilt(tilt: TiltShown | None) -> Iterator[Piece]:
    yield "\ntilt\n", "bold"
    if tilt is None:
        yield "  does not run for this checkout; ./inv up starts it\n", "yellow"
        return
    yield f"  {tilt.url} (process {tilt.pid})\n", ""
    for name, update, runtime in tilt.resources:
        if "error" in {update, runtime}:
            yield f"  {name}: update {update}, runtime {runtime}\n", "bold red"


def _cluster(identity: Identity) -> Iterator[Piece]:
    yield "\ncluster\n", "bold"
    yield f"  {identity.context} at {identity.server}, namespace {identity.namespace}\n", ""
    nodes = f"{plural(len(identity.nodes), 'node')}: {', '.join(identity.nodes)}" if identity.nodes else _UNSEEN
    yield f"  UID {identity.uid}, {nodes}\n", ""
    if not identity.is_ours:
        yield "  not agreed to yet: ./inv up asks before it changes anything there\n", "yellow"


def _sum(stack: Stack) -> Iterator[Piece]:
    count = sum(each.state is State.READY for each in stack.services)
    yield ("\n✘ " if stack.exit_code else "\n✔ "), ("bold red" if stack.exit_code else "bold green")
    yield f"{count} of {plural(len(stack.services), 'service')} ready\n", "bold"
    if stack.done == "up" and not stack.exit_code:
        yield "  next: ./inv status shows all of it, ./inv down stops it\n", ""
