"""Builders of what is seen while a namespace does not go."""

from __future__ import annotations

from devkit.errors import DevkitError
from devkit.reset.diagnosis import Seen
from devkit.reset.leftovers import Leftover
from tests.devkit.cluster.readiness.objects import Object, ago, condition, thing

HOLD = "example.com/hold"
IN_USE = "kubernetes.io/pvc-protection"


def namespace(
    *conditions: Object, spec: tuple[str, ...] = ("kubernetes",), own: tuple[str, ...] = (), since: str = ago(60)
) -> Object:
    deleting = {"deletionTimestamp": since} if since else {}
    status: Object = {"phase": "Terminating", "conditions": list(conditions)}
    return thing("v1", "Namespace", "dev-infra", {"finalizers": list(spec)}, status, finalizers=list(own), **deleting)


def api_service(name: str, space: str = "kube-system", status: str = "False", message: str = "no addresses") -> Object:
    available = condition("Available", status, "MissingEndpoints", message)
    service: Object = {"namespace": space, "name": "metrics-server"}
    return thing(
        "apiregistration.k8s.io/v1", "APIService", name, {"service": service}, {"conditions": [available]}
    )  # fmt: skip


def left(kind: str, name: str, *finalizers: str, since: str = ago(35), resource: str = "") -> Leftover:
    return Leftover(kind, name, finalizers, since, resource or f"{kind.lower()}s")


def seen(
    *leftovers: Leftover, of: Object | None = None, apis: tuple[Object, ...] = (), events: tuple[Object, ...] = (),
    unseen: tuple[str, ...] = (),
) -> Seen:  # fmt: skip
    return Seen(of or namespace(), leftovers, apis, events, unseen)


DISCOVERY = condition(
    "NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed",
    "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: "
    "metrics.k8s.io/v1beta1: the server is currently unable to handle the request",
)  # fmt: skip
PARSING = condition(
    "NamespaceDeletionGroupVersionParsingFailure", "True", "GroupVersionParsingFailed",
    "unexpected GroupVersion string: a/b/c",
)  # fmt: skip
FORBIDDEN = condition(
    "NamespaceDeletionContentFailure", "True", "ContentDeletionFailed",
    "Failed to delete all resource types, 1 remaining: widgets.example.com is forbidden: no.",
)  # fmt: skip
WEBHOOK = condition(
    "NamespaceDeletionContentFailure", "True", "ContentDeletionFailed",
    'Failed to delete all resource types, 1 remaining: admission webhook "keep.example.com" denied the request: kept',
)  # fmt: skip
ONLY_LEFT = condition(
    "NamespaceDeletionContentFailure", "True", "ContentDeletionFailed",
    "Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: dev-infra "
    "for gvr: /v1, Resource=pods",
)  # fmt: skip
FINALIZERS = condition(
    "NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain",
    "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
)  # fmt: skip
REMAINING = condition(
    "NamespaceContentRemaining", "True", "SomeResourcesRemain",
    "Some resources are remaining: pods. has 2 resource instances",
)  # fmt: skip
WIDGET = left("Widget", "w", HOLD, resource="widgets.example.com")
CLAIM = left("PersistentVolumeClaim", "data-0", IN_USE)
POD = left("Pod", "citus-0")
UNTOUCHED = left("ConfigMap", "settings", HOLD, since="")


def commands(error: DevkitError) -> list[str]:
    """The indented lines of a cure; the others are words."""
    return [line.strip() for line in error.cure.split("\n") if line.startswith("    ")]
