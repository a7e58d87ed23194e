"""Manifests read as kubectl reads them: each document an object, with the line on which it begins."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from devkit.cluster.scalars import plain
from devkit.errors import DevkitError
from devkit.finding import Place
from devkit.images.folder import Manifest


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """An object of a manifest as JSON, which may be changed: it is nobody else's."""

    body: dict[str, Any]
    place: Place

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.body["kind"])

    @property
    def name(self) -> str:
        """Its metadata.name."""
        return str(self.body["metadata"]["name"])


class _Constructor(SafeConstructor):
    """Plain scalars as Kubernetes has them, whatever ruamel takes them for."""


def _scalar(constructor: SafeConstructor, node: ScalarNode) -> object:
    text = str(constructor.construct_scalar(node))
    return text if node.style else plain(text)  # quoted, or a block


for _tag in ("str", "int", "float", "bool", "null", "timestamp"):
    _Constructor.add_constructor(f"tag:yaml.org,2002:{_tag}", _scalar)


def read_documents(manifest: Manifest) -> Iterator[Document]:
    """The objects of `manifest`, those of a List one by one; DevkitError, with file and line, for what is none."""
    text = manifest.text()
    if not isinstance(text, str):
        raise DevkitError(f"{manifest.shown}: {text.message}", text.help)
    reader = _reader()
    try:
        nodes = [node for node in reader.compose_all(text) if node is not None]
        values = [reader.constructor.construct_document(node) for node in nodes]
    except YAMLError as error:
        raise DevkitError(
            f"{manifest.shown} is no YAML: {str(error).splitlines()[0]}", "./inv verify shows the place to mend"
        ) from error
    for node, value in zip(nodes, values, strict=True):
        if value is not None:
            yield from _objects(value, node, manifest.shown)


def _reader() -> YAML:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    return reader


def _objects(value: object, node: Node, shown: str) -> Iterator[Document]:
    place = Place(shown, node.start_mark.line + 1)
    if not isinstance(value, dict):
        raise _no_object(place, "is a text, a number or a list")
    if str(value.get("kind", "")).endswith("List") and isinstance(value.get("items"), list):
        for item, item_node in zip(value["items"], _items(node), strict=True):
            yield from _objects(item, item_node, shown)
        return
    metadata = value.get("metadata")
    if not value.get("kind") or not value.get("apiVersion"):
        raise _no_object(place, "lacks kind or apiVersion")
    if not isinstance(metadata, dict) or not metadata.get("name"):
        raise _no_object(place, "lacks metadata.name")
    try:
        yield Document(json.loads(json.dumps(value)), place)  # a tree of its own: anchors share their parts
    except (TypeError, ValueError) as error:
        raise _no_object(place, f"has a value that JSON does not know ({error})") from error


def _no_object(place: Place, why: str) -> DevkitError:
    return DevkitError(
        f"{place.file}:{place.line}: what begins here is no object of Kubernetes: it {why}",
        "mend it, or move the file out of the manifests folder",
    )


def _items(node: Node) -> list[Node]:
    """The nodes of a List's items."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    found = next((value for key, value in pairs if isinstance(key, ScalarNode) and key.value == "items"), None)
    return list(found.value) if isinstance(found, SequenceNode) else []
