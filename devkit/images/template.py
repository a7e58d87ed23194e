"""Whether a text is a template that some other program turns into a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devkit.images import nodes
from devkit.images.nodes import Node, Scalar

_OPEN, _CLOSE = "{{", "}}"
# Where Kubernetes itself wants a name, in every object. Elsewhere braces are somebody else's: alert rules, dashboards,
# and kinds that have templates of their own (Workflow, ApplicationSet, ClusterPolicy) are full of them.
_NAMES = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))
_BARE = re.compile(r"""(?<!['"])\{\{""")
# Said by Helm alone: a line that is an instruction, or one of its words.
_HELM = re.compile(r"^\{\{|\{\{-?\s*(?:\.Values|\.Release|\.Chart|\.Capabilities|include\b|toYaml\b)", re.MULTILINE)


def template_starts(text: str, roots: list[Node | None]) -> list[int]:
    """Where `text`, whose documents are `roots`, is a template, in characters; nowhere when it is a manifest.

    A template has braces where YAML has structure (`image: {{ .Values.image }}` is a mapping in a mapping to YAML), or
    where Kubernetes wants a name.
    """
    if _OPEN not in text or _CLOSE not in text:
        return []
    seen: set[int] = set()
    return [start for root in roots if root is not None for start in (*_names(root), *_structure(root, text, seen))]


def template_in_broken(text: str, error: int) -> int | None:
    """Where a text is a template that is no YAML at the character `error`: the braces there, or Helm's first ones."""
    line_before = text.rfind("\n", 0, max(text.rfind("\n", 0, error), 0)) + 1
    line_end = text.find("\n", error)
    near = _BARE.search(text, line_before, line_end if line_end >= 0 else len(text))
    found = near or _HELM.search(text)
    return found.start() if found else None


def is_templated(scalar: Scalar) -> bool:
    """Whether a scalar that Kubernetes takes for a name has braces in it."""
    return _OPEN in scalar.value and _CLOSE in scalar.value


def _names(root: Node) -> Iterator[int]:
    """The names of an object, or of the items of a list, that have braces."""
    for keys in _NAMES:
        node: Node | None = root
        for key in keys:
            node = node.get(key) if isinstance(node, nodes.Mapping) else None
        if isinstance(node, Scalar) and is_templated(node):
            yield node.start


def _structure(node: Node, text: str, seen: set[int]) -> Iterator[int]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, nodes.Sequence):
        for item in node.items:
            yield from _structure(item, text, seen)
    elif isinstance(node, nodes.Mapping):
        if text.startswith(_OPEN, node.start):
            yield node.start
        for pair in node.pairs:
            for each in pair:
                yield from _structure(each, text, seen)
