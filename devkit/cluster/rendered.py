"""The manifests as they are applied: in the project's namespace, with its workers, without what is switched off.

Tilt applies exactly these objects, and every verb waits for exactly these.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from devkit.cluster.config_hash import with_config_hash
from devkit.cluster.documents import Document, read_documents
from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.finding import Place
from devkit.images.folder import Manifest

# Kinds that live in no namespace; of others that a cluster has, a manifest of a namespace's stack has none.
_CLUSTER_SCOPED = frozenset({
    "APIService", "CSIDriver", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "IngressClass",
    "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass", "RuntimeClass",
    "StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
    "VolumeAttachment",
})  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Rendered:
    """An object as it is applied, and where its manifest has it."""

    body: Mapping[str, Any]
    place: Place

    @property
    def kind(self) -> str:
        """Its kind, as Deployment."""
        return str(self.body["kind"])

    @property
    def name(self) -> str:
        """Its metadata.name."""
        return str(self.body["metadata"]["name"])

    @property
    def namespace(self) -> str:
        """Its metadata.namespace; "" where it lives in none."""
        return str(self.body["metadata"].get("namespace", ""))


def rendered(manifests: Iterable[Manifest], settings: Settings, off: frozenset[str]) -> tuple[Rendered, ...]:
    """The objects of `manifests`, the Namespace first; without the groups of `settings.optional` that are in `off`.

    DevkitError, with file and line, for what is no object, is there twice, or names another namespace.
    """
    skipped = {name for group in off for name in settings.optional[group]}
    kept = (each for each in manifests if PurePosixPath(each.shown).stem not in skipped)
    documents = _with_workers([tuple(read_documents(each)) for each in kept], settings)
    objects = [*_placed(documents, settings.namespace)]
    _refuse_twins(objects)
    objects.sort(key=lambda each: each.kind != "Namespace")
    bodies = with_config_hash([each.body for each in objects])
    return tuple(Rendered(body, each.place) for body, each in zip(bodies, objects, strict=True))


def to_yaml(objects: Iterable[Rendered]) -> str:
    """The objects for Tilt's k8s_yaml: JSON is YAML."""
    return "\n---\n".join(json.dumps(each.body) for each in objects)


def _with_workers(files: list[tuple[Document, ...]], settings: Settings) -> list[Document]:
    """All documents, with as many workers as are wanted; with none of them, the file that has them is left out."""
    count, name = settings.citus_workers, settings.citus_worker_set
    kept: list[Document] = []
    is_there = False
    for documents in files:
        sets = [each for each in documents if each.kind == "StatefulSet" and each.name == name]
        is_there = is_there or bool(sets)
        for each in sets:
            each.body.setdefault("spec", {})["replicas"] = count
        if count or not sets:
            kept += documents
    if count and not is_there:
        raise DevkitError(
            f"[tool.devkit] citus-workers is {count}, and no manifest has the StatefulSet {name}",
            "write one, or name the one that there is: citus-worker-set; or have none: citus-workers = 0",
        )
    return kept


def _placed(documents: Iterable[Document], namespace: str) -> Iterator[Rendered]:
    """The objects in `namespace`, which the manifests' own Namespace, if they have one, becomes."""
    found = tuple(documents)
    own = [each for each in found if each.kind == "Namespace"]
    if len(own) > 1:
        raise DevkitError(
            f"{_at(own[1])} is a second Namespace ({_at(own[0])} is the first), and devkit fills one",
            "keep one of them",
        )
    names = {namespace, *(each.name for each in own)}
    if not own:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        yield Rendered(body, Place("pyproject.toml"))
    for each in found:
        metadata = each.body["metadata"]
        there = metadata.get("namespace") or namespace
        if there not in names:
            raise DevkitError(
                f"{_at(each)}: {each.kind} {each.name} is for namespace {there}, and devkit fills {namespace} alone",
                "leave metadata.namespace out there",
            )
        if each.kind == "Namespace":
            metadata["name"] = namespace
        elif each.kind not in _CLUSTER_SCOPED:
            metadata["namespace"] = namespace
        for subject in each.body.get("subjects") or ():  # of a RoleBinding (rbac.authorization.k8s.io/v1 Subject)
            if subject.get("namespace") in names:
                subject["namespace"] = namespace
        yield Rendered(each.body, each.place)


def _refuse_twins(objects: Iterable[Rendered]) -> None:
    seen: dict[tuple[str, str, str, str], Rendered] = {}
    for each in objects:
        group = str(each.body["apiVersion"]).rpartition("/")[0]
        other = seen.setdefault((group, each.kind, each.namespace, each.name), each)
        if other is not each:
            raise DevkitError(
                f"{_at(each)} has {each.kind} {each.name}, as {_at(other)} has: the one applied last would win",
                "delete one of them, or give it another name",
            )


def _at(what: Document | Rendered) -> str:
    return f"{what.place.file}:{what.place.line}"
