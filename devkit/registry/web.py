"""The door to registries, and to where they send us for a token or a blob: TLS, proxies, limits, redirects."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Mapping
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import urllib3

from devkit.errors import DevkitError
from devkit.registry.answer import Answer, Request, authority, is_safe, origin
from devkit.registry.failures import too_long, unreachable
from devkit.registry.patience import Patience
from devkit.registry.proxy import proxy_for
from devkit.registry.tls import context_for, private_folders

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0  # between two pieces of an answer
_CONNECTIONS = 8  # to one host that are kept
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_AGENT = "devkit"


class Web:
    """HTTP to hosts by name, each with the authorities and the proxy that `environ` gives it. Thread-safe."""

    def __init__(self, environ: Mapping[str, str], patience: Patience) -> None:
        self._environ = environ
        self._patience = patience
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, str, int], urllib3.PoolManager] = {}

    def send(self, request: Request) -> Answer:
        """The answer, after as many tries as Patience gives; redirects are not followed.

        NoTlsError when the host does not speak TLS, DevkitError when it cannot be reached or answers too much.
        """
        if not is_safe(request.url):
            raise _unsafe(request.url)
        pool = self._pool(request.url)
        try:
            return self._patience.persist(lambda: _once(pool, request))
        except (urllib3.exceptions.HTTPError, UnicodeError) as error:  # UnicodeError: no host's name, says idna
            raise unreachable(authority(request.url), error, self._environ) from error

    def follow(self, request: Request) -> Answer:
        """As send(), and along redirects: to https alone, and with the login only as long as the host is the same."""
        for _ in range(_MOST_REDIRECTS):
            answer = self.send(request)
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not location:
                return answer
            request = _redirected(request, location)
        raise DevkitError(
            f"{authority(request.url)}: the registry sends us from one address to the next, more than "
            f"{_MOST_REDIRECTS} times",
            "run the same command again; if it stays so, ask who runs the registry",
        )

    def has_private_authority(self, host: str) -> bool:
        """Whether there is a folder of private authorities for `host`."""
        return bool(private_folders(host, self._environ))

    def close(self) -> None:
        """Close the connections that are kept."""
        with self._lock:
            for pool in self._pools.values():
                pool.clear()

    def _pool(self, url: str) -> urllib3.PoolManager:
        with self._lock:
            key = origin(url)
            if key not in self._pools:
                self._pools[key] = self._new_pool(url)
            return self._pools[key]

    def _new_pool(self, url: str) -> urllib3.PoolManager:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        context = context_for(authority(url), self._environ) if url.startswith("https:") else None
        proxy = proxy_for(url, self._environ)
        if proxy is None:
            return urllib3.PoolManager(ssl_context=context, timeout=timeout, maxsize=_CONNECTIONS, retries=False)
        parts = urlsplit(proxy)
        login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}" if parts.username else None
        return urllib3.ProxyManager(
            urlunsplit((parts.scheme, authority(proxy), "", "", "")),
            proxy_headers=urllib3.make_headers(proxy_basic_auth=login) if login else None,
            proxy_ssl_context=context_for(authority(proxy), self._environ) if parts.scheme == "https" else None,
            ssl_context=context,
            timeout=timeout,
            maxsize=_CONNECTIONS,
            retries=False,
        )


def _once(pool: urllib3.PoolManager, request: Request) -> Answer:
    # identity: a digest is over the very bytes.
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity", **request.headers}
    found = pool.request(
        request.method,
        request.url,
        body=request.body,
        headers=headers,
        redirect=False,
        preload_content=False,
    )
    with contextlib.closing(found):
        data = found.read(request.limit + 1)
        if len(data) > request.limit:
            raise too_long(authority(request.url), request.limit)
        found.drain_conn()
        found.release_conn()
        return Answer(found.status, request.url, found.headers, data)


def _redirected(request: Request, location: str) -> Request:
    try:
        url = urljoin(request.url, location)
    except ValueError:
        url = ""
    headers = dict(request.headers)
    if origin(url) != origin(request.url):
        headers.pop("Authorization", None)
    if request.url.startswith("https:") and not url.startswith("https:"):
        raise _unsafe(url)
    return dataclasses.replace(request, url=url, headers=headers)


def _unsafe(url: str) -> DevkitError:
    # Only its host is shown: what stands behind it may be a signed address.
    return DevkitError(
        f"{authority(url) or 'an address without a host'} would have to be asked without https, where everybody in "
        "between can change the answer",
        "nothing was sent; ask who runs the registry to serve it by https",
    )
