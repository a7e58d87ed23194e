"""Tilt: whether one runs for this checkout, what it says of its resources, starting it and stopping it.

Looked at through Tilt's own API server, whose address and token stand in its kubeconfig (~/.tilt-dev/config): no
process is started for a look. `tilt` itself is called to start, and to ask for an update.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from devkit.cluster.api import Api, Object
from devkit.cluster.kubeconfig import read_target
from devkit.errors import DevkitError
from devkit.process import Child, run, start
from devkit.progress import Progress

DEFAULT_PORT = 10350
_API = "/apis/tilt.dev/v1alpha1"
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_EARLIER_SECONDS = 10.0  # for a Tilt that was begun by another run to answer
_PAUSE = 0.1


@dataclasses.dataclass(frozen=True, slots=True)
class Resource:
    """A resource as Tilt sees it: its update and its run status, the objects it has.

    The status words are Tilt's own: ok, pending, in_progress, error, not_applicable, none. `error` is that of its
    newest update, which ended at `updated` ("": there was none). `links` are the addresses of its local ports.
    A command has no objects; others have none before they were applied for the first time.
    """

    name: str
    update: str
    runtime: str
    error: str
    objects: tuple[str, ...]
    is_enabled: bool
    updated: str
    links: tuple[str, ...] = ()
    is_command: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Tilt:
    """A running Tilt: its process, the Tiltfile that it follows, its port, the context it applies to ("": none yet)."""

    pid: int
    tiltfile: Path
    port: int
    context: str
    resources: tuple[Resource, ...]

    @property
    def url(self) -> str:
        """The page for people."""
        return f"http://localhost:{self.port}"


def tilt_port(configured: int, environ: Mapping[str, str]) -> int:
    """The port of this checkout's Tilt: TILT_PORT, as Tilt itself has it, or the configured one."""
    named = environ.get("TILT_PORT", "")
    if named and not named.isdecimal():
        raise DevkitError(f"TILT_PORT={named} is no port", "write a number, for example: TILT_PORT=10351 ./inv up")
    return int(named or configured)


def find_tilt(port: int, environ: Mapping[str, str]) -> Tilt | None:
    """The Tilt on `port` of this machine, whosever it is, or None."""
    file = _config_file(environ)
    context = "tilt-default" if port == DEFAULT_PORT else f"tilt-{port}"
    if not file.is_file():
        return None
    try:
        target = read_target({"KUBECONFIG": str(file)}, context)
        if target.exec_command:
            return None  # no Tilt wrote that: its own server takes a token
        with contextlib.closing(Api(target)) as api:
            session = api.get(f"{_API}/sessions/Tiltfile")
            resources = api.items(f"{_API}/uiresources")
            cluster = api.find(f"{_API}/clusters/default") or {}
    except DevkitError:
        return None  # a crash leaves its entry behind (tilt-dev/tilt#6252)
    pid = int(session.get("status", {}).get("pid") or 0)
    path = Path(str(session.get("spec", {}).get("tiltfilePath", "")))
    connection = (cluster.get("status") or {}).get("connection") or {}
    context = str((connection.get("kubernetes") or {}).get("context", ""))
    return Tilt(pid, path, port, context, tuple(_resource(each) for each in resources))


def our_tilt(configured_port: int, tiltfile: Path, context: str, environ: Mapping[str, str]) -> Tilt | None:
    """The Tilt that applies `tiltfile` to `context`, or None."""
    found = find_tilt(tilt_port(configured_port, environ), environ)
    is_ours = found is not None and _follows(found, tiltfile) and found.context in {"", context}
    return found if is_ours else None


def _follows(tilt: Tilt, tiltfile: Path) -> bool:
    return tilt.tiltfile.resolve() == tiltfile.resolve()


