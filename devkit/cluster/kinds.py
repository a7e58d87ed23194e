"""Every kind of object that can live in a namespace, as the API server itself tells."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from devkit.cluster.api import Api, Object

_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """A kind that can be listed and deleted: its name, what kubectl calls it, and the path of its objects."""

    name: str
    resource: str
    path: str


def namespaced_kinds(api: Api, namespace: str) -> Iterator[Kind]:
    """The kinds that live in a namespace and can be listed and deleted there; RefusedError or UnreachableError."""
    for root in ("/api", "/apis"):
        for group in api.get(root, accept=_DISCOVERY).get("items") or ():
            name = group["metadata"].get("name", "")
            for version in group.get("versions", ())[:1]:  # the preferred one; the others have the same objects
                base = f"/apis/{name}/{version['version']}" if name else f"/api/{version['version']}"
                yield from _listable(version, name, f"{base}/namespaces/{namespace}")


def _listable(version: Object, group: str, base: str) -> Iterator[Kind]:
    for resource in version.get("resources", ()):
        kind = resource.get("responseKind", {}).get("kind", "")
        if resource.get("scope") == "Namespaced" and {"list", "delete"} <= set(resource.get("verbs", ())):
            plural = resource["resource"]
            yield Kind(kind, f"{plural}.{group}" if group else plural, f"{base}/{plural}")
