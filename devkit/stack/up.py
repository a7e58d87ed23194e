"""Up: the cluster proven, Tilt running, every service usable."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from devkit.cluster.memory import checkout_folder, unwritable
from devkit.cluster.proof import Ask, Proven, agree, prove
from devkit.cluster.readiness.values import Readiness, State, Wanted
from devkit.cluster.target import frozen
from devkit.cluster.tilt import Start, Tilt, find_tilt, refuse_foreign, start_tilt, stop_tilt, tilt_port
from devkit.cluster.wanted import wanted_objects
from devkit.config import Project
from devkit.errors import DevkitError
from devkit.postgres.usable import NotUsableError
from devkit.progress import Board, Progress
from devkit.stack.alone import alone
from devkit.stack.look import Sight
from devkit.stack.objects import stack_objects
from devkit.stack.outcome import Stack, identity
from devkit.stack.renewal import forget_renewals, renew, renewal_file
from devkit.stack.revive import Reviver
from devkit.stack.status import shown_tilt
from devkit.stack.usable import usable_database
from devkit.stack.version import Versions, versions_of
from devkit.stack.wait import wait_ready

Phase = Callable[[str], contextlib.AbstractContextManager[None]]

_HALF = "kubeconfig-"  # written half; a second start at the same moment fails over it, as it would over Tilt's port
_DATABASE_SECONDS = 5.0  # at least, when the services took all the time


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
    stack_objects(order.project, order.manifests)  # what is wrong there is said before anything else
    proven = prove(order.project.settings, environ, order.context)
    agree(proven, ask)
    with alone(proven, environ, "up"):
        return bring_up(order, proven, environ, board, lambda _name: contextlib.nullcontext())


def bring_up(order: Order, proven: Proven, environ: Mapping[str, str], board: Board, phase: Phase) -> Stack:
    """`up` in a cluster that is agreed to; `phase` goes around each part of it: tilt, services, database."""
    wanted = wanted_objects(stack_objects(order.project, order.manifests))
    deadline = time.monotonic() + order.seconds
    with contextlib.ExitStack() as running:
        with phase("tilt"):
            tilt = running.enter_context(_tilt(order, proven, environ, board))
        return _usable(order, proven, wanted, deadline, port=tilt.port, board=board, phase=phase)


def _usable(
    order: Order,
    proven: Proven,
    wanted: tuple[Wanted, ...],
    deadline: float,
    *,
    port: int,
    board: Board,
    phase: Phase,
) -> Stack:
    environ = proven.environ

    def tilt() -> Tilt | None:
        return find_tilt(port, environ)

    reviver = Reviver(partial(renew, renewal_file(order.project.root, environ)))
    with phase("services"):
        left = _left(deadline)
        sight = wait_ready(
            proven, wanted, seconds=left, board=board, tilt=tilt, seen=reviver.look, versions=partial(_versions, order)
        )
    services = sight.services
    if sight.is_ready or _lacks_only(sight, proven.settings.database_service):
        with phase("database"):
            services = (*services, _database(proven, _left(deadline), board))
    running = tilt()
    shown = shown_tilt(running) if running is not None else None
    now = prove(proven.settings, environ, proven.target.context)  # with the marker that was set meanwhile
    return Stack(identity(now), services, shown, done="up")


def _versions(order: Order) -> Versions | None:
    """Those of the files as they are now; None while somebody edits them into something that Tilt will not apply."""
    try:
        return versions_of(stack_objects(order.project, order.manifests))
    except DevkitError:
        return None


def _lacks_only(sight: Sight, name: str) -> bool:
    """Whether nothing but `name` is not ready: a probe says that the database is not usable, the database says why."""
    return {each.name for each in sight.verdicts if each.state is not State.READY} == {name}


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _database(proven: Proven, seconds: float, board: Board) -> Readiness:
    """The verdict about the database, asked itself: a pod may be ready before its Citus is."""
    name = proven.settings.database
    progress = _speaks_of(board, f"database/{name}")
    try:
        with usable_database(proven, max(seconds, _DATABASE_SECONDS), progress) as usable:
            condition = usable.condition
    except NotUsableError as error:
        return Readiness("Database", name, State.FAILED, "NotUsable", error.problem, error.cure)
    citus = f", citus {condition.extension}" if condition.extension else ""
    return Readiness("Database", name, State.READY, "Usable", f"PostgreSQL {condition.version}{citus}")


def _speaks_of(board: Board, name: str) -> Progress:
    return lambda text: board([(name, text)])


@contextlib.contextmanager
def _tilt(order: Order, proven: Proven, environ: Mapping[str, str], board: Board) -> Iterator[Tilt]:
    """The Tilt of this checkout, which goes on afterwards; one started here is stopped when we are interrupted."""
    root = order.project.root
    tiltfile = root / "Tiltfile"
    if not tiltfile.is_file():
        raise DevkitError(f"there is no {tiltfile}", "write one, or run ./inv up in the repository that has it")
    port = tilt_port(order.project.settings.tilt_port, environ)
    running = find_tilt(port, environ)
    if running is not None:
        refuse_foreign(running, tiltfile, proven.target.context)
        board([("tilt", f"runs already ({running.url})")])
        yield running
        return
    folder = checkout_folder(root, environ)
    forget_renewals(renewal_file(root, environ))
    start = Start(tiltfile, port, proven.target.context, _write_frozen(proven, folder), folder / "tilt.log")
    started = start_tilt(start, environ, _speaks_of(board, "tilt"))
    refuse_foreign(started, tiltfile, proven.target.context)
    board([("tilt", f"runs ({started.url}); its log: {start.log}")])
    try:
        yield started
    except KeyboardInterrupt:
        stop_tilt(started, _speaks_of(board, "tilt"))
        raise


def _write_frozen(proven: Proven, folder: Path) -> Path:
    """A kubeconfig of the proven context alone, for Tilt: later changes of the usual one do not lead it elsewhere."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.glob(f"{_HALF}*"):  # of a run that was killed
            old.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=_HALF)  # for us alone: it holds credentials
        with os.fdopen(handle, "w") as file:
            json.dump(frozen(proven.target, proven.namespace), file)
        return Path(name).replace(folder / "kubeconfig")
    except OSError as error:
        raise unwritable(folder, error) from error
