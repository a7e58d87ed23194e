"""Which login a registry gets: what `docker login` or `podman login` left behind.

The rules are Docker's (docker/cli, cli/config/configfile and cli/config/credentials): a helper for the host, else the
helper for all hosts, else the file itself.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from devkit.errors import DevkitError
from devkit.registry.credential_helper import ask_helper

_Value = TypeVar("_Value")
_HUB = "docker.io"
_HUB_KEY = "https://index.docker.io/v1/"  # under which Docker keeps the login of its own registry
_HUB_NAMES = frozenset({_HUB, "index.docker.io", "registry-1.docker.io"})
_PATHS = frozenset({"", "v1", "v2"})  # that a key may end in; others (v1/access-token) are other things than logins
_TOKEN_USER = "<token>"  # noqa: S105 - by which a helper says that its secret is an identity token


@dataclasses.dataclass(frozen=True, slots=True)
class Login:
    """A user and a password; or an identity token (a refresh token of OAuth), which stands for both.

    `source` says to people where it is from.
    """

    user: str
    secret: str = dataclasses.field(repr=False)
    is_identity_token: bool
    source: str


class _Entry(msgspec.Struct, frozen=True):
    auth: str | None = None
    username: str | None = None
    password: str | None = None
    identitytoken: str | None = None

    def __repr__(self) -> str:
        return "_Entry(…)"


class _File(msgspec.Struct, frozen=True, rename="camel"):
    auths: dict[str, _Entry | None] | None = None
    cred_helpers: dict[str, str] | None = None
    creds_store: str | None = None


_FILE = msgspec.json.Decoder(_File)  # made with the module: registry/document.py says why


def login_for(host: str, environ: Mapping[str, str]) -> Login | None:
    """The login for the registry `host` (with its port when the name has one); None: ask without one.

    DevkitError when a file of logins cannot be read, or when its credential helper is missing or fails.
    """
    for path in _files(environ):
        login = _in_file(path, host, environ)
        if login is not None:
            return login
    return None


def _files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    docker = Path(environ["DOCKER_CONFIG"]) if environ.get("DOCKER_CONFIG") else home / ".docker"
    podman, runtime = environ.get("REGISTRY_AUTH_FILE"), environ.get("XDG_RUNTIME_DIR")
    found = [docker / "config.json"]
    if podman:
        found.append(Path(podman))
    if runtime:
        found.append(Path(runtime) / "containers/auth.json")
    return tuple(found)


def _in_file(path: Path, host: str, environ: Mapping[str, str]) -> Login | None:
    file = _read(path)
    helper = _of_host(file.cred_helpers or {}, host) or file.creds_store
    if helper:
        found = ask_helper(helper, _HUB_KEY if host == _HUB else host, str(path), environ)
        if found is not None:
            user, secret = found
            is_token = user == _TOKEN_USER
            return Login("a token" if is_token else user, secret, is_token, f"docker-credential-{helper}")
    entry = _of_host(file.auths or {}, host)
    return _login(entry, path, host) if entry else None


def _read(path: Path) -> _File:
    try:
        return _FILE.decode(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return _File()
    except OSError as error:
        raise DevkitError(
            f"{path}, which holds the logins of registries, cannot be read: {error.strerror}",
            f"allow it with: chmod u+r '{path}'",
        ) from error
    except msgspec.DecodeError as error:  # says where, and not what stands there
        raise DevkitError(f"{path}, which holds the logins of registries, cannot be read: {error}", _anew()) from None


def _of_host(entries: Mapping[str, _Value], host: str) -> _Value | None:
    """The entry for `host`: by its name, else by a key of the older form https://HOST/v1/."""
    if host in entries:
        return entries[host]
    return next((value for key, value in entries.items() if _host_of(key) == host), None)


def _host_of(key: str) -> str | None:
    host, _, path = key.removeprefix("https://").removeprefix("http://").partition("/")
    if path.strip("/") not in _PATHS:
        return None
    return _HUB if host in _HUB_NAMES else host


def _login(entry: _Entry, path: Path, host: str) -> Login | None:
    user, secret = entry.username or "", entry.password or ""
    if entry.auth:
        try:
            text = base64.b64decode(entry.auth, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise DevkitError(f"the login of {host} in {path} is not in base64", _anew(host)) from None
        user, _, secret = text.partition(":")
        secret = secret.rstrip("\0")  # as Docker does: old versions padded it
    if entry.identitytoken:
        return Login(user or "a token", entry.identitytoken, is_identity_token=True, source=str(path))
    return Login(user, secret, is_identity_token=False, source=str(path)) if user else None


def _anew(host: str = "HOST") -> str:
    return f"mend it, or move it away and log in anew: docker login{'' if host == _HUB else f' {host}'}"
