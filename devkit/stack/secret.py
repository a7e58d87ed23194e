"""A password from a Secret of the stack's namespace."""

from __future__ import annotations

import base64
import contextlib

from devkit.cluster.proof import Proven
from devkit.errors import DevkitError


def secret_value(proven: Proven, name_and_key: str, setting: str) -> str:
    """The text under a key of a Secret, both written NAME/KEY as in pyproject.toml's `setting`.

    DevkitError, which names `setting`, when there is no such Secret, or no text under the key; RefusedError or
    UnreachableError of the API server.
    """
    name, _, key = name_and_key.partition("/")
    found = proven.api.find(f"/api/v1/namespaces/{proven.namespace}/secrets/{name}")
    value = ((found or {}).get("data") or {}).get(key)
    text = _decoded(value) if isinstance(value, str) else None
    if text is None:
        raise DevkitError(
            f"namespace {proven.namespace} has no Secret {name} with a password under the key {key}",
            f'bring the stack up: ./inv up; or name another in pyproject.toml: {setting} = "{name}/KEY"',
        )
    return text


def _decoded(value: str) -> str | None:
    """A Secret's value as text; None when it is none."""
    with contextlib.suppress(ValueError):  # UnicodeDecodeError and binascii.Error are
        return base64.b64decode(value).decode("utf-8")
    return None
