"""A compact builder of objects, in the shape in which the API server gives them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

from devkit.cluster.readiness.assess import assess
from devkit.cluster.readiness.values import Readiness, Seen, State, Wanted

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)
K = "kubectl --context kind-dev -n dev-infra"
LOAD = "docker pull {0} && kind load docker-image {0} --name dev"
Json = Any  # whatever an object of the API may hold
Object = dict[str, Json]


def ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def thing(
    api_version: str, kind: str, name: str, spec: Object | None = None, status: Object | None = None, **metadata: Json
) -> Object:
    """Any object; metadata by keyword, `owner` being the object that made it."""
    owner = metadata.pop("owner", None)
    if owner:
        metadata["ownerReferences"] = [
            {
                "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": owner["metadata"]["name"],
                "uid": owner["metadata"]["uid"], "controller": True, "blockOwnerDeletion": True,
            }
        ]  # fmt: skip
    base = {"name": name, "namespace": "dev-infra", "uid": f"uid-{kind}-{name}", "creationTimestamp": ago(90)}
    made: Object = {"apiVersion": api_version, "kind": kind, "metadata": {**base, "resourceVersion": "7", **metadata}}
    return {**made, **({"spec": spec} if spec else {}), **({"status": status} if status else {})}


def condition(kind: str, status: str | bool, reason: str = "", message: str = "", since: int = 80) -> Object:
    return {
        "type": kind, "status": str(status), "lastTransitionTime": ago(since), "reason": reason, "message": message,
    }  # fmt: skip


def container(
    name: str = "redis", image: str = "redis:8.2.2", requests: Object | None = None, limits: Object | None = None
) -> Object:
    return {"name": name, "image": image, "resources": {"requests": requests or {}, "limits": limits or {}}}


def state(name: str = "redis", *, restarts: int = 0, last: Object | None = None, **states: Object) -> Object:
    """One containerStatus: waiting={…}, running={…} or terminated={…}; `last` is the ending before."""
    return {
        "name": name, "image": "docker.io/library/redis:8.2.2", "imageID": "", "ready": False, "started": False,
        "restartCount": restarts, "state": states, "lastState": {"terminated": last} if last else {},
    }  # fmt: skip


def waits(reason: str, message: str = "", **more: Json) -> Object:
    return state(waiting={"reason": reason, **({"message": message} if message else {})}, **more)


def runs(since: int = 40, **more: Json) -> Object:
    return state(running={"startedAt": ago(since)}, **more)


def end(code: int, reason: str = "Error", message: str = "", lived: int = 5) -> Object:
    said = {"message": message} if message else {}
    return {
        "exitCode": code, "reason": reason, "startedAt": ago(60 + lived), "finishedAt": ago(60),
        "containerID": "containerd://0", **said,
    }  # fmt: skip


def pod(
    *statuses: Object, name: str = "redis-0", init: tuple[Object, ...] = (), phase: str = "Pending",
    spec: Object | None = None, status: Object | None = None, conditions: tuple[Object, ...] = (), **metadata: Json,
) -> Object:  # fmt: skip
    """A pod on a node; without statuses its kubelet has not reported yet."""
    reported = {"containerStatuses": list(statuses)} if statuses else {}
    inits = {"initContainerStatuses": list(init)} if init else {}
    told = [condition("PodScheduled", True), condition("Ready", False, "ContainersNotReady"), *conditions]
    return thing(
        "v1", "Pod", name,
        {
            "nodeName": "dev-control-plane", "restartPolicy": "Always", "containers": [container()],
            **({"initContainers": [container("wait", "busybox:1.37")]} if init else {}), **(spec or {}),
        },
        {"phase": phase, "conditions": told, **reported, **inits, **(status or {})},
        **metadata,
    )  # fmt: skip


def ready_pod(name: str = "redis-0", **more: Json) -> Object:
    status = {**runs(), "ready": True, "started": True}
    return pod(
        status, name=name, phase="Running",
        status={"conditions": [condition("PodScheduled", True), condition("Ready", True)]}, **more,
    )  # fmt: skip


def unscheduled(message: str = "", since: int = 60, reason: str = "Unschedulable", **more: Json) -> Object:
    """A pod without a node; without a message no scheduler has looked at it."""
    told = [condition("PodScheduled", False, reason, message, since)] if message else []
    spec = {"nodeName": None, **more.pop("spec", {})}
    return pod(spec=spec, status={"conditions": told}, **more)


def event(
    about: Object, reason: str, message: str, *, last: float = 12, first: float | None = None, count: int = 1,
    part: str = "", uid: str = "", version: str = "9",
) -> Object:  # fmt: skip
    """An event of core/v1; `part` is the container that it is about."""
    metadata = about["metadata"]
    path = {"fieldPath": f"spec.containers{{{part}}}"} if part else {}
    return {
        "apiVersion": "v1", "kind": "Event", "type": "Normal", "reason": reason, "message": message, "count": count,
        "metadata": {"name": f"{metadata['name']}.18", "namespace": "dev-infra", "resourceVersion": version},
        "involvedObject": {"kind": about["kind"], "name": metadata["name"], "uid": uid or metadata["uid"], **path},
        "firstTimestamp": ago(last if first is None else first), "lastTimestamp": ago(last), "eventTime": None,
    }  # fmt: skip


def new_event(about: Object, reason: str, note: str, *, last: float = 12) -> Object:
    """The same in the shape of events.k8s.io/v1."""
    metadata = about["metadata"]
    return {
        "apiVersion": "events.k8s.io/v1", "kind": "Event", "type": "Warning", "reason": reason, "note": note,
        "metadata": {"name": f"{metadata['name']}.19", "namespace": "dev-infra", "resourceVersion": "9"},
        "regarding": {"kind": about["kind"], "name": metadata["name"], "uid": metadata["uid"]},
        "eventTime": (NOW - timedelta(seconds=last)).isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }  # fmt: skip


def look(*objects: Object, kubectl: str = K) -> Readiness:
    """The verdict about the first object, with all of them seen."""
    of = {kind: tuple(each for each in objects if each["kind"] == kind) for kind in {o["kind"] for o in objects}}
    seen = Seen(
        tuple(each for each in objects if each["kind"] != "Event"), of.get("ReplicaSet", ()), of.get("Pod", ()),
        of.get("PersistentVolumeClaim", ()), of.get("Event", ()), kubectl,
    )  # fmt: skip
    first = objects[0]
    return assess(Wanted(first["apiVersion"], first["kind"], "dev-infra", first["metadata"]["name"]), seen, NOW)


@dataclasses.dataclass(frozen=True)
class Row:
    """A name, the objects (the first is judged), and the verdict: its state, reason, sentence and help."""

    name: str
    objects: tuple[Object, ...]
    state: State
    reason: str
    message: str
    help: str = ""

    @property
    def verdict(self) -> Readiness:
        """The whole of what is expected."""
        first = self.objects[0]
        return Readiness(first["kind"], first["metadata"]["name"], self.state, self.reason, self.message, self.help)
