"""What the simulated kubelet does (kwok's Stages): nodes get ready and stay so, pods do what their annotation says.

A pod with the annotation testbed/pod=NAME does what BEHAVIOURS has under NAME; any other gets ready at once. Its
containers have the imageID of the annotation testbed/image-id.CONTAINER, or none. Deleting is at once, too: a pod that
must hang gets a finalizer from its test. A node with the label kubernetes.io/arch is of that architecture.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

ANNOTATION = "testbed/pod"
IMAGE_ID = "testbed/image-id."  # and a container's name
_VERSION = "kwok.x-k8s.io/v1alpha1"


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """A pod's phase, the state of its containers (a template), and the event that the kubelet would report."""

    phase: str
    containers: str
    event: tuple[str, str, str]
    is_ready: bool = False


_RUNNING = "restartCount: 0\n    started: true\n    state: {running: {startedAt: {{ $now | Quote }}}}"
READY = Behaviour("Running", _RUNNING, ("Normal", "Started", "Started container"), is_ready=True)
COMPLETED = Behaviour(
    "Succeeded",
    "restartCount: 0\n    state: {terminated: {exitCode: 0, reason: Completed, finishedAt: {{ $now | Quote }}}}",
    ("Normal", "Completed", "Completed"),
)
BEHAVIOURS = {
    "pulling": Behaviour(
        "Pending",
        "restartCount: 0\n    state: {waiting: {reason: ContainerCreating}}",
        ("Normal", "Pulling", 'Pulling image "redis:8.2.2"'),
    ),
    "never-ready": Behaviour(
        "Running", _RUNNING, ("Warning", "Unhealthy", "Readiness probe failed: NOAUTH Authentication required")
    ),
    "image-pull": Behaviour(
        "Pending",
        "restartCount: 0\n    state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image "
        '"{{ .image }}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image '
        '"docker.io/library/{{ .image }}": failed to resolve reference: not found\'}}',
        ("Warning", "Failed", "Error: ImagePullBackOff"),
    ),
    "crash-loop": Behaviour(
        "Running",
        "restartCount: 5\n    lastState: {terminated: {exitCode: 1, reason: Error, finishedAt: {{ $now | Quote }}}}\n"
        "    state: {waiting: {reason: CrashLoopBackOff, message: back-off 2m40s restarting failed container}}",
        ("Warning", "BackOff", "Back-off restarting failed container"),
    ),
}
_NODE = """{{ $now := Now }}
{{ $arch := "amd64" }}
{{ with .metadata.labels }}{{ with index . "kubernetes.io/arch" }}{{ $arch = . }}{{ end }}{{ end }}
conditions:
- type: Ready
  status: "True"
  reason: KubeletReady
  message: ready
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
addresses:
- {type: InternalIP, address: 127.0.0.1}
- {type: Hostname, address: {{ .metadata.name | Quote }}}
daemonEndpoints: {kubeletEndpoint: {Port: {{ NodePort }}}}
allocatable: {cpu: "8", memory: 16Gi, pods: "500"}
capacity: {cpu: "8", memory: 16Gi, pods: "500"}
nodeInfo:
  architecture: {{ $arch }}
  bootID: kwok
  containerRuntimeVersion: kwok
  kernelVersion: kwok
  kubeProxyVersion: kwok
  kubeletVersion: kwok
  machineID: kwok
  operatingSystem: linux
  osImage: Debian GNU/Linux 12 (bookworm)
  systemUUID: kwok
phase: Running
"""


