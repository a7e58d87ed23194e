"""The one cluster that a context of a kubeconfig leads to, and the user who goes there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """The cluster and the user of one context, with the raw entries, whose file paths are absolute.

    The entries hold secrets: they are left out of the repr, and no error shows them.
    """

    context: str
    cluster: str
    user: str
    server: str
    file: Path
    cluster_entry: Mapping[str, object] = dataclasses.field(repr=False)
    user_entry: Mapping[str, object] = dataclasses.field(repr=False)

    @property
    def host(self) -> str:
        """The API server's host as written, in lower case, an IPv6 address without its brackets."""
        return urlsplit(self.server).hostname or ""

    @property
    def port(self) -> int:
        """The API server's port; the scheme's own where none is written."""
        return urlsplit(self.server).port or (443 if self.is_encrypted else 80)

    @property
    def path(self) -> str:
        """What stands behind the host and the port, "" for a lone slash."""
        return urlsplit(self.server).path.rstrip("/")

    @property
    def is_encrypted(self) -> bool:
        """Whether the API server is spoken to by https."""
        return urlsplit(self.server).scheme == "https"

    @property
    def insecure(self) -> bool:
        """Whether the API server's certificate is not checked."""
        return self.cluster_entry.get("insecure-skip-tls-verify") is True

    @property
    def proxy_url(self) -> str:
        """The proxy that requests go through, or ""."""
        return text_of(self.cluster_entry, "proxy-url")

    @property
    def tls_server_name(self) -> str:
        """The name that the certificate must have instead of the host's, or ""."""
        return text_of(self.cluster_entry, "tls-server-name")

    @property
    def exec_command(self) -> str:
        """The credential plugin that a request would run, or ""."""
        return text_of(self.user_entry.get("exec"), "command")

    @property
    def auth_provider(self) -> str:
        """The older kind of credential plugin, which kubectl 1.26 dropped and other clients still run, or ""."""
        return text_of(self.user_entry.get("auth-provider"), "name")


def frozen(target: Target, namespace: str) -> dict[str, object]:
    """A kubeconfig of this one context, so that no later call reads the files again: they may change meanwhile.

    Whoever uses it works in `namespace`: Tilt asks in the context's own, where a narrow login may not be let in.
    """
    names = {"cluster": target.cluster, "user": target.user, "namespace": namespace}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": target.context,
        "contexts": [{"name": target.context, "context": {key: name for key, name in names.items() if name}}],
        "clusters": [{"name": target.cluster, "cluster": dict(target.cluster_entry)}],
        "users": [{"name": target.user, "user": dict(target.user_entry)}] if target.user else [],
    }


def text_of(value: object, key: str) -> str:
    """The text under `key` of a mapping; "" where there is none, or no mapping."""
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) else ""
