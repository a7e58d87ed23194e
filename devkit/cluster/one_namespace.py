"""Objects put into the one namespace that devkit fills, which the manifests' own Namespace becomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from devkit.cluster.documents import Document
from devkit.cluster.readiness.raw import text
from devkit.errors import DevkitError
from devkit.finding import Place

# The kinds of Kubernetes' own API groups that live in no namespace (namespaced: false in the discovery of 1.36).
_CLUSTER_SCOPED = frozenset({
    "APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding",
    "ClusterTrustBundle", "ComponentStatus", "CustomResourceDefinition", "DeviceClass", "DeviceTaintRule", "FlowSchema",
    "IPAddress", "IngressClass", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass",
    "PriorityLevelConfiguration", "ResourceSlice", "RuntimeClass", "ServiceCIDR", "StorageClass",
    "StorageVersionMigration", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration", "VolumeAttachment", "VolumeAttributesClass",
})  # fmt: skip
_WEBHOOK = ("webhooks", "clientConfig", "service", "namespace")
# Where an object names the namespace of another one.
_REFERENCES = {
    "RoleBinding": ("subjects", "namespace"),
    "ClusterRoleBinding": ("subjects", "namespace"),
    "APIService": ("spec", "service", "namespace"),
    "ValidatingWebhookConfiguration": _WEBHOOK,
    "MutatingWebhookConfiguration": _WEBHOOK,
    "CustomResourceDefinition": ("spec", "conversion", "webhook", "clientConfig", "service", "namespace"),
}


def in_one_namespace(documents: Iterable[Document], namespace: str) -> Iterator[Document]:
    """`documents` in `namespace`, the Namespace first, made where there is none; the order is kept otherwise.

    DevkitError, with file and line, for an object that is meant for another namespace, or a second Namespace.
    """
    found = tuple(documents)
    own = [each for each in found if _is_namespace(each)]
    if len(own) > 1:
        raise DevkitError(
            f"{own[1].place.file}:{own[1].place.line} is a second Namespace "
            f"({own[0].place.file}:{own[0].place.line} is the first), and devkit fills one",
            "keep one of them",
        )
    if not own:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        yield Document(body, Place("pyproject.toml"))
    names = frozenset({namespace, *(each.name for each in own)})
    defined = frozenset(_defined(found))
    for each in sorted(found, key=lambda one: not _is_namespace(one)):
        yield _moved(each, names, namespace, defined)


def _is_namespace(document: Document) -> bool:
    return (document.group, document.kind) == ("", "Namespace")


def _defined(documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """Group and kind of what the manifests themselves define outside of namespaces (spec.scope)."""
    for each in documents:
        if each.kind == "CustomResourceDefinition" and text(each.body, "spec", "scope") == "Cluster":
            yield text(each.body, "spec", "group"), text(each.body, "spec", "names", "kind")


def _lives_in_none(document: Document, defined: frozenset[tuple[str, str]]) -> bool:
    # a group of someone else's may have a Node that lives in a namespace
    is_kubernetes = "." not in document.group or document.group.endswith(".k8s.io")
    return (is_kubernetes and document.kind in _CLUSTER_SCOPED) or (document.group, document.kind) in defined


def _moved(document: Document, names: frozenset[str], to: str, defined: frozenset[tuple[str, str]]) -> Document:
    body, place = document.body, document.place
    metadata = dict(body["metadata"])
    there = metadata.get("namespace") or to
    if there not in names:
        raise DevkitError(
            f"{place.file}:{place.line}: {document.kind} {document.name} is for namespace {there}, "
            f"and devkit fills {to} alone",
            "leave metadata.namespace out there",
        )
    if _is_namespace(document):
        metadata["name"] = to
    if metadata.get("namespace") or not _lives_in_none(document, defined):
        metadata["namespace"] = to
    path = _REFERENCES.get(document.kind)
    moved = {**body, "metadata": metadata}
    return Document(_renamed(moved, path, names, to) if path else moved, place)


def _renamed(value: Any, path: tuple[str, ...], names: frozenset[str], to: str) -> Any:  # noqa: ANN401 - JSON
    """`value` with a name of ours at `path`, in each item of a list, replaced by `to`."""
    if isinstance(value, list):
        return [_renamed(each, path, names, to) for each in value]
    if not path:
        return to if isinstance(value, str) and value in names else value
    if isinstance(value, dict) and path[0] in value:
        return {**value, path[0]: _renamed(value[path[0]], path[1:], names, to)}
    return value
