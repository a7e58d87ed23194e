"""One look at what is there: the wanted objects, and what explains them (pods, events, claims), as the API has them."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterable
from http import HTTPStatus

from devkit.cluster.api import Api, Object
from devkit.cluster.failures import RefusedError
from devkit.cluster.readiness.values import Seen, Wanted

_AT_ONCE = 6
# Plural and whether namespaced, of the kinds that stacks are made of; others are looked up at the server.
_KINDS = {
    ("v1", "Namespace"): ("namespaces", False),
    ("v1", "Pod"): ("pods", True),
    ("v1", "Service"): ("services", True),
    ("v1", "Secret"): ("secrets", True),
    ("v1", "ConfigMap"): ("configmaps", True),
    ("v1", "PersistentVolumeClaim"): ("persistentvolumeclaims", True),
    ("apps/v1", "Deployment"): ("deployments", True),
    ("apps/v1", "StatefulSet"): ("statefulsets", True),
    ("apps/v1", "DaemonSet"): ("daemonsets", True),
    ("batch/v1", "Job"): ("jobs", True),
}
_NAMES_ONLY = frozenset({"Secret", "ConfigMap"})  # that they exist is all; what is in them stays there


def observe(api: Api, wanted: Iterable[Wanted], namespace: str, kubectl: str) -> Seen:
    """Look at everything once, side by side; RefusedError or UnreachableError when a part cannot be seen."""
    kinds = dict.fromkeys((each.api_version, each.kind, each.namespace or namespace) for each in wanted)
    base = f"/api/v1/namespaces/{namespace}"
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        objects = [pool.submit(_all, api, *kind) for kind in kinds]
        explaining = [
            pool.submit(api.items, path)
            for path in (
                f"/apis/apps/v1/namespaces/{namespace}/replicasets",
                f"{base}/pods",
                f"{base}/persistentvolumeclaims",
                f"{base}/events",
            )
        ]
        sets, pods, claims, events = (each.result() for each in explaining)
        found = tuple(item for each in objects for item in each.result())
    return Seen(found, sets, pods, claims, events, kubectl)


def _all(api: Api, api_version: str, kind: str, namespace: str) -> tuple[Object, ...]:
    """Every object of a kind, each with its kind, which lists leave out."""
    path = collection(api, api_version, kind, namespace)
    if path is None:
        return ()  # the server does not know the kind (yet): nothing of it can be there
    items = api.items(path, names_only=kind in _NAMES_ONLY)
    return tuple({**item, "apiVersion": api_version, "kind": kind} for item in items)


def collection(api: Api, api_version: str, kind: str, namespace: str) -> str | None:
    """The path of the objects of a kind, or None when the server has no such kind."""
    root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    known = _KINDS.get((api_version, kind)) or _discovered(api, root, kind)
    if known is None:
        return None
    plural, is_namespaced = known
    return f"{root}/namespaces/{namespace}/{plural}" if is_namespaced else f"{root}/{plural}"


def _discovered(api: Api, root: str, kind: str) -> tuple[str, bool] | None:
    try:
        resources = api.get(root).get("resources") or ()
    except RefusedError as refused:
        if refused.code == HTTPStatus.NOT_FOUND:
            return None
        raise
    found = (each for each in resources if each.get("kind") == kind and "/" not in str(each.get("name", "/")))
    return next(((str(each["name"]), bool(each.get("namespaced"))) for each in found), None)
