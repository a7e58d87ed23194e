"""Manifest text to image uses with their place. The only file that knows YAML nodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from devkit.finding import Finding, Place, Severity

_TEMPLATE = ("spec", "template", "spec")
# Where each kind of the Kubernetes API keeps its Pod spec.
POD_SPECS: dict[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "Deployment": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "PodTemplate": ("template", "spec"),
}
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


@dataclasses.dataclass(frozen=True, slots=True)
class ImageUse:
    """One image scalar of a manifest: its value and where it stands."""

    reference: str
    place: Place


def find_images(text: str, shown: str) -> tuple[tuple[ImageUse, ...], tuple[Finding, ...]]:
    """The images of every workload in a multi-document manifest, and a finding when it is no YAML."""
    try:
        documents = list(YAML(typ="rt", pure=True).compose_all(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(shown, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else Place(shown)
        return (), (_unreadable(str(error.problem or "not YAML"), place),)
    except YAMLError as error:
        return (), (_unreadable(str(error).splitlines()[0], Place(shown)),)
    uses = {use.place: use for document in documents for use in _in_document(document, shown)}
    return tuple(uses.values()), ()  # an alias gives the same scalar twice


def _unreadable(why: str, place: Place) -> Finding:
    return Finding(
        "manifest-unreadable",
        Severity.ERROR,
        f"{why}: kubectl and Tilt cannot read this manifest",
        "mend the YAML at this place",
        place,
    )


def _in_document(document: Node | None, shown: str) -> Iterator[ImageUse]:
    kind = _get(document, "kind")
    name = str(kind.value) if isinstance(kind, ScalarNode) else ""
    if name.endswith("List"):
        for item in _items(_get(document, "items")):
            yield from _in_document(item, shown)
        return
    spec = document
    for key in POD_SPECS.get(name, ()):
        spec = _get(spec, key)
    if name not in POD_SPECS:
        return
    for group in _CONTAINERS:
        for container in _items(_get(spec, group)):
            image = _get(container, "image")
            if isinstance(image, ScalarNode):
                yield ImageUse(str(image.value), _place(image, shown))


def _get(node: Node | None, key: str) -> Any:  # noqa: ANN401 - ruamel's nodes
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if isinstance(name, ScalarNode) and name.value == key:
                return value
    return None


def _items(node: Node | None) -> list[Any]:
    return list(node.value) if isinstance(node, SequenceNode) else []


def _place(node: ScalarNode, shown: str) -> Place:
    start, end = node.start_mark, node.end_mark
    return Place(shown, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
