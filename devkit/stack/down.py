"""Down: Tilt stopped, and what it made in the namespace deleted; the namespace and the volumes stay."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus

from devkit.cluster.api import Api, Object
from devkit.cluster.failures import RefusedError
from devkit.cluster.kinds import Kind, namespaced_kinds
from devkit.cluster.proof import Proven, prove
from devkit.cluster.tilt import Tilt, our_tilt, stop_tilt
from devkit.config import Project
from devkit.errors import DevkitError
from devkit.progress import Board, Progress
from devkit.stack.alone import alone
from devkit.words import plural

_MADE_BY_TILT = "app.kubernetes.io/managed-by=tilt"  # the label that Tilt gives what it applies
# Volumes and what happened stay; endpoints go with their Service, from which they have the label.
_NOT_OURS = frozenset({"PersistentVolumeClaim", "Event", "Endpoints", "EndpointSlice"})
_PAUSE = 0.3
_SHOWN = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """An object that goes: the path it is deleted at, and its UID, so that no later one of its name is hit."""

    kind: str
    name: str
    path: str
    uid: str


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What goes and what stays. `unseen`: the kinds that could not be listed, and why."""

    proven: Proven
    tilt: Tilt | None
    items: tuple[Item, ...]
    volumes: tuple[str, ...]
    unseen: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """Whose stack goes, where, and for how long its end is waited for."""

    project: Project
    context: str
    seconds: float


def down(order: Order, environ: Mapping[str, str], confirm: Callable[[str], None], board: Board) -> Plan:
    """Show the plan, have it confirmed, carry it out, wait until all is gone; DevkitError when something stays."""
    settings = order.project.settings
    proven = prove(settings, environ, order.context)
    with alone(proven, environ, "down"):
        tilt = our_tilt(settings.tilt_port, order.project.root / "Tiltfile", proven.target.context, environ)
        unseen: list[str] = []
        plan = Plan(proven, tilt, tuple(_items(proven, unseen.append)), tuple(claimed_volumes(proven)), tuple(unseen))
        if plan.tilt is None and not plan.items:
            return plan
        proven.owned()
        confirm(describe(plan))
        now = proven.owned()
        if plan.tilt is not None:
            stop_tilt(plan.tilt, lambda text: board([("tilt", text)]))
            now = proven.owned()  # that took its time
        for item in plan.items:
            now.api.delete(item.path, item.uid)
        _wait_gone(now, plan.items, order.seconds, board)
        return plan


def describe(plan: Plan) -> str:
    """The plan for people: the cluster, the namespace, what goes, what stays."""
    target = plan.proven.target
    lines = [f"cluster {target.context} at {target.server}, namespace {plan.proven.namespace}:"]
    if plan.tilt is not None:
        lines.append(f"  stops   Tilt (process {plan.tilt.pid}, {plan.tilt.url})")
    lines += [f"  deletes {item.kind} {item.name}" for item in plan.items]
    lines.append(
        f"  keeps   the namespace and {plural(len(plan.volumes), 'volume')}: {', '.join(plan.volumes) or 'none'}"
    )
    lines += [f"  cannot see {each}" for each in plan.unseen]
    return "\n".join(lines)


def _items(proven: Proven, unseen: Progress) -> Iterator[Item]:
    """What Tilt made in the namespace, of whatever kind, but for what another object owns and takes along."""
    for kind in namespaced_kinds(proven.api, proven.namespace):
        for found in _made(proven.api, kind, unseen):
            metadata = found["metadata"]
            if not metadata.get("ownerReferences"):
                yield Item(kind.name, str(metadata["name"]), f"{kind.path}/{metadata['name']}", str(metadata["uid"]))


def _made(api: Api, kind: Kind, unseen: Progress) -> tuple[Object, ...]:
    if kind.name in _NOT_OURS:
        return ()
    try:
        return api.items(kind.path, names_only=True, labelSelector=_MADE_BY_TILT)
    except RefusedError as refused:  # a kind that is not ours to list, or whose own server is down, keeps nothing else
        if refused.code == HTTPStatus.UNAUTHORIZED:
            raise
        unseen(f"{kind.name}: {refused.problem}")
        return ()


def claimed_volumes(proven: Proven) -> Iterator[str]:
    """The volumes that are claimed in the namespace, each with its size."""
    for claim in proven.api.items(f"/api/v1/namespaces/{proven.namespace}/persistentvolumeclaims"):
        size = ((claim.get("status") or {}).get("capacity") or {}).get("storage", "not bound")
        yield f"{claim['metadata']['name']} ({size})"


def _wait_gone(proven: Proven, items: tuple[Item, ...], seconds: float, board: Board) -> None:
    deadline = time.monotonic() + seconds
    while left := [*_left(proven.api, items), *_pods(proven)]:
        more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        still = f"{', '.join(left[:_SHOWN])}{more}"
        board([("deleting", f"still there: {still}")])
        if time.monotonic() >= deadline:
            kind, name = left[0].split()[:2]
            raise DevkitError(
                f"after {seconds:.0f} s still there in {proven.namespace}: {still}",
                f"see what holds it: {proven.kubectl} get {kind.lower()} {name} -o yaml; then ./inv down again",
            )
        time.sleep(_PAUSE)


def _left(api: Api, items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        found = api.find(item.path)  # a refusal is no sign that it is gone
        if found is not None and found["metadata"]["uid"] == item.uid:
            yield _with_finalizers(item.kind, found)


def _pods(proven: Proven) -> Iterator[str]:
    for pod in proven.api.items(f"/api/v1/namespaces/{proven.namespace}/pods", labelSelector=_MADE_BY_TILT):
        yield _with_finalizers("Pod", pod)


def _with_finalizers(kind: str, found: Object) -> str:
    finalizers = found["metadata"].get("finalizers") or ()
    held = f" (held by {', '.join(finalizers)})" if finalizers else ""
    return f"{kind} {found['metadata']['name']}{held}"
