"""What is said while a namespace is being deleted, and when it does not go."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime

from devkit.cluster.readiness.conditions import condition
from devkit.cluster.readiness.events import Event, events_about
from devkit.cluster.readiness.raw import (
    Raw,
    lasting,
    moment,
    name_of,
    part,
    seconds_since,
    shortened,
    span,
    text,
    texts,
)
from devkit.errors import DevkitError
from devkit.reset.case import Case
from devkit.reset.causes import decisive
from devkit.reset.leftovers import Leftover, listed, shown

_NAMES = 4  # of a kind, in a line that changes
_FINALIZERS = 2
_UNSEEN = 3
# What the namespace controller says, the most telling first.
_CONDITIONS = (
    "NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure", "NamespaceFinalizersRemaining", "NamespaceContentRemaining",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What was observed at once: the Namespace, what is left in it, the APIServices and the namespace's Events.

    `api_services` is empty when they could not be listed; `unseen`: the kinds that could not be listed, and why.
    """

    namespace: Raw
    leftovers: tuple[Leftover, ...]
    api_services: tuple[Raw, ...]
    events: tuple[Raw, ...]
    unseen: tuple[str, ...]


def progress_lines(seen: Seen, now: datetime) -> list[tuple[str, str]]:
    """How far the deletion is: the namespace, each kind that is left, and what went wrong last with one of them."""
    return [(shown(name), shortened(line)) for name, line in _lines(seen, now)]


def diagnose(seen: Seen, kubectl: str, seconds: float, context: str, now: datetime | None = None) -> DevkitError:
    """Why the namespace is still there after `seconds`, and the commands for it.

    `kubectl` begins the commands in the namespace; `now` is this moment unless it is given.
    """
    case = Case(
        namespace=seen.namespace,
        leftovers=seen.leftovers,
        api_services=seen.api_services,
        unseen=seen.unseen,
        kubectl=kubectl,
        cluster=f"kubectl --context {shlex.quote(context)}",
        now=now or datetime.now(UTC),
    )
    cause = decisive(case)
    unseen = f"; could not be listed: {listed(seen.unseen, _UNSEEN)}" if seen.unseen else ""
    return DevkitError(
        f"namespace {case.name} is still there after {seconds:.0f} s: {cause.problem}{unseen}", "\n  ".join(cause.cure)
    )


def recreated(name: str, old_uid: str, new_uid: str, kubectl: str) -> DevkitError:
    """Somebody made a namespace of that name while the end of the old one was waited for."""
    lines = (
        "find who made it: a Tilt that runs elsewhere, another ./inv up or reset; managedFields name the program:",
        f"  {kubectl} get namespace {shlex.quote(shown(name))} -o yaml --show-managed-fields",
        "see what is in it:",
        f"  {kubectl} get all",
        "then again, which plans for the new one:",
        "  ./inv reset",
    )
    return DevkitError(
        f"namespace {shown(name)} (UID {shown(old_uid)}) is gone, but somebody has made a new one of that name "
        f"(UID {shown(new_uid)}), in which nothing was touched",
        "\n  ".join(lines),
    )


def _lines(seen: Seen, now: datetime) -> Iterator[tuple[str, str]]:
    yield f"namespace/{name_of(seen.namespace)}", "; ".join(_state(seen.namespace, now))
    kinds: dict[str, list[Leftover]] = {}
    for each in seen.leftovers:
        kinds.setdefault(each.resource, []).append(each)
    for resource, left in kinds.items():
        yield resource, f"{len(left)} still there: {listed([_named(each) for each in left], _NAMES)}"
    if event := _newest_warning(seen):
        said = f"{shown(event.kind)} {shown(event.name)}: {shown(event.reason)}: {shown(event.message)}"
        yield "event", f"{said} ({span(seconds_since(event.last, now) or 0)} ago)"


def _state(namespace: Raw, now: datetime) -> Iterator[str]:
    since = moment(namespace, "metadata", "deletionTimestamp")
    yield f"deleting{lasting(since, now)}" if since else "its deletion has not begun"
    if finalizers := (*texts(namespace, "spec", "finalizers"), *texts(namespace, "metadata", "finalizers")):
        yield f"held by finalizer{'s' if len(finalizers) > 1 else ''} {listed(finalizers, _NAMES)}"
    found = (condition(namespace, kind) for kind in _CONDITIONS)
    if holds := next((each for each in found if each.holds), None):
        yield f"{holds.type}: {shown(holds.message)}"


def _named(leftover: Leftover) -> str:
    finalizers = leftover.finalizers
    if not finalizers:
        return leftover.name
    return f"{leftover.name} (finalizer{'s' if len(finalizers) > 1 else ''} {listed(finalizers, _FINALIZERS)})"


def _newest_warning(seen: Seen) -> Event | None:
    warnings: dict[tuple[str, str], list[Raw]] = {}
    for each in seen.events:
        if text(each, "type") == "Warning":
            about = part(each, "involvedObject") or part(each, "regarding")
            warnings.setdefault((text(about, "kind"), text(about, "name")), []).append(each)
    found = [
        event
        for each in seen.leftovers
        for event in events_about(
            each.kind, {"metadata": {"name": each.name}}, warnings.get((each.kind, each.name), ())
        )[:1]
    ]
    return max(found, key=lambda event: (event.last.replace(microsecond=0), event.order), default=None)
