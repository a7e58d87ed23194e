"""Output without what differs from run to run: times, ports, UIDs, the identity, temporary paths; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNITS = "ms|s|min|h|d|seconds?|minutes?|hours?|days?"
_KUBERNETES = "[bcdfghjklmnpqrstvwxz2456789]"  # the letters of names that it makes up
_RULES = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", "UID"),
        (r"(?<=\bidentity )[0-9a-f]{12,64}\b", "IDENTITY"),
        (r"(?<=, )[0-9a-f]{12}(?= in )", "IDENTITY"),
        (r'(?<="identity": ")[0-9a-f]{12,64}(?=")', "IDENTITY"),
        (r"(?:/private)?(?:/var)?/tmp/[^\s'\",;:)]+", "/tmp/PATH"),
        (r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?", "DATE"),
        (r"\b\d\d:\d\d:\d\d\b", "TIME"),
        (r"(?<=\b127\.0\.0\.1:)\d+", "PORT"),
        (r"(?<=\blocalhost:)\d+", "PORT"),
        (r"(?<=\[::1\]:)\d+", "PORT"),
        (r"(?<=\bport )\d{4,5}\b", "PORT"),
        (r"(?<=/checkouts/)[0-9a-f]{16}\b", "CHECKOUT"),
        (r"(?<=\bprocess )\d+\b", "PID"),
        (r"(?<=\bpid )\d+\b", "PID"),
        (rf"(?<=[a-z0-9])-{_KUBERNETES}{{8,10}}-{_KUBERNETES}{{5}}\b", "-POD"),
        (r"(?<=checks of doctor, )(?:no warnings|\d+ warnings?: [a-z, -]+)", "WARNINGS"),  # they are the machine's
        (r"(?<=\[main )[0-9a-f]{7,12}(?=\])", "COMMIT"),
        (r"(?<=^commit )[0-9a-f]{40}\b", "COMMIT"),
        (rf"(?<![\w.])\d+(?:\.\d+)? (?:{_UNITS})\b", "TIME"),
        (r"(?<![\w.])(?:\d+(?:\.\d+)?(?:ms|[smhd])){1,3}\b", "TIME"),
    )
)
_GAP = re.compile(r"(?<=\S)\s{2,}")


def shown(line: str, places: Mapping[str, str]) -> str:
    """A line as a page may show it: `places` has what a reader would see, and what it is in this run."""
    for name in sorted(places, key=lambda each: len(places[each]), reverse=True):
        line = line.replace(places[name], name)
    return line.rstrip()


def meant(command: str, addresses: Mapping[str, str]) -> str:
    """A command of a page with the addresses of this run."""
    for name, address in addresses.items():
        command = command.replace(name, address)
    return command


def settled(line: str) -> str:
    """A line as it is compared. Columns behind a number that changes are not held to their place."""
    found = line.rstrip()
    for rule, told in _RULES:
        found = rule.sub(told, found)
    return _GAP.sub("  ", found) if found != line.rstrip() else found
