"""The real machine behind the doors of a Host. As thin as can be: what is found here is judged elsewhere."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import platform
import shutil
import socket
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from devkit.cluster.failures import RefusedError, UnreachableError
from devkit.cluster.kubeconfig import read_target
from devkit.cluster.products import recognise
from devkit.cluster.proof import Proven, prove
from devkit.cluster.target import Target
from devkit.cluster.tilt import find_tilt, tilt_port
from devkit.config import Project
from devkit.doctor.examine import LIMIT
from devkit.doctor.host import Host, manager_of
from devkit.doctor.place import Cluster, Hindrance
from devkit.errors import DevkitError
from devkit.images.folder import Manifest, read_manifests
from devkit.process import Answer, ask

_T = TypeVar("_T")
_SHARE = 0.75  # of a check's time is a program's to answer in: then the check can still say which it was
_LONGEST = 4 * 1024 * 1024  # of an answer: a repository with many files lists them
_CONNECT_SECONDS = 0.2
_NO_CLUSTER = "make a local cluster"  # how the cure begins where no kubeconfig leads anywhere


def this_machine(
    project: Project,
    environ: Mapping[str, str],
    called_off: threading.Event,
    limit: float = LIMIT,
    context: str = "",
) -> Host:
    """The machine that we run on, and the cluster of `context` (the current one when empty).

    Programs are dropped when `called_off` is set, or `limit` seconds are nearly over.
    """
    doors = Machine(project, environ, called_off, limit * _SHARE, context)
    system = platform.system()
    manager = manager_of(system, doors.read("/etc/os-release"), has_brew=_which("brew", environ) is not None)
    return Host(system, platform.machine(), manager, platform.python_version(), project, environ, doors, time.time)


class Machine:
    """The doors. Each question is asked once, however many checks have it."""

    def __init__(
        self,
        project: Project,
        environ: Mapping[str, str],
        called_off: threading.Event,
        seconds: float,
        context: str = "",
    ) -> None:
        self._project = project
        self._environ = environ
        self._called_off = called_off
        self._seconds = seconds
        self._context = context
        self._lock = threading.Lock()
        self._known: dict[Hashable, concurrent.futures.Future[Any]] = {}

    def run(self, argv: tuple[str, ...]) -> Answer | None:
        """What a program says; None when it is not on PATH."""
        return self._once(argv, lambda: self._run(argv))

    def read(self, path: str) -> str | None:
        """A file's text."""
        try:
            return Path(path).expanduser().read_bytes().decode("utf-8", "replace")
        except (OSError, ValueError, RuntimeError):
            return None

    def exists(self, path: str) -> bool:
        """Whether something has this name."""
        return os.path.lexists(path)

    def free(self, path: str) -> int | None:
        """The bytes that are free where `path` lies, or would."""
        for folder in (Path(path), *Path(path).parents):
            with contextlib.suppress(OSError):
                return shutil.disk_usage(folder).free
        return None

    def is_taken(self, port: int) -> bool:
        """Whether another program listens on this port of 127.0.0.1, or on all addresses."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            client.settimeout(_CONNECT_SECONDS)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return True
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Tilt does
            try:
                server.bind(("127.0.0.1", port))
            except OSError:
                return True
        return False

    def tilt_is_ours(self) -> bool:
        """Whether the Tilt of this checkout runs."""
        try:
            found = find_tilt(tilt_port(self._project.settings.tilt_port, self._environ), self._environ)
        except DevkitError:
            return False
        return found is not None and found.tiltfile.resolve() == (self._project.root / "Tiltfile").resolve()

    def manifests(self) -> tuple[Manifest, ...]:
        """The manifests of the stack; DevkitError when they cannot be read."""
        folder = self._project.settings.manifests
        return self._once("manifests", lambda: read_manifests(self._project.root / folder, folder))

    def cluster(self) -> Cluster:
        """The cluster that is meant, as far as the guard lets us look."""
        return self._once("cluster", lambda: look_cluster(self._project, self._environ, self._context))

    def _run(self, argv: tuple[str, ...]) -> Answer | None:
        program = _which(argv[0], self._environ)
        if program is None:
            return None
        env = {**self._environ, "LC_ALL": "C", "NO_COLOR": "1"}
        try:
            return ask(
                (program, *argv[1:]), env=env, seconds=self._seconds, longest=_LONGEST, called_off=self._called_off
            )
        except OSError as error:  # no program after all: another processor's, or a script without its interpreter
            return Answer(126, "", f"{argv[0]} cannot be started: {error.strerror}")

    def _once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        with self._lock:
            known = self._known.get(key)
            future = self._known.setdefault(key, concurrent.futures.Future())
        if known is None:
            try:
                future.set_result(make())
            except BaseException as error:
                future.set_exception(error)
                raise
        found: _T = future.result()
        return found


def look_cluster(project: Project, environ: Mapping[str, str], context: str = "") -> Cluster:
    """The cluster that `context` leads to, or the current one; nothing is sent before the guard's signs agree."""
    try:
        target = read_target(environ, context)
    except DevkitError as error:
        why = Hindrance.NO_KUBECONFIG if error.cure.startswith(_NO_CLUSTER) else Hindrance.KUBECONFIG
        return Cluster(hindrance=why, problem=error.problem, cure=error.cure)
    try:
        return _proven(prove(project.settings, environ, target.context))
    except UnreachableError as error:
        return _hindered(target, Hindrance.SILENT, error)
    except RefusedError as error:
        return _hindered(target, Hindrance.FORBIDDEN, error)
    except DevkitError as error:
        return _hindered(target, Hindrance.REFUSED, error)


def _proven(proven: Proven) -> Cluster:
    nodes, target = proven.evidence.nodes, proven.target
    local = recognise(nodes)
    return Cluster(
        target.context,
        target.server,
        str(target.file),
        version=str(proven.api.get("/version").get("gitVersion", "")),
        product=local.product.name if local else "",
        platform=nodes[0].labels.get("kubernetes.io/arch", "") if nodes else "",
        provider_id=nodes[0].provider_id if nodes else "",
    )


def _hindered(target: Target, why: Hindrance, error: DevkitError) -> Cluster:
    return Cluster(target.context, target.server, str(target.file), why, error.problem, error.cure)


def _which(program: str, environ: Mapping[str, str]) -> str | None:
    return shutil.which(program, path=environ.get("PATH", ""))
