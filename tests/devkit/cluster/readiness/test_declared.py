"""Services, namespaces, definitions, custom resources, and objects without a status."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    Json,
    K,
    Object,
    Row,
    ago,
    condition,
    look,
    pod,
    runs,
    thing,
)


def custom(*conditions: Object, generation: int = 1, **status: Json) -> Object:
    whole = {"conditions": list(conditions), **status} if conditions or status else None
    return thing("example.com/v1", "Widget", "w", {"size": 1}, whole, generation=generation)


def service(kind: str, **status: Json) -> Object:
    return thing("v1", "Service", "redis", {"type": kind, "clusterIP": "10.96.0.9"}, {"loadBalancer": status})


def namespace(*conditions: Object) -> Object:
    status = {"phase": "Terminating", "conditions": list(conditions)}
    return thing("v1", "Namespace", "dev-infra", None, status, deletionTimestamp=ago(30), namespace=None)


def definition(*conditions: Object) -> Object:
    return thing(
        "apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.example.com", {"group": "example.com"},
        {"conditions": list(conditions)}, namespace=None,
    )  # fmt: skip


def api_service(*conditions: Object) -> Object:
    return thing(
        "apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io",
        {"service": {"name": "metrics-server", "namespace": "kube-system"}}, {"conditions": list(conditions)},
        namespace=None,
    )  # fmt: skip


REMAINING = condition(
    "NamespaceContentRemaining",
    True,
    "SomeResourcesRemain",
    "Some resources are remaining: pods. has 3 resource instances",
)
FINALIZERS = condition(
    "NamespaceFinalizersRemaining", True, "SomeFinalizersRemain",
    "Some content in the namespace has finalizers remaining: kubernetes.io/pvc-protection in 2 resource instances",
)  # fmt: skip
BLIND = condition(
    "NamespaceDeletionDiscoveryFailure", True, "DiscoveryFailed",
    "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: "
    "metrics.k8s.io/v1beta1",
)  # fmt: skip
GOING: Object = {"deletionTimestamp": ago(90)}
CLAIM = thing(
    "v1", "PersistentVolumeClaim", "data", {}, {"phase": "Bound"}, finalizers=["kubernetes.io/pvc-protection"], **GOING
)
USER = pod(runs(), spec={"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]})


NETWORK = (
    Row("a Service", (service("ClusterIP"),), State.READY, "Accepted", "accepted (ClusterIP)"),
    Row(
        "a balanced Service", (service("LoadBalancer", ingress=[{"ip": "172.18.0.5"}]),), State.READY,
        "AddressAssigned", "reached at 172.18.0.5",
    ),
    Row(
        "a Service without a balancer", (service("LoadBalancer"),), State.WAITING, "AddressPending",
        "no load balancer has given it an address yet",
        "start one (on kind: cloud-provider-kind), or write type: ClusterIP in the manifest of Service redis",
    ),
    Row(
        "an Ingress",
        (thing("networking.k8s.io/v1", "Ingress", "i", {}, {"loadBalancer": {"ingress": [{"hostname": "dev"}]}}),),
        State.READY, "Accepted", "reached at dev",
    ),
    Row(
        "an Ingress without an address", (thing("networking.k8s.io/v1", "Ingress", "i"),), State.READY, "Accepted",
        "accepted; no controller has given it an address",
    ),
)  # fmt: skip
SERVER = (
    Row(
        "a Namespace", (thing("v1", "Namespace", "dev-infra", None, {"phase": "Active"}),), State.READY, "Active",
        "active",
    ),
    Row(
        "a Namespace on its way out", (namespace(REMAINING, FINALIZERS),), State.WAITING, "Terminating",
        "its deletion has been going on for 30 s: Some resources are remaining: pods. has 3 resource instances; Some "
        "content in the namespace has finalizers remaining: kubernetes.io/pvc-protection in 2 resource instances",
    ),
    Row(
        "a Namespace that cannot be emptied", (namespace(BLIND),), State.WAITING, "Terminating",
        "its deletion has been going on for 30 s: Discovery failed for some groups, 1 failing: unable to retrieve the "
        "complete list of server APIs: metrics.k8s.io/v1beta1", f"{K} get apiservices",
    ),
    Row(
        "a definition", (definition(condition("NamesAccepted", True), condition("Established", True)),), State.READY,
        "Established", "established",
    ),
    Row(
        "a definition on its way",
        (definition(condition("NamesAccepted", True), condition("Established", False, "Installing")),),
        State.WAITING, "Installing", "it is being established",
    ),
    Row(
        "a definition whose name is taken",
        (definition(condition("NamesAccepted", False, "PluralConflict", '"widgets" is already in use')),),
        State.FAILED, "PluralConflict", 'its names are taken: "widgets" is already in use',
        f"correct spec.names in the manifest, or remove the other definition: {K} describe crd widgets.example.com",
    ),
    Row(
        "a definition that is refused",
        (definition(condition("NamesAccepted", True), condition("Established", False, "Broken", "no schema")),),
        State.FAILED, "Broken", "it cannot be established: no schema", f"{K} describe crd widgets.example.com",
    ),
    Row(
        "an API that answers", (api_service(condition("Available", True, "Passed")),), State.READY, "Available",
        "available",
    ),
    Row(
        "an API that does not answer",
        (api_service(condition("Available", False, "MissingEndpoints", "endpointslices have no addresses")),),
        State.WAITING, "MissingEndpoints", "its API does not answer: endpointslices have no addresses",
        f"{K} get pods -n kube-system",
    ),
)  # fmt: skip
CUSTOM = (
    Row("a ConfigMap", (thing("v1", "ConfigMap", "redis"),), State.READY, "Exists", "it exists"),
    Row("a resource without conditions", (custom(phase="Running"),), State.READY, "Exists", "it exists"),
    Row(
        "ready", (custom(condition("Synced", False), condition("Ready", True, "AllUp", "all is up")),), State.READY,
        "Ready", "all is up",
    ),
    Row(
        "healthy, without a word", (custom(condition("Healthy", True)),), State.READY, "Healthy",
        "its controller says so",
    ),
    Row(
        "not available", (custom(condition("Available", False, "NoPods", "0 of 3 members up.")),), State.WAITING,
        "NoPods", "its condition Available is False: 0 of 3 members up", f"{K} describe widget.example.com w",
    ),
    Row(
        "nobody knows", (custom(condition("Ready", "Unknown")),), State.WAITING, "NotReady",
        "its condition Ready is Unknown", f"{K} describe widget.example.com w",
    ),
    Row(
        "an older version is ready", (custom(condition("Ready", True), generation=3, observedGeneration=2),),
        State.WAITING, "LatestGenerationNotObserved",
        "its controller has not seen the present version yet (generation 3, seen 2)",
    ),
    Row(
        "the condition is about an older version",
        (custom({**condition("Ready", True), "observedGeneration": 2}, generation=3),),
        State.WAITING, "LatestGenerationNotObserved",
        "its controller has not seen the present version yet (generation 3, seen 2)",
    ),
    Row(
        "reconciling", (custom(condition("Ready", True), condition("Reconciling", True, "Scaling", "2 of 3")),),
        State.WAITING, "Scaling", "its controller is at it: 2 of 3",
    ),
    Row(
        "stalled", (custom(condition("Stalled", True, "BadSpec", "no such size")),), State.FAILED, "BadSpec",
        "its controller is stuck: no such size", f"{K} describe widget.example.com w",
    ),
    Row(
        "a resource that only shares a kind's name",
        (thing("serving.knative.dev/v1", "Service", "s", {}, {"conditions": [condition("Ready", False, "NoRoute")]}),),
        State.WAITING, "NoRoute", "its condition Ready is False: NoRoute",
        f"{K} describe service.serving.knative.dev s",
    ),
    Row(
        "on its way out", (thing("v1", "ConfigMap", "redis", deletionTimestamp=ago(5)),), State.WAITING, "Terminating",
        "its deletion has been going on for 5 s",
    ),
    Row(
        "held by its controller", (thing("v1", "Secret", "s", finalizers=["example.com/keep"], **GOING),),
        State.WAITING, "Terminating", "its deletion has been going on for 90 s, held by example.com/keep",
        f"start the controller that has to remove example.com/keep: {K} describe secret s",
    ),
    Row(
        "held by the pod that mounts it", (CLAIM, USER), State.WAITING, "Terminating",
        "its deletion has been going on for 90 s, held by kubernetes.io/pvc-protection: mounted by pod redis-0",
        f"{K} delete pod redis-0",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", NETWORK + SERVER + CUSTOM, ids=lambda row: row.name)
def test_an_object_says_how_far_it_is(row: Row) -> None:
    assert look(*row.objects) == row.verdict
