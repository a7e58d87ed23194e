"""How a kubeconfig's user proves who it is: by a client certificate, a token, or what a credential plugin gives."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import os
import shlex
import ssl
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from devkit.cluster.plugin import Plugin
from devkit.cluster.target import Target
from devkit.errors import DevkitError


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """`context` makes the TLS context, `token` the bearer token of a request ("": none). Never printed."""

    context: Callable[[], ssl.SSLContext] = dataclasses.field(repr=False)
    token: Callable[[], str] = dataclasses.field(repr=False)


def credentials_of(target: Target) -> Credentials:
    """The credentials of `target`'s user; DevkitError when a file or a plugin does not give them."""
    if target.auth_provider:  # the guard refuses it, too
        raise DevkitError(
            f"{target.file}: user {target.user} logs in by {target.auth_provider}, an auth-provider: none is ever run",
            "give the user another login: kubectl config set-credentials NAME --token=…",
        )
    if target.exec_command:
        plugin = Plugin(target)
        return Credentials(lambda: _context(target, plugin.login().pair), lambda: plugin.login().token or "")
    return Credentials(lambda: _context(target, _pair(target)), _token(target, target.user_entry))


def _token(target: Target, user: Mapping[str, object]) -> Callable[[], str]:
    file, text = user.get("tokenFile"), user.get("token")
    if isinstance(file, str) and file:
        return lambda: _read(target, Path(file)).decode("utf-8", "replace").strip()  # rotated by others: read each time
    return lambda: str(text or "")


def _context(target: Target, pair: tuple[str, str] | None) -> ssl.SSLContext:
    with _usable(target):
        context = ssl.create_default_context(cadata=_pem(target, target.cluster_entry, "certificate-authority"))
        # Go's own certificates, and those that kind makes, lack what OpenSSL's strict mode asks of them.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if pair:
            _load(context, *pair)
    return context


def _pair(target: Target) -> tuple[str, str] | None:
    """The certificate and the key that stand in the kubeconfig, when both do."""
    with _usable(target):
        certificate, key = (_pem(target, target.user_entry, f"client-{each}") for each in ("certificate", "key"))
    return (certificate, key) if certificate and key else None


@contextlib.contextmanager
def _usable(target: Target) -> Iterator[None]:
    try:
        yield
    except (ssl.SSLError, ValueError) as error:
        anew = "fetch the kubeconfig anew, for kind: kind export kubeconfig --name NAME"
        by_hand = f"log in by hand until this works: kubectl --context {shlex.quote(target.context)} get nodes"
        raise DevkitError(
            f"{target.file}: the certificates of context {target.context} cannot be used: {error}",
            by_hand if target.exec_command else anew,
        ) from error


def _load(context: ssl.SSLContext, certificate: str, key: str) -> None:
    # The ssl module reads a key from a file only: one that nobody else may read, and that is gone at once.
    handle, name = tempfile.mkstemp(prefix="devkit-")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{certificate}\n{key}\n")
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()


def _pem(target: Target, entry: Mapping[str, object], key: str) -> str | None:
    data, file = entry.get(f"{key}-data"), entry.get(key)
    if isinstance(data, str) and data:
        return base64.b64decode(data, validate=True).decode("ascii")
    return _read(target, Path(file)).decode("ascii") if isinstance(file, str) and file else None


def _read(target: Target, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DevkitError(
            f"{target.file}: context {target.context} names {path}, which cannot be read: {error.strerror}",
            "fetch the kubeconfig anew, or mend that path",
        ) from error
