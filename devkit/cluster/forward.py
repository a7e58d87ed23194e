"""A port-forward of our own: a listener on 127.0.0.1 whose connections go to whichever pod serves at that moment.

Each connection is a websocket of its own (subresource pods/portforward, protocol v4.channel.k8s.io: the first byte of
a message is its channel, 0 for data and 1 for errors, and the first message on each only repeats the port). Nothing is
kept between connections, so a replaced pod costs the connections that it had, and no later one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from devkit.cluster.api import Api, Object
from devkit.cluster.failures import RefusedError, UnreachableError
from devkit.errors import DevkitError

if TYPE_CHECKING:
    from websocket import WebSocket

_PROTOCOL = "v4.channel.k8s.io"
_DATA, _ERROR = 0, 1
_CHUNK = 32_768
_MIND_SECONDS = 2.0
_PAUSE = 0.2
_POD_SECONDS = 10.0  # how long a connection waits for a pod to take the place of one that goes


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """A Service's port of one namespace."""

    namespace: str
    name: str
    port: int


@dataclasses.dataclass(frozen=True, slots=True)
class Pod:
    """The very pod that a connection goes to, and its port's number."""

    name: str
    uid: str
    port: int


class Forward:
    """Where a service answers on this machine. `problem` is why the newest connection came to nothing, or ""."""

    def __init__(self, api: Api, service: Service) -> None:
        self._api = api
        self._service = service
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_PAUSE)  # on macOS nothing wakes accept()
        self._ends = threading.Event()
        self._open: dict[socket.socket, Pod] = {}
        self.problem = ""

    @property
    def port(self) -> int:
        """The local port, which the system picked."""
        return int(self._listener.getsockname()[1])

    def serve(self) -> None:
        """Take connections until close()."""
        with contextlib.closing(self._listener):
            while not self._ends.is_set():
                try:
                    near, _ = self._listener.accept()
                except TimeoutError:
                    continue
                except OSError:
                    return
                near.settimeout(None)
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def mind(self) -> None:
        """End the connections of pods that are gone, until close().

        Whoever waits for an answer would wait for ever where nobody on the way tells of the other end's death.
        """
        while not self._ends.wait(_MIND_SECONDS):
            for near, pod in tuple(self._open.items()):
                with contextlib.suppress(DevkitError):  # a silent API server says nothing of the pod
                    found = self._api.find(f"/api/v1/namespaces/{self._service.namespace}/pods/{pod.name}")
                    if found is None or found["metadata"]["uid"] != pod.uid:
                        _shut(near)

    def close(self) -> None:
        """Take no more connections. Those that are open end with their client."""
        self._ends.set()
        _shut(self._listener)  # wakes accept() at once on Linux

    def _carry(self, near: socket.socket) -> None:
        with contextlib.closing(near):
            try:
                pod, far = self._reach()
            except DevkitError as error:
                self.problem = error.problem
                return
            self.problem = ""
            self._open[near] = pod
            try:
                _relay(near, far, self._note)
            finally:
                del self._open[near]

    def _note(self, problem: str) -> None:
        self.problem = problem

    def _reach(self) -> tuple[Pod, WebSocket]:
        """A websocket to a pod; when one is just going, to its successor."""
        deadline = time.monotonic() + _POD_SECONDS
        while True:
            try:
                pod = find_pod(self._api, self._service)
                return pod, _websocket(self._api, self._service.namespace, pod)
            except (DevkitError, OSError) as error:
                failure = _unforwardable(self._service, error)
                self.problem = failure.problem
                final = isinstance(error, RefusedError) and error.code < HTTPStatus.INTERNAL_SERVER_ERROR
                if final or self._ends.is_set() or time.monotonic() >= deadline:
                    raise failure from error
                time.sleep(_PAUSE)


@contextlib.contextmanager
def forwarded(api: Api, service: Service) -> Iterator[Forward]:
    """Forward a random port of 127.0.0.1 to `service` while the context lasts."""
    forward = Forward(api, service)
    serving = threading.Thread(target=forward.serve, daemon=True)
    for thread in (serving, threading.Thread(target=forward.mind, daemon=True)):
        thread.start()
    try:
        yield forward
    finally:
        forward.close()
        serving.join()


