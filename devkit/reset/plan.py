"""What a reset would delete: read, shown, and tried with the API server, before anything goes."""

from __future__ import annotations

import concurrent.futures
import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

from devkit.cluster.failures import RefusedError
from devkit.cluster.kinds import Kind, namespaced_kinds
from devkit.cluster.proof import Proven
from devkit.cluster.tilt import Tilt, find_tilt, refuse_foreign, tilt_port
from devkit.errors import DevkitError
from devkit.stack.down import claimed_volumes
from devkit.words import plural

INSIDE_TILT = "DEVKIT_INSIDE_TILT"  # set by the Tiltfile for what Tilt itself runs
_AT_ONCE = 6
# Made by Kubernetes itself in every namespace, or beside what people make: they go too, and nobody misses them.
_NOISE = frozenset({"Event", "Endpoints", "EndpointSlice", "ControllerRevision", "ReplicaSet", "ServiceAccount"})
_ROOT_CERTIFICATE = "kube-root-ca.crt"


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """The namespace as it is: its UID ("" when there is none), what is in it, and the Tilt that fills it.

    `is_inside`: that Tilt runs us, and would end us with itself. `unseen`: kinds that cannot be listed, and why.
    """

    proven: Proven
    tilt: Tilt | None
    is_inside: bool
    uid: str
    contents: tuple[tuple[str, int], ...]
    volumes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    unseen: tuple[str, ...]


def make_plan(proven: Proven, tiltfile: Path, environ: Mapping[str, str]) -> Plan:
    """Look at what is there; DevkitError when the namespace may not be deleted, or another Tilt fills it."""
    tilt = find_tilt(tilt_port(proven.settings.tilt_port, environ), environ)
    if tilt is not None:
        refuse_foreign(tilt, tiltfile, proven.target.context)
    is_inside = tilt is not None and bool(environ.get(INSIDE_TILT))
    found = proven.api.find(f"/api/v1/namespaces/{proven.namespace}")
    if found is None:
        return Plan(proven, tilt, is_inside, "", (), (), (), ())
    uid = str(found["metadata"]["uid"])
    kinds = tuple(namespaced_kinds(proven.api, proven.namespace))
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        counted = tuple(pool.map(lambda kind: _count(proven, kind), kinds))
    contents = Counter(
        {kind.name: number for kind, number in zip(kinds, counted, strict=True) if isinstance(number, int)}
    )
    unseen = tuple(why for why in counted if isinstance(why, str))
    _try(proven, uid)
    return Plan(
        proven, tilt, is_inside, uid, tuple(sorted(contents.items())), tuple(claimed_volumes(proven)), kinds, unseen
    )


def describe(plan: Plan) -> str:
    """The plan for people: the cluster, the namespace, what goes, and what comes instead."""
    return "\n".join(_lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    target, namespace = plan.proven.target, plan.proven.namespace
    yield f"cluster {target.context} at {target.server}, namespace {namespace}:"
    if plan.tilt is not None:
        what = "keeps   " if plan.is_inside else "stops   "
        yield f"  {what}Tilt (process {plan.tilt.pid}, {plan.tilt.url})"
    if plan.uid:
        shown = ", ".join(plural(number, kind) for kind, number in plan.contents if number and kind not in _NOISE)
        yield f"  deletes namespace {namespace} with all in it: {shown or 'it is empty'}"
        volumes = f": {', '.join(plan.volumes)}" if plan.volumes else ""
        yield f"  deletes {plural(len(plan.volumes), 'volume')} with what is on them{volumes}"
    else:
        yield f"  there is no namespace {namespace}: nothing to delete"
    yield from (f"  cannot see {each}" for each in plan.unseen)
    yield "  then    Tilt, services, migrations, seed, verify"


def _count(proven: Proven, kind: Kind) -> int | str:
    try:
        found = proven.api.items(kind.path, names_only=True)
    except RefusedError as refused:  # an API whose own server is down, or a kind that is not ours to list
        if refused.code == HTTPStatus.UNAUTHORIZED:
            raise
        return f"{kind.name}: {refused.problem}"
    return len([each for each in found if each["metadata"]["name"] != _ROOT_CERTIFICATE])


def _try(proven: Proven, uid: str) -> None:
    """DevkitError when the API server would not let us delete the namespace: before anything in it is touched."""
    try:
        proven.api.delete(f"/api/v1/namespaces/{proven.namespace}", uid, is_tried=True)
    except RefusedError as refused:
        if refused.code == HTTPStatus.FORBIDDEN:
            raise DevkitError(
                f"namespace {proven.namespace} may not be deleted, so nothing was: {refused.problem}",
                f"ask for the right; this tells when you have it: {proven.kubectl} auth can-i delete "
                f"namespaces/{proven.namespace}\n  or empty it, volumes kept: ./inv down, then ./inv up",
            ) from None
        if refused.code != HTTPStatus.CONFLICT:  # it is going already
            raise
