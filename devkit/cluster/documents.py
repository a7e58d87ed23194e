"""Manifests read as kubectl reads them: each document an object, with the line on which it begins."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from devkit.cluster.readiness.raw import text as text_at
from devkit.cluster.yaml_values import Items, Value, read_values
from devkit.errors import DevkitError
from devkit.finding import Place
from devkit.images.folder import Manifest

_NOTHING: tuple[object, ...] = (None, "", [], {})


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """An object of a manifest as JSON, which may be changed: it is nobody else's."""

    body: dict[str, Any] = dataclasses.field(repr=False)  # may be a Secret
    place: Place

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.body["kind"])

    @property
    def name(self) -> str:
        """Its metadata.name."""
        return str(self.body["metadata"]["name"])

    @property
    def namespace(self) -> str:
        """Its metadata.namespace; "" where it names none."""
        return str(self.body["metadata"].get("namespace") or "")

    @property
    def group(self) -> str:
        """The group of its API; "" for the core one."""
        return str(self.body["apiVersion"]).rpartition("/")[0]


def read_documents(manifest: Manifest) -> Iterator[Document]:
    """The objects of `manifest`, those of a List one by one; DevkitError, with file and line, for what is none."""
    text = manifest.text()
    if not isinstance(text, str):
        raise DevkitError(f"{manifest.shown}: {text.message}", text.help)
    for found in read_values(text, manifest.shown):
        yield from _objects(found, manifest.shown)


def _objects(found: Value, shown: str) -> Iterator[Document]:
    value, place = found.value, Place(shown, found.line)
    if value in _NOTHING:
        return
    if not isinstance(value, dict):
        raise _no_object(place, "is a text, a number or a list")
    kind, items = text_at(value, "kind"), value.get("items")
    if kind.endswith("List") and isinstance(items, Items):
        for item, line in zip(items, items.lines, strict=True):
            yield from _objects(Value(item, line), shown)
        return
    if kind == "List" and items is None:
        return
    _check(value, place)
    yield Document(json.loads(json.dumps(value)), place)  # a tree of its own: anchors share their parts


def _check(value: dict[str, Any], place: Place) -> None:
    if not text_at(value, "kind") or not text_at(value, "apiVersion"):
        raise _no_object(place, "lacks kind or apiVersion")
    metadata = value.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("name") in (None, ""):
        raise _no_object(place, "lacks metadata.name")
    for key in ("name", "namespace"):
        if not isinstance(metadata.get(key) or "", str):
            raise DevkitError(f"{place.file}:{place.line}: metadata.{key} is no text", "write it in quotes")


def _no_object(place: Place, why: str) -> DevkitError:
    return DevkitError(
        f"{place.file}:{place.line}: what begins here is no object of Kubernetes: it {why}",
        "mend it, or move the file out of the manifests folder",
    )
