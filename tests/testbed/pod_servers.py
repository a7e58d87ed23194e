"""A PostgreSQL server for each new pod of one name: a pod that takes another's place begins with empty data."""

from __future__ import annotations

import concurrent.futures
import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from devkit.postgres.cache import Cache
from tests.server import Server
from tests.testbed.cluster import Cluster
from tests.testbed.programs import free_port

_POSTGRES = 5432
_PAUSE = 0.2
_CHUNK = 65_536


class PodServers:
    """Leads port 5432 of the pod `namespace`/`pod` to the server that belongs to the pod's UID.

    A UID not yet seen gets a fresh server with a system identifier of its own, as the image leaves it after its first
    start: the database `app` with the extension citus, and the role `app`, which logs in with any password. The server
    of the UID before it is removed then. One server more is being made ahead, so that nobody has to wait.
    """

    def __init__(self, cache: Cache, cluster: Cluster, namespace: str, pod: str = "citus-coordinator-0") -> None:
        self._cache = cache
        self._cluster = cluster
        self._namespace = namespace
        self._pod = pod
        self._maker = concurrent.futures.ThreadPoolExecutor(1)
        self._spare: concurrent.futures.Future[Server] | None = None
        self._choosing = threading.Lock()
        self._is_over = False
        self._uid = ""
        self._server: Server | None = None
        self._relays: list[_Relay] = []
        self._returns = threading.Event()
        self._watching: threading.Thread | None = None

    # -- starting and stopping

    def start(self) -> None:
        """Take connections from now on; the pod need not be there yet.

        Stores.serve() for the same namespace would lead 5432 elsewhere: serve() leads the other ports.
        """
        self._spare = self._maker.submit(_make, self._cache)
        self._relays.append(_Relay(self._reach))
        self._cluster.forward_pod(self._namespace, self._pod, {_POSTGRES: self.port})

    def stop(self) -> None:
        """End all connections; stop all servers and remove their files."""
        self._returns.set()
        if self._watching is not None:
            self._watching.join()
        with self._choosing:
            self._is_over = True
        for relay in self._relays:
            relay.end()
        self._maker.shutdown()
        try:
            if self._server is not None:
                self._server.remove()
        finally:
            if self._spare is not None:
                self._spare.result().remove()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- what tests need of it

    @property
    def port(self) -> int:
        """The port of 127.0.0.1 that the pod's port leads to."""
        return self._relays[0].port

    @property
    def server(self) -> Server:
        """The newest pod's server, also when nobody has connected to that pod yet."""
        server = self._choose() or self._server
        assert server is not None, f"there was no pod {self._pod} yet"
        return server

    def serve(self, ports: Mapping[int, int]) -> None:
        """Lead other ports of the namespace's pods to ports of 127.0.0.1; not 5432, which any pod would share then."""
        assert _POSTGRES not in ports
        self._cluster.forward(self._namespace, ports)

    def stop_server(self) -> None:
        """Stop the newest pod's server: its port refuses connections until start_server(), or until another pod."""
        server = self.server
        self._relays[-1].refuse()
        server.stop()
        self._returns.clear()
        self._watching = threading.Thread(target=self._await_successor, args=(self._uid,))
        self._watching.start()

    def start_server(self) -> None:
        """Start the server that was stopped, with its data; nothing to do when another pod has taken over."""
        assert self._watching is not None
        self._returns.set()
        self._watching.join()
        if not self._relays[-1].is_open:
            assert self._server is not None
            self._server.start()
            self._relays.append(_Relay(self._reach, self.port))

    # -- which server it is

    def _reach(self) -> socket.socket:
        server = self._choose()
        if server is None:
            raise ConnectionRefusedError(f"no pod {self._pod}")
        return socket.create_connection(("127.0.0.1", server.port))

    def _choose(self) -> Server | None:
        """The server of the pod that is there now; None without a pod."""
        with self._choosing:  # also while asking: an answer that came late must not bring the pod before back
            uid = "" if self._is_over else self._current_uid()
            if not uid:
                return None
            if uid != self._uid:
                assert self._spare is not None
                fresh = self._spare.result()
                self._spare = self._maker.submit(_make, self._cache)
                before, self._uid, self._server = self._server, uid, fresh
                if before is not None:
                    before.remove()
            return self._server

    def _current_uid(self) -> str:
        pod = self._cluster.kube.find(f"/api/v1/namespaces/{self._namespace}/pods/{self._pod}")
        return str(pod["metadata"]["uid"]) if pod else ""

    def _await_successor(self, stopped: str) -> None:
        """Take connections again once a pod is there whose server nobody has stopped.

        Nothing else would tell: kwok says at once that a port refuses, but never that a connection was closed.
        """
        while not self._returns.wait(_PAUSE):
            uid = ""
            with contextlib.suppress(OSError):  # the API server may be away
                uid = self._current_uid()
            if uid not in {"", stopped}:
                self._relays.append(_Relay(self._reach, self.port))
                return


class _Relay:
    """A port of 127.0.0.1 whose connections go to wherever `reach` has connected to; OSError closes them."""

    def __init__(self, reach: Callable[[], socket.socket], port: int = 0) -> None:
        self._reach = reach
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.settimeout(_PAUSE)  # on macOS nothing wakes accept()
        self.port = int(self._listener.getsockname()[1])
        self.is_open = True
        self._connections: list[tuple[socket.socket, threading.Thread]] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def refuse(self) -> None:
        """Take no more connections; those that are there go on."""
        self.is_open = False
        _shut(self._listener)
        self._accepting.join()
        self._listener.close()

    def end(self) -> None:
        """End all connections as well, and all threads."""
        self.refuse()
        for near, thread in self._connections:
            _shut(near)
            thread.join()

    def _accept(self) -> None:
        while self.is_open:
            with contextlib.suppress(OSError):  # a timeout, or the end
                near, _ = self._listener.accept()
                near.settimeout(None)
                thread = threading.Thread(target=self._connect, args=(near,))
                self._connections.append((near, thread))
                thread.start()

    def _connect(self, near: socket.socket) -> None:
        with contextlib.closing(near), contextlib.suppress(OSError), contextlib.closing(self._reach()) as far:
            back = threading.Thread(target=_carry, args=(far, near))
            back.start()
            _carry(near, far)
            back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes one way; whatever ends one way ends both."""
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    _shut(source)
    _shut(target)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _make(cache: Cache) -> Server:
    """A server as the image leaves it after its first start."""
    port = free_port()
    server = Server(cache, "listen_addresses=127.0.0.1", f"port={port}", anew=True)
    server.port = port
    try:
        server.start()
        server.database("app")
        with server.admin("app") as admin:
            admin.execute("ALTER ROLE app SUPERUSER")  # as the image's POSTGRES_USER is
            admin.execute("CREATE EXTENSION citus")
    except BaseException:
        server.remove()
        raise
    return server
