"""One registry: where it is asked, and the login it is shown when it wants one."""

from __future__ import annotations

import threading
from http import HTTPStatus

import urllib3

from devkit.errors import DevkitError
from devkit.registry.answer import Answer, Request, is_loopback, origin
from devkit.registry.challenge import challenges
from devkit.registry.credentials import Login
from devkit.registry.failures import HUB, NoTlsError, bad_login, refused, unexpected
from devkit.registry.rate import rate_of
from devkit.registry.token import fetch_token
from devkit.registry.web import Web

_HUB_ADDRESS = "registry-1.docker.io"
_PING_LIMIT = 1 << 20


class Session:
    """The registry `host`, as names write it. Thread-safe.

    `rate` is what it last said about its rate limit.
    """

    def __init__(self, host: str, login: Login | None, web: Web) -> None:
        self.host = host
        self.rate: str | None = None
        self._login = login
        self._web = web
        self._base: str | None = None
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        # The Authorization header by repository: a token is good for reading one. It stays here, and is never printed.
        self._shown: dict[str, str] = {}

    def ask(self, method: str, repository: str, path: str, *, limit: int, accept: str = "*/*") -> Answer:
        """The registry's answer for /v2/<repository>/<path>, logged in where it wants that; redirects are followed.

        DevkitError when it cannot be reached, or does not accept our login. 401 comes back when there is none to show.
        """
        url = f"{self._address()}/v2/{repository}/{path}"
        used = self._shown.get(repository, "")
        answer = self._send(method, url, limit, accept, used)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            anew = self._log_in(repository, used, answer)
            if anew:
                answer = self._send(method, url, limit, accept, anew)
        self.rate = rate_of(answer.headers) or self.rate
        return answer

    def failure(self, answer: Answer, repository: str) -> DevkitError:
        """What an answer means that is none of those hoped for."""
        login = self._login
        if answer.status == HTTPStatus.UNAUTHORIZED and login and self._shown.get(repository, "").startswith("Basic"):
            return bad_login(self.host, login.user, login.source)
        user = login.user if login else None
        if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return refused(self.host, repository, user)
        return unexpected(self.host, repository, answer, user)

    def _send(self, method: str, url: str, limit: int, accept: str, authorization: str) -> Answer:
        headers = {"Accept": accept}
        if authorization:
            headers["Authorization"] = authorization
        return self._web.follow(Request(method, url, limit, headers))

    def _address(self) -> str:
        """https, but for a registry on this machine that does not speak it.

        Docker does the same (registry/service_v2.go: https first, then http where the address is in 127.0.0.0/8), but
        for one thing: a certificate that is not trusted stays an error. http is for who speaks no TLS at all, and whose
        words do not leave this machine.
        """
        if not is_loopback(origin(f"//{self.host}")[1]):
            return f"https://{_HUB_ADDRESS if self.host == HUB else self.host}"
        with self._lock:
            if self._base is None:
                self._base = self._probe()
            return self._base

    def _probe(self) -> str:
        try:
            self._web.send(Request("GET", f"https://{self.host}/v2/", _PING_LIMIT))
        except NoTlsError:
            if self._web.has_private_authority(self.host):
                raise  # whoever put a certificate there means https
            return f"http://{self.host}"
        return f"https://{self.host}"

    def _log_in(self, repository: str, used: str, answer: Answer) -> str:
        """A new Authorization header for what was refused with `used`; "" when there is none."""
        with self._locks.setdefault(repository, threading.Lock()):
            known = self._shown.get(repository, "")
            if known != used:
                return known  # another thread was quicker
            anew = self._authorization(repository, answer)
            if anew == used:
                return ""
            self._shown[repository] = anew
            return anew

    def _authorization(self, repository: str, answer: Answer) -> str:
        found = {each.scheme: each.parameters for each in challenges(answer.headers.getlist("WWW-Authenticate"))}
        login = self._login
        if "bearer" in found:
            return f"Bearer {fetch_token(self._web, self.host, repository, found['bearer'], login)}"
        if "basic" in found and login is not None and not login.is_identity_token:
            return urllib3.make_headers(basic_auth=f"{login.user}:{login.secret}")["authorization"]
        return ""
