"""What the guard's tests share: something that could be deleted, what devkit asked for meanwhile, another cluster."""

from __future__ import annotations

import contextlib
import http.server
import json
import ssl
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.cluster.stack import Stack
from tests.testbed.cluster import Cluster, Request

READS = {"get", "list"}


def plant(stack: Stack) -> None:
    """Put a ConfigMap into the stack's namespace that ./inv down would delete."""
    namespace, labels = stack.namespace, {"app.kubernetes.io/managed-by": "tilt"}
    stack.cluster.kube.create("/api/v1/namespaces", {"metadata": {"name": namespace}})
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    stack.cluster.kube.create(path, {"metadata": {"name": "planted", "labels": labels}})


def is_planted(stack: Stack) -> bool:
    """Whether it is still there, and nobody has begun to delete it."""
    found = stack.get("/api/v1/…/configmaps/planted")
    return found is not None and "deletionTimestamp" not in found["metadata"]


def marker(stack: Stack) -> Any:  # noqa: ANN401 - JSON
    """devkit's marker for the stack's namespace, or None."""
    return stack.cluster.kube.find(f"/api/v1/namespaces/default/configmaps/devkit-{stack.namespace}")


def share(stack: Stack, *, login: Path | str = "") -> None:
    """Name the cluster, reached as team-bed and by the plugin `login`, in pyproject.toml."""
    entry = {"context": "team-bed", "server": stack.cluster.server, "uid": stack.cluster.uid, "exec": str(login)}
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in entry.items())
    with (stack.checkout.root / "pyproject.toml").open("a") as file:
        file.write(f"\n[[tool.devkit.cluster]]\n{lines}\n")


@contextlib.contextmanager
def asked(cluster: Cluster) -> Iterator[list[Request]]:
    """What devkit asks the API server for while the context lasts; to be looked at afterwards."""
    before = len(cluster.requests())
    found: list[Request] = []
    yield found
    found += (each for each in cluster.requests()[before:] if each.agent == "devkit")


@contextlib.contextmanager
def remade(cluster: Cluster) -> Iterator[str]:
    """While the context lasts, or from when it is entered, the cluster has the UID that this gives."""
    before, other = cluster.uid, str(uuid.uuid4())
    cluster.become_another(other)
    try:
        yield other
    finally:
        cluster.become_another(before)


def verbs(requests: list[Request]) -> set[str]:
    """How devkit asked."""
    return {each.verb for each in requests}


@contextlib.contextmanager
def pretending(cluster: Cluster) -> Iterator[str]:
    """The address of something with the cluster's certificate that answers everything, and is no API server."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cluster.folder / "server.crt", cluster.folder / "server.key")
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        del format, args
