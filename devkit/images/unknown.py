"""Keys that are called image where no kind of Kubernetes has one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devkit.images import nodes
from devkit.images.nodes import Node, Scalar

# Their texts are their own: what a ConfigMap calls image, or the schema of a CustomResourceDefinition, names nothing
# that a kubelet pulls.
_CLOSED = {
    "ConfigMap": frozenset({"data", "binaryData"}),
    "Secret": frozenset({"data", "stringData"}),
    "CustomResourceDefinition": frozenset({"spec"}),
}
_NEVER = frozenset({"metadata", "status"})
_DISK = "rbd"  # core/v1 RBDVolumeSource: its image is a disk
_NO_TEXT = re.compile(r"true|false|null|~|[-+]?[\d.]+")
_IMAGE = re.compile(r"image|[a-z]\w*Image")


def unknown_keys(root: Node | None, number: int, known: frozenset[int]) -> Iterator[tuple[str, str, Scalar]]:
    """Kind, path and value of each such key below `root`, the document `number`, that is not an event in `known`."""
    yield from _below(root, f"{number}:", known, set())


def _below(root: Node | None, path: str, known: frozenset[int], seen: set[int]) -> Iterator[tuple[str, str, Scalar]]:
    if not isinstance(root, nodes.Mapping) or id(root) in seen:
        return
    named = root.get("kind")
    kind = named.value if isinstance(named, Scalar) else ""
    closed = _CLOSED.get(kind, frozenset()) | _NEVER
    if kind.endswith("List") and isinstance(items := root.get("items"), nodes.Sequence):
        seen.add(id(root))
        for number, item in enumerate(items.items):
            yield from _below(item, f"{path}items.{number}.", known, seen)
        return
    for key, value in root.pairs:
        name = key.value if isinstance(key, Scalar) else ""
        if name not in closed:
            yield from ((kind, found, node) for found, node in _keys(name, value, path, known, seen))


def _keys(name: str, node: Node, path: str, known: frozenset[int], seen: set[int]) -> Iterator[tuple[str, Scalar]]:
    if isinstance(node, Scalar):
        if "mage" in name and _IMAGE.fullmatch(name) and node.event not in known and _names_one(node):
            yield f"{path}{name}", node
        return
    if id(node) in seen or name == _DISK:
        return
    seen.add(id(node))
    here = f"{path}{name}."
    if isinstance(node, nodes.Sequence):
        for number, item in enumerate(node.items):
            if not isinstance(item, Scalar):
                yield from _keys(str(number), item, here, known, seen)
        return
    if _IMAGE.fullmatch(name) and isinstance(part := node.get("repository"), Scalar):
        yield f"{here}repository", part
    for key, value in node.pairs:
        inner = key.value if isinstance(key, Scalar) else "?"
        if "mage" in inner or not isinstance(value, Scalar):  # most keys end here: a generator each would cost too much
            yield from _keys(inner, value, here, known, seen)


def _names_one(node: Scalar) -> bool:
    """Whether a value may be an image: a text without blanks, no number and no truth value."""
    value = node.value.strip()
    return bool(value) and not re.search(r"\s", value) and (bool(node.style) or not _NO_TEXT.fullmatch(value))
