"""From a node down a path of keys to the scalars at its end, and where in the text they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from devkit.images import nodes
from devkit.images.nodes import Node, Scalar


def walk(
    node: Node, keys: Sequence[str], path: tuple[str, ...], seen: set[tuple[int, int]] | None = None
) -> Iterator[tuple[Node, Scalar, tuple[str, ...]]]:
    """The scalars at `keys` below `node`, each with the node that has it and its path; * is every key or item.

    What aliases repeat is walked once: aliases of aliases would be more than there is time for.
    """
    seen = set() if seen is None else seen
    if (id(node), len(keys)) in seen:
        return
    seen.add((id(node), len(keys)))
    key, rest = keys[0], keys[1:]
    for name, child in _children(node, key):
        if rest:
            yield from walk(child, rest, (*path, name), seen)
        elif isinstance(child, Scalar):
            yield node, child, (*path, name)


def _children(node: Node, key: str) -> list[tuple[str, Node]]:
    if isinstance(node, nodes.Sequence):
        return [(str(number), item) for number, item in enumerate(node.items) if key in {"*", str(number)}]
    if isinstance(node, nodes.Mapping):
        if key == "*":
            return [(name.value, value) for name, value in node.pairs if isinstance(name, Scalar)]
        return [(key, value) for value in node.all(key)]
    return []


def places(parent: Node, scalar: Scalar, key: str) -> set[tuple[int, int]]:
    """Where `parent` has `scalar` under `key`: itself, or what is merged into it."""
    if isinstance(parent, nodes.Sequence):
        return {(id(parent), int(key))}
    for source in parent.sources() if isinstance(parent, nodes.Mapping) else ():
        pairs = enumerate(source.pairs)
        found = {
            at for at, (name, value) in pairs if value is scalar and isinstance(name, Scalar) and name.value == key
        }
        if found:
            return {(id(source), at) for at in found}
    return set()


def shown_path(path: tuple[str, ...]) -> str:
    """A path as the lock has it: 0:spec.containers.0.image."""
    return path[0] + ".".join(path[1:])
