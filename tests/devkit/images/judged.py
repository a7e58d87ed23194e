"""What another YAML reader than devkit's says of a manifest: ruamel, and a walk of its own over the nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_SPEC = {
    "Pod": "spec", "PodTemplate": "template.spec", "CronJob": "spec.jobTemplate.spec.template.spec",
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"),
                    "spec.template.spec"),
}  # fmt: skip
_IN_SPEC = r"\.((init|ephemeral)?[cC]ontainers\.\d+\.image|volumes\.\d+\.image\.reference)"


def read(text: str) -> list[Node]:
    """The roots of the documents. ruamel takes a tab before a comment for an error, so tabs are blanks to it."""
    return list(YAML().compose_all(text.replace("\t", " ")))


def images(roots: Sequence[Node]) -> list[tuple[str, ScalarNode]]:
    """Every path to an image, with the scalar there."""
    return [
        (f"{number}:{path}", node)
        for number, root in enumerate(roots)
        for path, node in _images(root)
        if node.value.strip()
    ]


def _images(root: Node) -> Iterator[tuple[str, ScalarNode]]:
    kind = next((value.value for key, value in _pairs(root) if key == "kind"), None)
    if kind in {"List", "DeploymentList"}:
        items = [value for key, value in _pairs(root) if key == "items"][-1]
        for number, item in enumerate(items.value):
            yield from ((f"items.{number}.{path}", node) for path, node in _images(item))
    elif kind in _SPEC:
        wanted = re.compile(re.escape(_SPEC[kind]) + _IN_SPEC)
        yield from ((path, node) for path, node in _scalars(root, ()) if wanted.fullmatch(path))


def _scalars(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, ScalarNode]]:
    if isinstance(node, ScalarNode):
        yield ".".join(path), node
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            yield from _scalars(item, (*path, str(number)))
    else:
        for key, value in _pairs(node):
            yield from _scalars(value, (*path, key))


def _pairs(node: Node) -> list[tuple[str, Node]]:
    """The pairs of a mapping, with those that it merges in and does not have itself."""
    if not isinstance(node, MappingNode):
        return []
    own = [(key.value, value) for key, value in node.value if key.value != "<<"]
    for key, value in node.value:
        for source in value.value if isinstance(value, SequenceNode) else [value]:
            if key.value == "<<":
                own += [pair for pair in _pairs(source) if pair[0] not in {name for name, _ in own}]
    return own


def said(roots: Sequence[Node]) -> list[tuple[Node, str, str, str | None]]:
    """Each node once, in the order of the text: node, kind and tag, value, anchor."""
    seen: set[int] = set()
    return [each for root in roots for each in _said(root, seen)]


def _said(node: Node, seen: set[int]) -> Iterator[tuple[Node, str, str, str | None]]:
    style = node.style if isinstance(node, ScalarNode) else getattr(node, "flow_style", None)
    what = f"{type(node).__name__} {node.tag} {style}"
    if id(node) in seen:
        yield node, f"again {what}", "", node.anchor
        return
    seen.add(id(node))
    yield node, what, node.value if isinstance(node, ScalarNode) else "", node.anchor
    for child in node.value if not isinstance(node, ScalarNode) else ():
        for each in child if isinstance(child, tuple) else (child,):
            yield from _said(each, seen)
