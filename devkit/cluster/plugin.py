"""A credential plugin: a program that a kubeconfig names, which prints a token or a certificate (ExecCredential).

Only targets that the guard let through come this far: running a plugin is running code.
"""

from __future__ import annotations

import datetime
import os
import shlex
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec

from devkit.cluster.target import Target, text_of
from devkit.errors import DevkitError
from devkit.process import consult

_EARLY = datetime.timedelta(seconds=60)  # before its end a login is renewed
_SAID_LENGTH = 300  # of a plugin's own words


class Login(msgspec.Struct, frozen=True, rename="camel"):
    """What a plugin gave: a token, or a certificate and its key as PEM, and until when. Never printed."""

    token: str | None = None
    client_certificate_data: str | None = None
    client_key_data: str | None = None
    expiration_timestamp: Annotated[datetime.datetime, msgspec.Meta(tz=True)] | None = None

    def __repr__(self) -> str:
        return "Login(…)"

    @property
    def pair(self) -> tuple[str, str] | None:
        """The certificate and its key, when there are both."""
        if self.client_certificate_data and self.client_key_data:
            return self.client_certificate_data, self.client_key_data
        return None

    @property
    def is_over(self) -> bool:
        """Whether the plugin has to be asked anew."""
        end = self.expiration_timestamp
        return end is not None and end - _EARLY <= datetime.datetime.now(datetime.UTC)


class _Credential(msgspec.Struct, frozen=True, rename="camel"):
    """An ExecCredential."""

    api_version: str
    kind: Literal["ExecCredential"]
    status: Login


_CREDENTIAL = msgspec.json.Decoder(_Credential)  # made with the module: registry/document.py says why


class Plugin:
    """The plugin of a target's user, run at once, and again when its login is over. Thread-safe."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._login = _login(target)

    def login(self) -> Login:
        """A login that holds; DevkitError when the plugin gives none any more."""
        with self._lock:
            if self._login.is_over:
                self._login = _login(self._target)
            return self._login


def _login(target: Target) -> Login:
    asks = text_of(_exec(target), "apiVersion")
    try:
        said = _CREDENTIAL.decode(_run(target, asks))
    except msgspec.MsgspecError:
        raise _failed(target, "what it printed is no ExecCredential") from None
    if said.api_version != asks:
        raise _failed(target, f"it answers in {said.api_version}, and {target.file} asks for {asks or 'no apiVersion'}")
    if not said.status.token and not said.status.pair:
        raise _failed(target, "it gave neither a token nor a certificate with its key")
    return said.status


def _run(target: Target, api_version: str) -> str:
    """What the plugin prints; on a terminal it may ask there, and what it complains of is seen there."""
    entry = _exec(target)
    terminal = sys.stdout.isatty() and text_of(entry, "interactiveMode") != "Never"
    spec = {"interactive": terminal, **({"cluster": _cluster(target)} if entry.get("provideClusterInfo") else {})}
    info = msgspec.json.encode({"apiVersion": api_version, "kind": "ExecCredential", "spec": spec}).decode()
    given = {text_of(each, "name"): text_of(each, "value") for each in _list(entry, "env")}
    try:
        done = consult(
            [target.exec_command, *(str(each) for each in _list(entry, "args"))],
            env={**os.environ, **given, "KUBERNETES_EXEC_INFO": info},
            terminal=terminal,
        )
    except OSError as error:
        raise DevkitError(
            f"{target.context}: its credential plugin {target.exec_command} cannot be started: {error.strerror}",
            text_of(entry, "installHint").strip() or f"install it, or mend its path in {target.file}",
        ) from None
    if done.code:
        why = f"process returned {done.code}. {' '.join(done.err.split())}"[:_SAID_LENGTH]
        raise _failed(target, "it failed, and said why above" if terminal else why.removesuffix(". "))
    return done.out


def _cluster(target: Target) -> Mapping[str, object]:
    """The cluster as a plugin that asks for it is told, with what the kubeconfig holds for plugins."""
    extensions = {text_of(each, "name"): each for each in _list(target.cluster_entry, "extensions")}
    ours = extensions.get("client.authentication.k8s.io/exec")
    config = {"config": ours.get("extension")} if isinstance(ours, Mapping) else {}
    return {**{key: value for key, value in target.cluster_entry.items() if key != "extensions"}, **config}


def _list(entry: Mapping[str, object], key: str) -> Sequence[object]:
    found = entry.get(key)
    return found if isinstance(found, list | tuple) else ()


def _exec(target: Target) -> Mapping[str, object]:
    found = target.user_entry.get("exec")
    return found if isinstance(found, Mapping) else {}


def _failed(target: Target, why: str) -> DevkitError:
    # Neither what it printed nor its arguments are shown: both may be secrets.
    return DevkitError(
        f"{target.context}: its credential plugin {target.exec_command} gave no login: {why}",
        f"log in with it by hand until this works: kubectl --context {shlex.quote(target.context)} get nodes",
    )
