"""Which proxy a host is reached by: HTTPS_PROXY and NO_PROXY, read as Docker does (golang.org/x/net/http/httpproxy)."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from devkit.errors import DevkitError
from devkit.registry.answer import is_loopback, origin


def proxy_for(url: str, environ: Mapping[str, str]) -> str | None:
    """The proxy's URL, with a user and a password where they are written; None: go there directly.

    This machine is never asked through a proxy. DevkitError when the variable holds no http proxy.
    """
    scheme, host, port = origin(url)
    if is_loopback(host) or _is_direct(host, port, _either(environ, "NO_PROXY")):
        return None
    variable = f"{scheme.upper()}_PROXY"
    proxy = _either(environ, variable)
    if not proxy:
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not _is_usable(proxy):
        # Not shown: it may hold a password.
        raise DevkitError(
            f"{variable} names no http or https proxy",
            f"set it to http://HOST:PORT, or unset it: unset {variable} {variable.lower()}",
        )
    return proxy


def _is_usable(proxy: str) -> bool:
    with contextlib.suppress(ValueError):  # a port that is none
        parts = urlsplit(proxy)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    return False


def _either(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or environ.get(name.lower()) or ""


def _is_direct(host: str, port: int, no_proxy: str) -> bool:
    return any(_covers(each.strip().lower(), host, port) for each in no_proxy.split(",") if each.strip())


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    with contextlib.suppress(ValueError):
        network = ipaddress.ip_network(entry.strip("[]"), strict=False)
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(host) in network
        return False
    name, colon, number = entry.rpartition(":")
    if colon and number.isdigit():
        if int(number) != port:
            return False
        entry = name
    # .example.com is what lies below it, example.com that and itself, *.example.com as .example.com.
    entry = entry.removeprefix("*").strip("[]")
    return host.endswith(entry if entry.startswith(".") else f".{entry}") or host == entry
