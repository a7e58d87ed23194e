"""Up: the cluster proven, Tilt running, every service usable."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from devkit.cluster.memory import state_folder
from devkit.cluster.proof import Ask, Proven, agree, prove
from devkit.cluster.readiness.values import Readiness, State
from devkit.cluster.target import frozen
from devkit.cluster.tilt import Start, Tilt, find_tilt, refuse_foreign, start_tilt, tilt_port
from devkit.cluster.wanted import wanted_objects
from devkit.config import Project
from devkit.errors import DevkitError
from devkit.files import digest
from devkit.images.folder import read_manifests
from devkit.postgres.usable import NotUsableError, wait_usable
from devkit.progress import Board, Progress
from devkit.stack.database import stack_database
from devkit.stack.outcome import Stack, identity
from devkit.stack.revive import Reviver
from devkit.stack.status import shown_tilt
from devkit.stack.wait import wait_ready


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """What is to be brought up, where, and for how long it is waited for."""

    project: Project
    manifests: Path
    context: str
    seconds: float


def up(order: Order, environ: Mapping[str, str], ask: Ask, board: Board) -> Stack:
    """Bring the stack up and wait until it can be used; what is not ready afterwards says why.

    DevkitError when the cluster may not be touched, Tilt does not start, or nobody can look.
    """
    settings = order.project.settings
    wanted = wanted_objects(read_manifests(order.manifests, settings.manifests), settings.namespace)
    deadline = time.monotonic() + order.seconds
    proven = prove(settings, environ, order.context)
    agree(proven, ask)
    tilt = _tilt(order, proven, environ, board)

    def current() -> Tilt | None:
        return find_tilt(tilt.port, environ)

    seen = Reviver(environ).look
    sight = wait_ready(proven, wanted, seconds=_left(deadline), board=board, tilt=current, seen=seen)
    services = sight.services
    if sight.is_ready:
        services = (*services, _usable_database(proven, _left(deadline), board))
    running = current()
    shown = shown_tilt(running) if running is not None else None
    return Stack(identity(prove(settings, environ, order.context)), services, shown, done="up")


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _usable_database(proven: Proven, seconds: float, board: Board) -> Readiness:
    """The verdict about the database, asked itself: a pod may be ready before its Citus is."""
    name = proven.settings.database
    progress = _speaks_of(board, f"database/{name}")
    try:
        with stack_database(proven) as (dsn, _):
            condition = wait_usable(dsn, citus=proven.settings.citus, seconds=max(seconds, 5.0), progress=progress)
    except NotUsableError as error:
        return Readiness("Database", name, State.FAILED, "NotUsable", error.problem, error.cure)
    citus = f", citus {condition.extension}" if condition.extension else ""
    return Readiness("Database", name, State.READY, "Usable", f"PostgreSQL {condition.version}{citus}")


def _speaks_of(board: Board, name: str) -> Progress:
    return lambda text: board([(name, text)])


def _tilt(order: Order, proven: Proven, environ: Mapping[str, str], board: Board) -> Tilt:
    root = order.project.root
    tiltfile = root / "Tiltfile"
    if not tiltfile.is_file():
        raise DevkitError(f"there is no {tiltfile}", "write one, or run ./inv up in the repository that has it")
    port = tilt_port(order.project.settings.tilt_port, environ)
    running = find_tilt(port, environ)
    if running is not None:
        refuse_foreign(running, tiltfile)
        board([("tilt", f"runs already ({running.url})")])
        return running
    folder = state_folder(environ) / "checkouts" / digest([os.fsencode(root)])[:16]
    kubeconfig = _write_frozen(proven, folder)
    start = Start(tiltfile, port, proven.target.context, kubeconfig, folder / "tilt.log")
    started = start_tilt(start, environ, _speaks_of(board, "tilt"))
    board([("tilt", f"runs ({started.url}); its log: {start.log}")])
    return started


def _write_frozen(proven: Proven, folder: Path) -> Path:
    """A kubeconfig of the proven context alone, for Tilt: later changes of the usual one do not lead it elsewhere."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=folder)  # for us alone: it holds credentials
    with os.fdopen(handle, "w") as file:
        json.dump(frozen(proven.target), file)
    return Path(name).replace(folder / "kubeconfig")
