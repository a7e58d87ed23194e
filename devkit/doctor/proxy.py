"""Proxies that the environment names: whether the node can use them, and whether what is local goes past them."""

from __future__ import annotations

from urllib.parse import urlsplit

from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem, warning

_NAMES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_LOCAL = ("localhost", "127.0.0.1")


def _run(host: Host) -> Said:
    set_ = {name: value for name in _NAMES if (value := host.environ.get(name, ""))}
    if not set_:
        return ok("no proxy is set")
    for name, value in set_.items():
        found = _host(value)
        if not found:
            return problem(f"{name}={shown(value)} is no address of a proxy", f"export {name}=http://HOST:PORT")
        if found in {*_LOCAL, "::1"}:
            said = f"{name}={shown(value)} is this machine, and inside a node that is the node itself"
            return problem(said, f"export {name}=http://ADDRESS:PORT with this machine's address in its network")
    twice = _disagreement(set_)
    if twice:
        return warning(
            f"{twice} and {twice.lower()} differ: each program follows another one", f"unset {twice.lower()}"
        )
    passing = {
        each.strip().lstrip(".") for name in ("NO_PROXY", "no_proxy") for each in host.environ.get(name, "").split(",")
    }
    missing = tuple(each for each in _LOCAL if each not in passing and "*" not in passing)
    if missing:
        said = f"{' and '.join(missing)} would go through the proxy {shown(next(iter(set_.values())))}"
        return warning(said, f'export NO_PROXY="${{NO_PROXY:+$NO_PROXY,}}{",".join(missing)}"')
    return ok(f"{shown(next(iter(set_.values())))}, and what is local goes past it")


def _host(value: str) -> str:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        return parts.hostname or "" if parts.port != 0 else ""
    except ValueError:
        return ""


def _disagreement(found: dict[str, str]) -> str:
    pairs = ((name, found[name], found.get(name.lower(), "")) for name in found if name.isupper())
    return next((name for name, upper, lower in pairs if lower and lower != upper), "")


def shown(value: str) -> str:
    """A proxy's address without its user and password."""
    scheme, separator, rest = value.rpartition("://")
    user, at, address = rest.rpartition("@")
    return f"{scheme}{separator}{'***@' if at and user else ''}{address}"


CHECK = Check(
    "proxy",
    Group.NETWORK,
    "proxies",
    "kind hands these variables to its nodes, which pull the images; what is local must go past the proxy",
    _run,
)
