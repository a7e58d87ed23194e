"""How a kubeconfig's user proves who it is: client certificate and token here, credential plugins by kubernetes."""

from __future__ import annotations

import base64
import dataclasses
import os
import ssl
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from devkit.cluster.kubeconfig import Target, frozen
from devkit.errors import DevkitError


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """`context` makes the TLS context, `token` the bearer token of a request ("": none). Never printed."""

    context: Callable[[], ssl.SSLContext] = dataclasses.field(repr=False)
    token: Callable[[], str] = dataclasses.field(repr=False)


def credentials_of(target: Target) -> Credentials:
    """The credentials of `target`'s user; DevkitError when a file is missing or is no certificate."""
    if target.exec_command or target.auth_provider:
        return _by_plugin(target)
    user = target.user_entry
    return Credentials(lambda: _context(target, user), _token(target, user))


def _token(target: Target, user: Mapping[str, object]) -> Callable[[], str]:
    file, text = user.get("tokenFile"), user.get("token")
    if isinstance(file, str) and file:
        return lambda: _read(target, Path(file)).decode("utf-8", "replace").strip()  # rotated by others: read each time
    return lambda: str(text or "")


def _context(target: Target, user: Mapping[str, object]) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cadata=_pem(target, target.cluster_entry, "certificate-authority"))
        # Go's own certificates, and those that kind makes, lack what OpenSSL's strict mode asks of them.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if target.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        certificate, key = _pem(target, user, "client-certificate"), _pem(target, user, "client-key")
        if certificate and key:
            _load(context, certificate, key)
    except (ssl.SSLError, ValueError) as error:
        raise DevkitError(
            f"{target.file}: the certificates of context {target.context} cannot be used: {error}",
            "fetch the kubeconfig anew, for kind: kind export kubeconfig --name NAME",
        ) from error
    return context


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


def _by_plugin(target: Target) -> Credentials:
    """Only the guard lets a target come this far: running a plugin is running code."""
    from kubernetes import client, config

    settings: Any = client.Configuration()
    try:
        load: Any = config.load_kube_config_from_dict  # the package has no types
        load(frozen(target), client_configuration=settings)
    except Exception as error:
        plugin = target.exec_command or target.auth_provider
        raise DevkitError(
            f"{target.context}: {plugin} gave no credentials: {type(error).__name__}",
            "log in with it by hand, then run the same command again",
        ) from error

    def token() -> str:
        found = settings.get_api_key_with_prefix("authorization") or ""  # asks the plugin again when it has expired
        return str(found).removeprefix("Bearer ")

    files = {"client-certificate": settings.cert_file or "", "client-key": settings.key_file or ""}
    return Credentials(lambda: _context(target, files), token)
