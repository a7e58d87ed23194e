"""Versions as tools print them: in JSON, in sentences, in colour, behind warnings, or not at all."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any

from devkit.process import Answer

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NUMBER = r"v?(\d+)\.(\d+)(?:\.(\d+))?"
_SHOWN = 60  # characters of an answer that is no version


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Version:
    """Three numbers; what stands behind them (rc, a build, a distribution's mark) says nothing about what it can do."""

    major: int
    minor: int
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def line(self) -> tuple[int, int]:
        """Major and minor."""
        return self.major, self.minor

    def is_near(self, server: Version) -> bool:
        """Whether it is at most one minor version away (Kubernetes' version skew policy)."""
        return self.major == server.major and abs(self.minor - server.minor) <= 1


def version_in(text: str, before: str = "", after: str = "") -> Version | None:
    """The first version in `text` between what matches `before` and `after`; None when there is none."""
    found = re.search(rf"{before}{_NUMBER}{after}", plain(text), re.MULTILINE)
    return Version(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def plain(text: str) -> str:
    """The text without colours."""
    return _COLOUR.sub("", text)


def json_in(text: str) -> Mapping[str, Any] | None:
    """The JSON object in `text`, which may begin with warnings."""
    text = plain(text)
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def first_words(answer: Answer) -> str:
    """What a tool said instead of what was expected, in short."""
    lines = [line.strip() for line in plain(f"{answer.out}\n{answer.err}").splitlines() if line.strip()]
    if not lines:
        return f"nothing (exit code {answer.code})"
    line = "".join(each if each.isprintable() else "?" for each in lines[0])
    return f'"{line[:_SHOWN]}{"…" if len(line) > _SHOWN else ""}"'
