"""A credential plugin: a program that a kubeconfig names, which prints a token or a certificate (ExecCredential).

Only targets that the guard let through come this far: running a plugin is running code.
"""

from __future__ import annotations

import datetime
import shlex
import threading
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from devkit.cluster.target import Target, text_of
from devkit.errors import DevkitError

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
    try:
        login = msgspec.convert(_run(target), Login)
    except msgspec.ValidationError:
        raise _failed(target, "what it printed is no ExecCredential") from None
    if not login.token and not login.pair:
        raise _failed(target, "it gave neither a token nor a certificate with its key")
    return login


def _run(target: Target) -> object:
    from kubernetes.config import ConfigException
    from kubernetes.config.exec_provider import ExecProvider
    from kubernetes.config.kube_config import ConfigNode

    node: Any = ConfigNode  # the package has no types
    provider: Any = ExecProvider
    try:
        return provider(node("exec", _exec(target)), None, node("cluster", {**target.cluster_entry})).run()
    except ConfigException as error:
        raise _failed(target, " ".join(str(error).removeprefix("exec: ").split())[:_SAID_LENGTH]) from None
    except OSError as error:
        raise DevkitError(
            f"{target.context}: its credential plugin {target.exec_command} cannot be started: {error.strerror}",
            text_of(_exec(target), "installHint").strip() or f"install it, or mend its path in {target.file}",
        ) from None
    except AttributeError:  # the package's, on a terminal, where the plugin's words go by it
        raise _failed(target, "it failed, and said why above") from None
    except Exception:  # noqa: BLE001 - the package trusts that a plugin prints what it should
        raise _failed(target, "what it printed is no ExecCredential") from None


def _exec(target: Target) -> Mapping[str, object]:
    found = target.user_entry.get("exec")
    return found if isinstance(found, Mapping) else {}


def _failed(target: Target, why: str) -> DevkitError:
    # Neither what it printed nor its arguments are shown: both may be secrets.
    return DevkitError(
        f"{target.context}: its credential plugin {target.exec_command} gave no login: {why}",
        f"log in with it by hand until this works: kubectl --context {shlex.quote(target.context)} get nodes",
    )
