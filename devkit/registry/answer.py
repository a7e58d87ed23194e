"""One HTTP request and its answer, and the names of the hosts they go to."""

from __future__ import annotations

import contextlib
import dataclasses
import ipaddress
from urllib.parse import urlsplit

import urllib3


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What is sent; `headers` and `body` may hold a secret, and are never printed. `limit`: of the answer's bytes."""

    method: str
    url: str
    limit: int
    headers: dict[str, str] = dataclasses.field(default_factory=dict, repr=False)
    body: bytes | None = dataclasses.field(default=None, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read whole. `url` is where it came from, after redirects."""

    status: int
    url: str
    headers: urllib3.HTTPHeaderDict = dataclasses.field(repr=False)
    data: bytes = dataclasses.field(repr=False)

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what has to be equal for a secret to go along. All empty for what is no URL."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", "", 0


def authority(url: str) -> str:
    """The host of `url`, with its port when it is written: registry.local:5000. Empty for what is no URL."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without a port, is this machine: localhost, 127.0.0.0/8, ::1."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return host.lower() == "localhost"


def is_safe(url: str) -> bool:
    """Whether what is sent to `url` can be read by nobody in between: https, or http that stays on this machine."""
    scheme, host, _ = origin(url)
    return bool(host) and (scheme == "https" or (scheme == "http" and is_loopback(host)))
