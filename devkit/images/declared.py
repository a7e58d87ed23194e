"""[tool.devkit.image-paths]: where kinds that are not Kubernetes' own have their images."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from devkit.errors import DevkitError
from devkit.images.manifest import Declared

_PART = re.compile(r"(?:\\.|[^.\\])+")
_INTO = ">"


def declared_paths(written: Mapping[str, Sequence[str]]) -> Declared:
    """The paths by kind: `spec.nodes.*.image`, with * for every key or item and \\. for a dot in a key.

    `data.pod\\.yaml` of a ConfigMap whose text is a manifest enters it; `data.conf > runners.*.image` names the path in
    it where it is none. DevkitError names a path that is none.
    """
    return {kind: tuple(_path(kind, text) for text in paths) for kind, paths in written.items()}


def _path(kind: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    outer, into, inner = text.partition(_INTO)
    keys, further = _keys(outer.strip()), _keys(inner.strip())
    if not keys or (into and not further):
        raise DevkitError(
            f"pyproject.toml: [tool.devkit.image-paths] {kind} has {text!r}, which is no path",
            'write keys with dots between, for example "spec.nodes.*.image"',
        )
    return keys, further


def _keys(text: str) -> tuple[str, ...]:
    parts = tuple(re.sub(r"\\(.)", r"\1", part) for part in _PART.findall(text))
    return parts if ".".join(_PART.findall(text)) == text else ()
