"""What the manifests ask for: every object that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from devkit.cluster.readiness.values import Wanted
from devkit.errors import DevkitError
from devkit.images.folder import Manifest


def wanted_objects(manifests: Iterable[Manifest], namespace: str) -> tuple[Wanted, ...]:
    """The objects that `manifests` name, in their order; in `namespace` where one names none.

    DevkitError for a manifest that is no YAML: ./inv verify shows the place.
    """
    found = (_wanted(each, namespace) for manifest in manifests for each in _objects(manifest))
    return tuple(dict.fromkeys(found))


def _objects(manifest: Manifest) -> Iterator[Mapping[str, Any]]:
    text = manifest.text()
    if not isinstance(text, str):
        raise DevkitError(f"{manifest.shown}: {text.message}", text.help)
    try:
        documents = list(YAML(typ="safe", pure=True).load_all(text))
    except YAMLError as error:
        raise DevkitError(
            f"{manifest.shown} is no YAML: {str(error).splitlines()[0]}", "./inv verify shows the place to mend"
        ) from error
    for document in documents:
        yield from _flat(document)


def _flat(document: object) -> Iterator[Mapping[str, Any]]:
    if not isinstance(document, dict):
        return
    if str(document.get("kind", "")).endswith("List") and isinstance(document.get("items"), list):
        for item in document["items"]:
            yield from _flat(item)
    elif isinstance(document.get("metadata"), dict) and document.get("kind"):
        yield document


def _wanted(document: Mapping[str, Any], namespace: str) -> Wanted:
    metadata = document["metadata"]
    return Wanted(
        str(document.get("apiVersion", "v1")),
        str(document["kind"]),
        str(metadata.get("namespace") or namespace),
        str(metadata.get("name", "")),
    )