def find_pod(api: Api, service: Service) -> Pod:
    """A pod behind `service`: a ready one, else one that runs; DevkitError when there is none."""
    base = f"/api/v1/namespaces/{service.namespace}"
    found = api.get(f"{base}/services/{service.name}")
    selector = ",".join(f"{key}={value}" for key, value in (found["spec"].get("selector") or {}).items())
    pods = [pod for pod in api.items(f"{base}/pods", labelSelector=selector) if _runs(pod)] if selector else []
    if not pods:
        raise UnreachableError(
            f"no pod of service {service.name} runs in {service.namespace}", "bring the stack up: ./inv up"
        )
    pod = max(pods, key=_is_ready)
    metadata = pod["metadata"]
    return Pod(str(metadata["name"]), str(metadata["uid"]), _port(found, pod, service.port))


def _runs(pod: Object) -> bool:
    return "deletionTimestamp" not in pod["metadata"] and pod.get("status", {}).get("phase") == "Running"


def _is_ready(pod: Object) -> bool:
    conditions = pod["status"].get("conditions") or ()
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _port(service: Object, pod: Object, wanted: int) -> int:
    """The pod's port behind the service's: targetPort is a number, a container port's name, or left out."""
    target = next(
        (p.get("targetPort", wanted) for p in service["spec"].get("ports", ()) if p["port"] == wanted), wanted
    )
    if isinstance(target, int):
        return target
    ports = [port for container in pod["spec"]["containers"] for port in container.get("ports") or ()]
    return next((int(port["containerPort"]) for port in ports if port.get("name") == target), wanted)


def _websocket(api: Api, namespace: str, pod: Pod) -> WebSocket:
    import websocket

    address = api.target.server.removeprefix("https://").rstrip("/")
    try:
        return websocket.create_connection(
            f"wss://{address}/api/v1/namespaces/{namespace}/pods/{pod.name}/portforward?ports={pod.port}",
            sslopt={"context": api.tls},
            header=[f"{name}: {value}" for name, value in api.headers().items()],
            subprotocols=[_PROTOCOL],
            enable_multithread=True,
            suppress_origin=True,
            timeout=20,
        )
    except websocket.WebSocketException as error:
        said = str(error).partition(" -+-+- ")[0][:200]
        raise UnreachableError(f"pod {pod.name} takes no port-forward: {said}", "run the same command again") from error


def _relay(near: socket.socket, far: WebSocket, note: Callable[[str], None]) -> None:
    """Carry bytes both ways until one side ends."""
    from websocket import WebSocketException

    back = threading.Thread(target=_bring_back, args=(near, far, note), daemon=True)
    far.settimeout(None)
    back.start()
    with contextlib.suppress(OSError, WebSocketException):  # whatever ends one way ends both
        while data := near.recv(_CHUNK):
            far.send_binary(bytes([_DATA]) + data)
    with contextlib.suppress(OSError, WebSocketException):
        far.send_close()  # the answer to it ends the way back
    back.join(timeout=2)
    far.shutdown()  # type: ignore[no-untyped-call]  # the package types only some of it


def _bring_back(near: socket.socket, far: WebSocket, note: Callable[[str], None]) -> None:
    from websocket import WebSocketException

    seen: set[int] = set()
    with contextlib.suppress(OSError, WebSocketException):
        while message := far.recv():
            data = message if isinstance(message, bytes) else message.encode()
            channel, data = data[0], data[1:]
            if channel not in seen:  # the port's number
                seen.add(channel)
                data = data[2:]
            if channel == _ERROR and data:
                note(data.decode("utf-8", "replace").strip()[:300])
            elif data:
                near.sendall(data)
    _shut(near)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _unforwardable(service: Service, error: Exception) -> DevkitError:
    why = error.problem if isinstance(error, DevkitError) else type(error).__name__
    cure = error.cure if isinstance(error, DevkitError) else "bring the stack up: ./inv up"
    return DevkitError(f"service {service.name} cannot be reached: {why}", cure)
