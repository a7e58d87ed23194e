"""Typed accessors for objects as the API server gives them. Whatever has another shape reads as absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Raw = Mapping[str, Any]

_LONGEST = 400  # of a message: a kubelet may quote a page
_SECONDS_UP_TO, _MINUTES_UP_TO, _HOURS_UP_TO = 120, 7200, 172800


def text(raw: object, *path: str) -> str:
    """The string at `path`, or nothing."""
    value = _at(raw, path)
    return value if isinstance(value, str) else ""


def number(raw: object, *path: str, default: int = 0) -> int:
    """The whole number at `path`; the API server leaves zeros out, hence the default."""
    value = _at(raw, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def flag(raw: object, *path: str) -> bool:
    """Whether `true` stands at `path`."""
    return _at(raw, path) is True


def part(raw: object, *path: str) -> Raw:
    """The object at `path`, or an empty one."""
    value = _at(raw, path)
    return value if isinstance(value, Mapping) else {}


def parts(raw: object, *path: str) -> tuple[Raw, ...]:
    """The objects of the list at `path`."""
    value = _at(raw, path)
    return tuple(each for each in value if isinstance(each, Mapping)) if isinstance(value, list | tuple) else ()


def texts(raw: object, *path: str) -> tuple[str, ...]:
    """The strings of the list at `path`."""
    value = _at(raw, path)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def moment(raw: object, *path: str) -> datetime | None:
    """The time at `path` (RFC 3339), in UTC."""
    try:
        read = datetime.fromisoformat(text(raw, *path))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def name_of(raw: object) -> str:
    """metadata.name."""
    return text(raw, "metadata", "name")


def resource_of(raw: object) -> str:
    """The kind as kubectl takes it: a custom one with its group, since kinds of several groups share names."""
    group, kind = text(raw, "apiVersion").rpartition("/")[0], text(raw, "kind").lower()
    return f"{kind}.{group}" if "." in group and not group.endswith(".k8s.io") else kind


def created(raw: object) -> datetime | None:
    """metadata.creationTimestamp."""
    return moment(raw, "metadata", "creationTimestamp")


def said(message: str) -> str:
    """What a component says as one line that a terminal can show, without its full stop."""
    return "".join(letter for letter in " ".join(message.split()) if letter.isprintable()).rstrip(". ")


def shortened(line: str) -> str:
    """A line of bearable length: who speaks stands at the start of Go's errors, the cause at their end."""
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2].rstrip()} … {line[-_LONGEST // 2 :].lstrip()}"


def seconds_since(then: datetime | None, now: datetime) -> int | None:
    """Whole seconds from `then` to `now`; never negative, since clocks differ."""
    return None if then is None else max(0, int((now - then).total_seconds()))


def lasting(then: datetime | None, now: datetime) -> str:
    """How long something has gone on, to stand behind a verb; nothing when nobody knows."""
    seconds = seconds_since(then, now)
    return "" if seconds is None else f" for {span(seconds)}"


def span(seconds: int) -> str:
    """A duration for people."""
    if seconds < _SECONDS_UP_TO:
        return f"{seconds} s"
    if seconds < _MINUTES_UP_TO:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < _HOURS_UP_TO else f"{seconds // 86400} days"


def _at(value: object, path: tuple[str, ...]) -> object:
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
