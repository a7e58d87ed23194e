"""The stack's database, reached through our own port-forward."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator

from devkit.cluster.forward import Forward, Service, find_pod, forwarded
from devkit.cluster.proof import Proven
from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.postgres.dsn import local_dsn

_PORT = 5432


@contextlib.contextmanager
def stack_database(proven: Proven) -> Iterator[tuple[str, Forward]]:
    """A connection string for the migrations' owner, good while the context lasts, and the forward it goes through.

    DevkitError when there is no Secret with the password, or no pod.
    """
    settings = proven.settings
    password = _password(proven, settings)
    service = Service(proven.namespace, settings.database_service, _PORT)
    find_pod(proven.api, service)  # without one, nobody need wait for a connection
    with forwarded(proven.api, service) as forward:
        yield local_dsn(settings.owner, settings.database, password, forward.port), forward


def _password(proven: Proven, settings: Settings) -> str:
    name, _, key = settings.database_secret.partition("/")
    found = proven.api.find(f"/api/v1/namespaces/{proven.namespace}/secrets/{name}")
    value = ((found or {}).get("data") or {}).get(key)
    password = _decoded(value) if isinstance(value, str) else None
    if password is None:
        raise DevkitError(
            f"namespace {proven.namespace} has no Secret {name} with a password under the key {key}",
            "bring the stack up: ./inv up; or name another in pyproject.toml: "
            f'[tool.devkit] database-secret = "{name}/KEY"',
        )
    return password


def _decoded(value: str) -> str | None:
    """A Secret's value as text; None when it is none."""
    with contextlib.suppress(ValueError):  # UnicodeDecodeError and binascii.Error are
        return base64.b64decode(value).decode("utf-8")
    return None
