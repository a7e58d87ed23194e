"""The token that a registry's challenge sends us for (distribution: docs/spec/auth/token.md and oauth.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import msgspec
import urllib3

from devkit.errors import DevkitError
from devkit.registry.answer import Answer, Request, authority, is_loopback, is_safe, origin
from devkit.registry.credentials import Login
from devkit.registry.failures import bad_login, refused, unexpected
from devkit.registry.web import Web

_LIMIT = 1 << 20
_CLIENT = "devkit"
_USABLE = re.compile(r"[\x21-\x7e]+")
_REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class _Body(msgspec.Struct, frozen=True):
    token: str | None = None
    access_token: str | None = None

    def __repr__(self) -> str:
        return "_Body(…)"


_BODY = msgspec.json.Decoder(_Body)  # made with the module: registry/document.py says why


def fetch_token(web: Web, host: str, repository: str, parameters: Mapping[str, str], login: Login | None) -> str:
    """The bearer token for reading `repository` at `host`, from the realm that its challenge names.

    DevkitError when the realm is no place for a login, refuses this one, or gives no token.
    """
    realm = _checked(parameters.get("realm", ""), host)
    query = {"scope": parameters.get("scope") or scope_of(repository)}
    if parameters.get("service"):
        query["service"] = parameters["service"]
    if login is not None and login.is_identity_token:
        # Not along redirects: the secret is in the body.
        answer = web.send(_exchange(realm, query, login))
    else:
        answer = web.follow(_question(realm, query, login))
    if answer.status in _REFUSED:
        raise _refusal(answer, host, repository, login)
    if answer.status != HTTPStatus.OK:
        raise unexpected(authority(realm), "a token", answer)
    return _token(answer, authority(realm))


def scope_of(repository: str) -> str:
    """The right to read `repository`, as registries write it."""
    return f"repository:{repository}:pull"


def _question(realm: str, query: dict[str, str], login: Login | None) -> Request:
    headers = {}
    if login is not None:
        headers = urllib3.make_headers(basic_auth=f"{login.user}:{login.secret}")
        query = {"account": login.user, **query}
    mark = "&" if urlsplit(realm).query else "?"
    return Request("GET", f"{realm}{mark}{urlencode(query)}", _LIMIT, {**headers})


def _exchange(realm: str, query: dict[str, str], login: Login) -> Request:
    form = {"grant_type": "refresh_token", "refresh_token": login.secret, "client_id": _CLIENT, **query}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", realm, _LIMIT, headers, urlencode(form).encode())


def _checked(realm: str, host: str) -> str:
    """The realm, when what is sent there can be read by nobody else: by https; or on this machine, as the registry."""
    here = is_loopback(origin(f"//{host}")[1])
    parts = urlsplit(realm) if is_safe(realm) else None
    if parts is None or parts.username is not None or not (parts.scheme == "https" or here):
        raise DevkitError(
            f"{host} sends people for their login to {authority(realm) or 'no address'}, which is not asked by https",
            "no login was sent; ask who runs the registry to mend the realm of its WWW-Authenticate",
        )
    return realm.partition("#")[0]


def _refusal(answer: Answer, host: str, repository: str, login: Login | None) -> DevkitError:
    if login is not None and answer.status != HTTPStatus.FORBIDDEN:
        return bad_login(host, login.user, login.source)
    return refused(host, repository, login.user if login else None)


def _token(answer: Answer, realm: str) -> str:
    try:
        body = _BODY.decode(answer.data)
        token = body.token or body.access_token or ""
    except msgspec.DecodeError:
        token = ""
    if not _USABLE.fullmatch(token):
        raise DevkitError(f"{realm} gave no token that can be used", "run the same command again")
    return token