def refuse_foreign(tilt: Tilt, tiltfile: Path, context: str) -> None:
    """DevkitError when `tilt` follows another checkout's Tiltfile, or applies it to another context."""
    if not _follows(tilt, tiltfile):
        raise DevkitError(
            f"the Tilt on port {tilt.port} (process {tilt.pid}) follows {tilt.tiltfile}, not {tiltfile}",
            f"stop that one (./inv down there), or use another port here: TILT_PORT={tilt.port + 1} ./inv up",
        )
    if tilt.context not in {"", context}:
        raise DevkitError(
            f"the Tilt on port {tilt.port} (process {tilt.pid}) applies this Tiltfile to context {tilt.context}, "
            f"not to {context}",
            f"stop it (kill {tilt.pid}), or say that you mean its context: --context {tilt.context}",
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """How Tilt is to be started."""

    tiltfile: Path
    port: int
    context: str
    kubeconfig: Path
    log: Path


def start_tilt(order: Start, environ: Mapping[str, str], progress: Progress) -> Tilt:
    """Start a Tilt that outlives us, and wait until it answers; DevkitError with its own words when it does not.

    Where another one has the port, it is that: a run that was killed a moment ago had begun to start it.
    """
    program = shutil.which("tilt", path=environ.get("PATH"))
    if program is None:
        raise DevkitError(
            "tilt is not on PATH",
            "install it (macOS and Linux): brew install tilt; then run the same command again",
        )
    order.log.parent.mkdir(parents=True, exist_ok=True)
    words = ("up", "--stream", "--port", str(order.port), "--context", order.context, "-f", order.tiltfile)
    env = {
        **environ,
        "KUBECONFIG": str(order.kubeconfig),
        "DEVKIT_CONTEXT": order.context,  # proven: the Tiltfile need not have it proven again
        "DEVKIT_PYTHON": sys.executable,  # what Tilt runs of ours, whatever PATH says
    }
    with order.log.open("wb") as log:
        child = start([program, *words], stdout=log.fileno(), env=env, cwd=order.tiltfile.parent)
    try:
        found = _answering(child, order.port, environ, progress) or _earlier(order, environ, progress)
        if found is None:
            raise _not_started(order)
        return found
    except BaseException:
        child.terminate()
        raise


def _answering(child: Child, port: int, environ: Mapping[str, str], progress: Progress) -> Tilt | None:
    """The Tilt that `child` is, once it answers; None when it ends, or does not answer in time."""
    deadline = time.monotonic() + _START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        found = find_tilt(port, environ)
        if found is not None and found.pid == child.pid:
            return found
        progress("starting Tilt")
        time.sleep(_PAUSE)
    return None


def _earlier(order: Start, environ: Mapping[str, str], progress: Progress) -> Tilt | None:
    """The Tilt that has the port, once it answers; None when it is no Tilt, or the port was free."""
    deadline = time.monotonic() + _EARLIER_SECONDS
    found = None
    while found is None and _is_taken(_said(order)) and time.monotonic() < deadline:
        progress("waiting for the Tilt that has the port")
        time.sleep(_PAUSE)
        found = find_tilt(order.port, environ)
    return found


def _said(order: Start) -> str:
    """Why Tilt ended, in its own words."""
    lines = [line for line in order.log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("Error")), lines[-1] if lines else "it said nothing").strip()


def _is_taken(said: str) -> bool:
    return "already have another process" in said or "address already in use" in said


def _not_started(order: Start) -> DevkitError:
    said = _said(order)
    another = f"use another port: TILT_PORT={order.port + 1} ./inv up"
    return DevkitError(
        f"Tilt did not start: {said}", another if _is_taken(said) else f"mend that; all it said: {order.log}"
    )


def trigger(tilt: Tilt, resource: str, environ: Mapping[str, str]) -> bool:
    """Have `resource`, a command, run anew, and whether Tilt heard it: of objects it would delete all first."""
    program = shutil.which("tilt", path=environ.get("PATH"))
    if program is None:
        return False
    return run([program, "trigger", "--port", str(tilt.port), resource], env=environ).code == 0


def stop_tilt(tilt: Tilt, progress: Progress) -> None:
    """Stop `tilt` as Ctrl-C would, and wait for its end; DevkitError when it stays."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(tilt.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while _is_alive(tilt.pid):
        if time.monotonic() > deadline:
            raise DevkitError(f"Tilt (process {tilt.pid}) does not stop", f"end it: kill -9 {tilt.pid}")
        progress("stopping Tilt")
        time.sleep(_PAUSE)


def _is_alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # one that this very process started would stay as a zombie
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _config_file(environ: Mapping[str, str]) -> Path:
    """Where Tilt keeps the addresses of its servers (tilt: internal/cli/client, pkg/assets dirs)."""
    named = environ.get("TILT_CONFIG")
    if named:
        return Path(named)
    home = Path(environ.get("HOME") or Path.home())
    folder = environ.get("TILT_DEV_DIR")
    if folder:
        return Path(folder) / "config"
    old = home / ".windmill"
    return (old if old.is_dir() else home / ".tilt-dev") / "config"


def _resource(found: Object) -> Resource:
    status = found.get("status") or {}
    history: Sequence[Object] = status.get("buildHistory") or ({},)
    names = (status.get("k8sResourceInfo") or {}).get("displayNames") or ()
    return Resource(
        str(found["metadata"]["name"]),
        str(status.get("updateStatus", "")),
        str(status.get("runtimeStatus", "")),
        str(history[0].get("error", "")),
        tuple(map(str, names)),
        (status.get("disableStatus") or {}).get("state") != "Disabled",
        str(history[0].get("finishTime") or ""),
        tuple(str(each["url"]) for each in status.get("endpointLinks") or () if each.get("url")),
        "localResourceInfo" in status,
    )
