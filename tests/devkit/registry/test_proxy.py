"""A registry is reached by the proxy that the environment names for it, and this machine never is."""

from __future__ import annotations

import pytest

from devkit.errors import DevkitError
from devkit.registry.proxy import proxy_for

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": PROXY}, PROXY),
        ({"https_proxy": PROXY}, PROXY),
        ({"HTTPS_PROXY": "", "https_proxy": PROXY}, PROXY),
        ({"HTTPS_PROXY": "proxy.example:3128"}, PROXY),
        ({"HTTP_PROXY": PROXY}, None),  # that one is for http, which goes to this machine alone
        ({"HTTPS_PROXY": "https://ali:pw@proxy.example"}, "https://ali:pw@proxy.example"),
    ],
)
def test_the_proxy_is_the_one_of_the_scheme(environ: dict[str, str], proxy: str | None) -> None:
    assert proxy_for("https://ghcr.io/v2/", environ) == proxy


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("*", "ghcr.io", True),
        ("ghcr.io", "ghcr.io", True),
        ("GHCR.io", "ghcr.io", True),
        (" a.example , ghcr.io ", "ghcr.io", True),
        ("ghcr.io", "a.ghcr.io", True),
        ("ghcr.io", "notghcr.io", False),
        (".ghcr.io", "a.ghcr.io", True),
        (".ghcr.io", "ghcr.io", False),
        ("*.ghcr.io", "a.ghcr.io", True),
        ("ghcr.io:443", "ghcr.io", True),
        ("ghcr.io:444", "ghcr.io", False),
        ("ghcr.io:444", "ghcr.io:444", True),
        ("10.0.0.0/8", "10.1.2.3:5000", True),
        ("10.0.0.0/8", "11.1.2.3:5000", False),
        ("10.0.0.0/8", "ghcr.io", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("fd00::/8", "[fd00::1]:5000", True),
        ("", "localhost:5000", True),
        ("", "127.9.9.9", True),
        ("", "[::1]:5000", True),
        ("", "localhost.example", False),
    ],
)
def test_hosts_are_left_out(no_proxy: str, host: str, direct: bool) -> None:
    for variable in ("NO_PROXY", "no_proxy"):
        found = proxy_for(f"https://{host}/v2/", {"HTTPS_PROXY": PROXY, variable: no_proxy})
        assert found == (None if direct else PROXY)


@pytest.mark.parametrize(
    "proxy", ["socks5://ali:hush@proxy", "http://ali:hush@", "http://ali:hush@proxy:port", "ftp://x"]
)
def test_what_is_no_proxy_is_refused_without_its_password(proxy: str) -> None:
    with pytest.raises(DevkitError, match="HTTPS_PROXY names no http or https proxy") as caught:
        proxy_for("https://ghcr.io/v2/", {"HTTPS_PROXY": proxy})
    assert "hush" not in str(caught.value)
