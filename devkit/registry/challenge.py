"""How a registry says what login it wants: the WWW-Authenticate header of a 401."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110's name for a word, 5.6.2
_PARAMETER = re.compile(rf'({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))')
_SCHEME = re.compile(_TOKEN)
_BETWEEN = re.compile(r"[\s,=/]*")  # = and / end a token68, which no scheme of ours has


@dataclasses.dataclass(frozen=True, slots=True)
class Challenge:
    """One way to log in: `scheme` in small letters (bearer, basic) and its parameters."""

    scheme: str
    parameters: Mapping[str, str]


def challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """The challenges of all WWW-Authenticate headers (RFC 9110, 11.6.1); what cannot be read is passed over."""
    return tuple(each for header in headers for each in _of_one(header))


def _of_one(header: str) -> list[Challenge]:
    found: list[tuple[str, dict[str, str]]] = []
    at = 0
    while (at := _after(_BETWEEN.match(header, at), at)) < len(header):
        parameter = _PARAMETER.match(header, at) if found else None
        scheme = _SCHEME.match(header, at)
        if parameter:
            quoted, bare = parameter[2], parameter[3]
            found[-1][1][parameter[1].lower()] = bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        elif scheme:
            found.append((scheme[0].lower(), {}))
        else:
            break
        at = _after(parameter or scheme, at)
    return [Challenge(scheme, parameters) for scheme, parameters in found]


def _after(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise
