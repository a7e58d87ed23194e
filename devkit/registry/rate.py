"""What a registry says about how much may still be asked: Docker Hub's ratelimit headers."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VALUE = re.compile(r"\s*(\d{1,9})(?:\s*;\s*w=(\d{1,9}))?")
_HOUR = 3600


def rate_of(headers: Mapping[str, str]) -> str | None:
    """ "57 of 100 pulls left per 6 h"; None when nothing is said (docs.docker.com/docker-hub/usage/pulls)."""
    remaining = _VALUE.match(headers.get("RateLimit-Remaining", ""))
    limit = _VALUE.match(headers.get("RateLimit-Limit", ""))
    if not remaining:
        return None
    of = f" of {limit[1]}" if limit else ""
    window = (limit and limit[2]) or remaining[2]
    per = f" per {_span(int(window))}" if window else ""
    return f"{remaining[1]}{of} pulls left{per}"


def _span(seconds: int) -> str:
    return f"{seconds // _HOUR} h" if seconds >= _HOUR and seconds % _HOUR == 0 else f"{-(-seconds // 60)} min"
