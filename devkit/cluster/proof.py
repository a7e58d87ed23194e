"""Proof that a cluster is local, or explicitly allowed: asked before anything is read, and again before a write."""

from __future__ import annotations

import dataclasses
import platform
import shlex
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path

from devkit.cluster.api import Api, Object
from devkit.cluster.evidence import Evidence, Marker, Node
from devkit.cluster.failures import RefusedError
from devkit.cluster.guard import Refusal, refusal_before, refusal_looked, refusal_owned
from devkit.cluster.kubeconfig import read_target
from devkit.cluster.memory import remember, remembered
from devkit.cluster.policy import Policy, SharedCluster
from devkit.cluster.target import Target
from devkit.config import Settings
from devkit.errors import DevkitError

_KUBE_SYSTEM = "/api/v1/namespaces/kube-system"
_MARKERS = "/api/v1/namespaces/default/configmaps"

# Shows a plan and the word to type; raises DevkitError unless the person types it (or, with may_skip, said --yes).
Ask = Callable[[str, str, bool], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Proven:
    """A target that every sign for reading agrees on, and what it says of itself."""

    api: Api
    settings: Settings
    evidence: Evidence
    environ: Mapping[str, str] = dataclasses.field(repr=False)

    @property
    def target(self) -> Target:
        """The pinned context."""
        return self.api.target

    @property
    def namespace(self) -> str:
        """The one namespace that devkit may change."""
        return self.settings.namespace

    @property
    def kubectl(self) -> str:
        """How a person looks at the same place."""
        return f"kubectl --context {shlex.quote(self.target.context)} -n {self.namespace}"

    def owned(self) -> Proven:
        """Look once more and hold every sign against it, those of writing too; DevkitError when one disagrees.

        Called right before each delete: the kubeconfig may have been changed since, the cluster made anew.
        """
        now = self.again("nothing was deleted")
        _refuse(refusal_owned(now.target, now.evidence, _policy(now.target, self.settings, self.environ)))
        return now

    def again(self, so_far: str) -> Proven:
        """Look once more: a person may have taken hours to answer. DevkitError, with `so_far`, when it is another."""
        context = self.target.context
        now = prove(self.settings, self.environ, context)
        if now.target.server != self.target.server:
            what = f"context {context} points to {now.target.server} now, not to {self.target.server} as before"
        elif now.evidence.uid != self.evidence.uid:
            uids = f"{now.evidence.uid}, not {self.evidence.uid} as before"
            what = f"context {context} leads to another cluster now: its UID is {uids}"
        else:
            return now
        raise DevkitError(f"{what}: {so_far}", "run the same command again, to see what it would do there")


def prove(settings: Settings, environ: Mapping[str, str], context: str = "") -> Proven:
    """The cluster of `context` (the current one when empty), when every sign says that reading it is fine.

    DevkitError names the sign that decided, and how to allow the cluster properly. Before the names and the address
    have been judged nothing is sent, and no credential plugin is run; until all are, requests are reads.
    """
    target = read_target(environ, context)
    policy = _policy(target, settings, environ)
    _refuse(refusal_before(target, policy))
    api = Api(target)
    evidence = _evidence(api, settings.namespace)
    _refuse(refusal_looked(target, evidence, policy))
    return Proven(api, settings, evidence, environ)


def refuse_name(settings: Settings, environ: Mapping[str, str], context: str) -> None:
    """DevkitError when a cluster that is yet to be made here may not have the context `context`."""
    target = Target(context, context, context, "https://127.0.0.1:6443", Path(), {}, {})
    _refuse(refusal_before(target, _policy(target, settings, environ)))


def agree(proven: Proven, ask: Ask) -> None:
    """Make the cluster one that devkit may change: ask once, then remember its UID here and mark it there.

    Nothing is asked when both are so already. A UID that is not the remembered one is never taken for granted.
    """
    if is_agreed(proven):
        return
    target, uid = proven.target, proven.evidence.uid
    wanted = Marker(uid, proven.namespace)
    why = _doubt(proven, remembered(target.context, proven.environ), wanted)
    ask(_plan(proven, why), proven.namespace, not why)
    now = proven.again("nothing was changed")
    remember(target.context, uid, proven.environ)  # first: a marker alone would be another's word
    if now.evidence.marker != wanted:
        _mark(now, wanted)


def is_agreed(proven: Proven) -> bool:
    """Whether this machine's user has agreed to this very cluster and namespace, and the cluster says so too."""
    uid = proven.evidence.uid
    known = remembered(proven.target.context, proven.environ)
    return known == uid and proven.evidence.marker == Marker(uid, proven.namespace)


def _doubt(proven: Proven, known: str | None, wanted: Marker) -> str:
    """Why only a person can say that this is the cluster that is meant; "" when nothing was agreed to before."""
    context, marker = proven.target.context, proven.evidence.marker
    if known not in {None, proven.evidence.uid}:
        return f"This is not the cluster that context {context} was before: it has another UID."
    if marker not in {None, wanted}:
        return f"devkit's marker in the cluster of context {context} is not this one's: it was copied, or changed."
    return ""


def _plan(proven: Proven, why: str) -> str:
    target = proven.target
    return (
        f"{why or f'devkit has not used context {target.context} yet.'}\n"
        f"  cluster {target.context} at {target.server} (UID {proven.evidence.uid}), from {target.file}\n"
        f"  namespace {proven.namespace} there will be devkit's: ./inv up fills it, and ./inv down empties it.\n"
        f"  ConfigMap default/{_marker_name(proven.namespace)} will say so."
    )


def _mark(proven: Proven, marker: Marker) -> None:
    name = _marker_name(proven.namespace)
    data = {"data": {"cluster-uid": marker.uid, "namespace": marker.namespace}}
    try:
        proven.api.create(_MARKERS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, **data})
    except RefusedError as refused:
        if refused.code != HTTPStatus.CONFLICT:
            raise
        proven.api.merge(f"{_MARKERS}/{name}", data)


