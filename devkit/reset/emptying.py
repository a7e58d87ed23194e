"""The namespace deleted: what runs in it first, then its volumes, then itself; each by its UID, and waited for.

In this order because it is faster: the namespace controller looks again only after half of what it takes pods and
finalizers to need, 8 s and more (kubernetes pkg/controller/namespace: ResourcesRemainingError, estimate/2+1).
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import datetime
import time
from collections.abc import Iterator
from http import HTTPStatus

from devkit.cluster.api import Object
from devkit.cluster.failures import RefusedError
from devkit.cluster.kinds import Kind
from devkit.cluster.proof import Proven
from devkit.progress import Board
from devkit.reset.diagnosis import Seen, diagnose, progress_lines, recreated
from devkit.reset.leftovers import Leftover
from devkit.reset.plan import Plan

_RUNNING = ("StatefulSet", "Deployment", "DaemonSet", "CronJob", "Job", "ReplicaSet", "ReplicationController", "Pod")
_VOLUME = "PersistentVolumeClaim"
_HEAD_START_SECONDS = 40.0  # pods have 30 to end; what holds them longer is for the namespace's own wait to tell
_VOLUME_SECONDS = 10.0
_PAUSE = 0.3
_FULL_LOOK_SECONDS = 2.0
_AT_ONCE = 6
_API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"


def empty(plan: Plan, seconds: float, board: Board) -> None:
    """Delete the namespace of `plan` and wait until it is gone; nothing to do when it is not there.

    DevkitError when it is not gone after `seconds`, saying what holds it; when the cluster, or the namespace, is
    another one by now. Finalizers are waited for, never taken away.
    """
    if not plan.uid:
        return
    deadline = time.monotonic() + seconds
    now = plan.proven.owned()
    head = min(deadline, time.monotonic() + _HEAD_START_SECONDS)
    _delete_all(now, plan, _RUNNING)
    _wait_for(now, plan, "Pod", head, board)
    _delete_all(now, plan, (_VOLUME,))
    _wait_for(now, plan, _VOLUME, min(deadline, time.monotonic() + _VOLUME_SECONDS), board)
    now = now.owned()  # pods took their time
    try:
        now.api.delete(f"/api/v1/namespaces/{now.namespace}", plan.uid)
    except RefusedError as refused:
        if refused.code != HTTPStatus.CONFLICT:  # another UID, or it is going already
            raise
    _wait_gone(now, plan, deadline, seconds, board)


def _delete_all(proven: Proven, plan: Plan, names: tuple[str, ...]) -> None:
    """Ask for the deletion of all objects of these kinds but those that another one owns and takes along.

    Never in a namespace that somebody has made anew since it was planned: what is in that one is not ours to delete.
    """
    there = proven.api.find(f"/api/v1/namespaces/{proven.namespace}")
    if there is not None and str(there["metadata"]["uid"]) != plan.uid:
        raise recreated(proven.namespace, plan.uid, str(there["metadata"]["uid"]), proven.kubectl)
    for kind in (kind for kind in plan.kinds if kind.name in names):
        # what may not go by itself goes with the namespace, or is told of there
        with contextlib.suppress(RefusedError):
            for found in proven.api.items(kind.path, names_only=True):
                metadata = found["metadata"]
                if not metadata.get("ownerReferences"):
                    proven.api.delete(f"{kind.path}/{metadata['name']}", str(metadata["uid"]))


def _wait_for(proven: Proven, plan: Plan, name: str, deadline: float, board: Board) -> None:
    """Wait until no object of a kind is left, or until `deadline`."""
    for kind in (kind for kind in plan.kinds if kind.name == name):
        while left := _left(proven, kind):
            names = ", ".join(each.name for each in left)
            board([("deleting", f"{kind.resource} that are still there: {names}")])
            if time.monotonic() >= deadline:
                return
            time.sleep(_PAUSE)


def _wait_gone(proven: Proven, plan: Plan, deadline: float, seconds: float, board: Board) -> None:
    looked = -_FULL_LOOK_SECONDS
    while (found := proven.api.find(f"/api/v1/namespaces/{proven.namespace}")) is not None:
        uid = str(found["metadata"]["uid"])
        if uid != plan.uid:
            raise recreated(proven.namespace, plan.uid, uid, proven.kubectl)
        is_late = time.monotonic() >= deadline
        if is_late or time.monotonic() - looked >= _FULL_LOOK_SECONDS:
            seen = _look(proven, plan, found)
            if is_late:
                raise diagnose(seen, proven.kubectl, seconds, proven.target.context)
            board(progress_lines(seen, datetime.datetime.now(datetime.UTC)))
            looked = time.monotonic()
        time.sleep(_PAUSE)


def _look(proven: Proven, plan: Plan, namespace: Object) -> Seen:
    """Everything that explains why the namespace is still there."""
    unseen = list(plan.unseen)

    def listed(path: str) -> tuple[Object, ...]:
        try:
            return proven.api.items(path)
        except RefusedError as refused:
            unseen.append(refused.problem)
            return ()

    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        services = pool.submit(listed, _API_SERVICES)
        events = pool.submit(listed, f"/api/v1/namespaces/{proven.namespace}/events")
        kinds = [kind for kind in plan.kinds if kind.name != "Event"]
        left = [each for found in pool.map(lambda kind: _left(proven, kind), kinds) for each in found]
    return Seen(namespace, tuple(left), services.result(), events.result(), tuple(unseen))


def _left(proven: Proven, kind: Kind) -> tuple[Leftover, ...]:
    try:
        return tuple(_leftovers(kind, proven.api.items(kind.path, names_only=True)))
    except RefusedError:
        return ()  # the plan has named the kinds that cannot be seen


def _leftovers(kind: Kind, found: tuple[Object, ...]) -> Iterator[Leftover]:
    for each in found:
        metadata = each["metadata"]
        finalizers = tuple(map(str, metadata.get("finalizers") or ()))
        since = str(metadata.get("deletionTimestamp") or "")
        yield Leftover(kind.name, str(metadata["name"]), finalizers, since, kind.resource)