def write_stages(file: Path) -> Path:
    """The stages as kwok's configuration file."""
    here = _exists(".metadata.deletionTimestamp", there=False)
    fresh = _exists(".status.containerStatuses", there=False)
    how = f'.metadata.annotations["{ANNOTATION}"]'
    owner = ".metadata.ownerReferences.[].kind"
    pods = [
        _pod(
            "pod-ready", READY, here, fresh, _among(how, *BEHAVIOURS, negated=True), _among(owner, "Job", negated=True)
        ),
        _pod("pod-completes", COMPLETED, here, fresh, _among(how, *BEHAVIOURS, negated=True), _among(owner, "Job")),
        *(_pod(f"pod-{name}", each, here, fresh, _among(how, name)) for name, each in BEHAVIOURS.items()),
        _stage(
            "pod-debugged",
            "Pod",
            {"statusTemplate": _NOTES + _statuses("ephemeralContainers", _RUNNING, is_ready=False)},
            here,
            _exists(".spec.ephemeralContainers"),
            _exists(".status.containerStatuses"),
            _exists(".status.ephemeralContainerStatuses", there=False),
        ),
        _stage(
            "pod-gone",
            "Pod",
            {"delete": True},
            _exists(".metadata.deletionTimestamp"),
            _exists(".metadata.finalizers", there=False),
        ),
    ]
    ready = '.status.conditions.[] | select( .type == "Ready" ) | .status'
    node = _stage("node-ready", "Node", {"statusTemplate": _NODE}, _among(ready, "True", negated=True))
    file.write_text("\n---\n".join(json.dumps(each) for each in [node, *pods]))
    return file


def _pod(name: str, behaviour: Behaviour, *selectors: dict[str, object]) -> dict[str, object]:
    kind, reason, message = behaviour.event
    event = {"type": kind, "reason": reason, "message": message}
    return _stage(name, "Pod", {"event": event, "statusTemplate": _status(behaviour)}, *selectors)


def _status(behaviour: Behaviour) -> str:
    word = "True" if behaviour.is_ready else "False"
    conditions = "\n".join(
        f'- {{type: {name}, status: "{value}", lastTransitionTime: {{{{ $now | Quote }}}}}}'
        for name, value in (("Initialized", "True"), ("ContainersReady", word), ("Ready", word))
    )
    return f"""{_NOTES}
phase: {behaviour.phase}
startTime: {{{{ $now | Quote }}}}
hostIP: 10.244.0.1
podIP: 10.244.0.2
podIPs: [{{ip: 10.244.0.2}}]
conditions:
{conditions}
{_statuses("containers", behaviour.containers, is_ready=behaviour.is_ready)}
{{{{ if .spec.initContainers }}}}
{_statuses("initContainers", _INIT, is_ready=True)}
{{{{ end }}}}
"""


_NOTES = "{{ $now := Now }}\n{{ $notes := .metadata.annotations | default dict }}\n"
# An init container that is a sidecar goes on.
_INIT = f"""{{{{ if eq (.restartPolicy | default "") "Always" }}}}
    {_RUNNING}
    {{{{ else }}}}
    {COMPLETED.containers}
    {{{{ end }}}}"""


def _statuses(group: str, state: str, *, is_ready: bool) -> str:
    """The part of a status about the containers in one group of the spec: containerStatuses of containers."""
    return f"""{group.removesuffix("s")}Statuses:
{{{{ range .spec.{group} }}}}
  - name: {{{{ .name | Quote }}}}
    image: {{{{ .image | Quote }}}}
    imageID: {{{{ get $notes (printf "{IMAGE_ID}%s" .name) | Quote }}}}
    ready: {str(is_ready).lower()}
    {state}
{{{{ end }}}}
"""


def _stage(name: str, kind: str, then: dict[str, object], *selectors: dict[str, object]) -> dict[str, object]:
    return {
        "apiVersion": _VERSION,
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": kind},
            "selector": {"matchExpressions": list(selectors)},
            "next": then,
        },
    }


def _among(key: str, *values: str, negated: bool = False) -> dict[str, object]:
    return {"key": key, "operator": "NotIn" if negated else "In", "values": list(values)}


def _exists(key: str, *, there: bool = True) -> dict[str, object]:
    return {"key": key, "operator": "Exists" if there else "DoesNotExist"}
