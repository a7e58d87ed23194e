"""An annotation of ours on an object: on itself, not on its pod template, so that no pod restarts for it."""

from __future__ import annotations

from devkit.cluster.documents import Document


def annotated(what: Document, name: str, value: str) -> Document:
    """`what` with the annotation; the given one stays as it is."""
    metadata = what.body["metadata"]
    annotations = {**(metadata.get("annotations") or {}), name: value}
    return Document({**what.body, "metadata": {**metadata, "annotations": annotations}}, what.place)
