"""Events of both APIs (core/v1 and events.k8s.io/v1) as one value, and the ones about an object."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from devkit.cluster.readiness.raw import Raw, created, moment, name_of, number, part, said, text

_CONTAINER = re.compile(r"ontainers\{(.+)\}$")  # fieldPath: spec.containers{redis}, spec.initContainers{wait}
_NUMBER = re.compile(r"[0-9]{1,20}\Z", re.ASCII)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_FIRST = (("firstTimestamp",), ("deprecatedFirstTimestamp",), ("eventTime",))
_LAST = (("series", "lastObservedTime"), ("lastTimestamp",), ("deprecatedLastTimestamp",), *_FIRST)


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One thing that a component did or met, from its first to its last time."""

    kind: str
    name: str
    uid: str
    container: str
    reason: str
    message: str
    first: datetime
    last: datetime
    count: int
    order: int


def events_about(kind: str, raw: Raw, events: Iterable[Raw]) -> tuple[Event, ...]:
    """The events about one object, newest first; those of an older object of the same name are left out."""
    name, uid, born = name_of(raw), text(raw, "metadata", "uid"), created(raw) or _BEFORE_ALL
    about = [
        event
        for event in (_read(each) for each in events)
        if (event.kind, event.name) == (kind, name) and (not uid or event.uid in ("", uid)) and event.last >= born
    ]
    # Most components write whole seconds, the scheduler millionths.
    return tuple(sorted(about, key=lambda event: (event.last.replace(microsecond=0), event.order), reverse=True))


def newest(events: Iterable[Event], reasons: Collection[str], container: str = "") -> Event | None:
    """The newest event with one of the reasons; one about another container does not count."""
    return next(
        (each for each in events if each.reason in reasons and (not container or each.container in ("", container))),
        None,
    )


def _read(raw: Raw) -> Event:
    about = part(raw, "involvedObject") or part(raw, "regarding")
    container = _CONTAINER.search(text(about, "fieldPath"))
    version = text(raw, "metadata", "resourceVersion")
    return Event(
        kind=text(about, "kind"),
        name=text(about, "name"),
        uid=text(about, "uid"),
        container=container.group(1) if container else "",
        reason=text(raw, "reason"),
        message=said(text(raw, "message") or text(raw, "note")),
        first=min(_moments(raw, _FIRST), default=_BEFORE_ALL),
        last=max(_moments(raw, _LAST), default=created(raw) or _BEFORE_ALL),
        count=number(raw, "series", "count") or number(raw, "count") or number(raw, "deprecatedCount") or 1,
        order=int(version) if _NUMBER.match(version) else 0,  # within one second
    )


def _moments(raw: Raw, paths: Iterable[tuple[str, ...]]) -> list[datetime]:
    return [found for path in paths if (found := moment(raw, *path))]