def _policy(target: Target, settings: Settings, environ: Mapping[str, str]) -> Policy:
    shared = tuple(SharedCluster(each.context, each.server, each.uid, each.exec) for each in settings.cluster)
    return Policy(settings.contexts, shared, settings.namespace, _boot_id(), remembered(target.context, environ))


def _evidence(api: Api, namespace: str) -> Evidence:
    uid = str((api.get(_KUBE_SYSTEM).get("metadata") or {}).get("uid") or "")  # whoever answers may be no API server
    return Evidence(uid, _nodes(api), _marker(api, namespace))


def _nodes(api: Api) -> tuple[Node, ...]:
    try:
        return tuple(_node(each) for each in api.items("/api/v1/nodes"))
    except RefusedError as refused:
        if refused.code == HTTPStatus.FORBIDDEN:
            return ()  # on a shared cluster the UID decides; elsewhere no nodes is a sign of its own
        raise


def _node(node: Object) -> Node:
    info = node.get("status", {}).get("nodeInfo", {})
    return Node(
        str(node["metadata"]["name"]),
        str(node.get("spec", {}).get("providerID", "")),
        str(info.get("osImage", "")),
        str(info.get("bootID", "")),
        dict(node["metadata"].get("labels") or {}),
    )


def _marker(api: Api, namespace: str) -> Marker | None:
    found = api.find(f"{_MARKERS}/{_marker_name(namespace)}")
    if found is None:
        return None
    data = found.get("data") or {}
    return Marker(str(data.get("cluster-uid", "")), str(data.get("namespace", "")))


def _marker_name(namespace: str) -> str:
    return f"devkit-{namespace}"


def _boot_id() -> str:
    """This machine's, which containers on it share; "" where the system keeps none (macOS: no k3s runs there)."""
    if platform.system() != "Linux":
        return ""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise DevkitError(f"{refusal.reason} [{refusal.sign}]", refusal.cure)
