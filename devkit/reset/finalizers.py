"""Finalizers that hold a namespace: on what is in it, or on itself; and who takes them away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from devkit.cluster.readiness.conditions import condition
from devkit.cluster.readiness.raw import texts
from devkit.reset.case import AGAIN, MOST, Case, Cause, step
from devkit.reset.leftovers import Leftover, listed, shown

_VOLUME_USED = "kubernetes.io/pvc-protection"
# These go when something else has gone: while a pod is left that no finalizer holds, they are not the cause.
_WAITING = frozenset({_VOLUME_USED, "foregroundDeletion"})
_GARBAGE = "the garbage collector of kube-controller-manager"
_WHO = {
    _VOLUME_USED: "it stays while a pod uses the volume; kube-controller-manager removes it after the last one",
    "kubernetes.io/pv-protection": "it stays while a claim is bound to the volume; kube-controller-manager removes it",
    "foregroundDeletion": f"{_GARBAGE} removes it when all that the object owns is gone",
    "orphan": f"{_GARBAGE} removes it when it has let go of all that the object owns",
    "service.kubernetes.io/load-balancer-cleanup": "the cloud controller removes it with the load balancer",
    "batch.kubernetes.io/job-tracking": "kube-controller-manager removes it when its Job has counted the pod",
}
_WHO_ELSE = "the controller that set it removes it, and may be gone: start or repair it"
_LAST_RESORT = (
    "devkit never strips finalizers; as the last resort, by hand, when nobody can remove them any more "
    "(what their controllers would have cleaned up stays behind)"
)
_STRIP = """--type=merge -p '{"metadata":{"finalizers":null}}'"""
_OF_KUBERNETES = "kubernetes"  # in spec.finalizers: the namespace controller's own


def plain_pods(leftovers: Iterable[Leftover]) -> list[Leftover]:
    """The pods that no finalizer holds."""
    return [each for each in leftovers if each.resource == "pods" and not each.finalizers]


def waiting(leftovers: Iterable[Leftover]) -> list[Leftover]:
    """The objects that go by themselves when others have gone."""
    return [each for each in _held(leftovers) if not _is_root(each)]


def on_objects(case: Case) -> Cause | None:
    """Objects that are being deleted and that somebody has to let go of."""
    roots, others = [each for each in _held(case.leftovers) if _is_root(each)], waiting(case.leftovers)
    if not roots and not others:
        return _on_unseen(case)
    if not roots and plain_pods(case.leftovers):
        return None
    named = (*roots, *others)[:MOST]
    finalizers = [name for each in named for name in each.finalizers]
    return Cause(
        f"finalizers hold {listed([each.held for each in (*roots, *others)], MOST)}",
        (
            *_who(finalizers),
            *step("look at what they hold", (f"{case.kubectl} get {each.target} -o yaml" for each in named)),
            *_controllers(case, set(finalizers)),
            *step(_LAST_RESORT, (f"{case.kubectl} patch {each.target} {_STRIP}" for each in (roots or others)[:MOST])),
            *AGAIN,
        ),
    )


def on_namespace(case: Case) -> Cause | None:
    """Finalizers of the namespace itself, but for the one that every namespace has."""
    in_metadata = texts(case.namespace, "metadata", "finalizers")
    in_spec = [name for name in texts(case.namespace, "spec", "finalizers") if name != _OF_KUBERNETES]
    if not in_metadata and not in_spec:
        return None
    own = [*in_metadata, *in_spec]
    strip = step(_LAST_RESORT, (f"{case.cluster} patch {case.target} {_STRIP}",)) if in_metadata else ()
    return Cause(
        f"nothing that can be seen is left in it, but it has finalizers itself: {listed(own, MOST)}",
        (
            *_who(own),
            *step("look at it", (f"{case.cluster} get {case.target} -o yaml",)),
            *strip,
            *AGAIN,
        ),
    )


def _on_unseen(case: Case) -> Cause | None:
    remaining = condition(case.namespace, "NamespaceFinalizersRemaining")
    if not remaining.holds or not case.unseen:  # where all is seen, what is seen is newer than the condition
        return None
    kinds = f"{case.cluster} api-resources --verbs=list --namespaced -o name"
    return Cause(
        f"finalizers hold what cannot be seen from here: {shown(remaining.message)}",
        (
            *step(
                "find what they hold, as somebody who may list every kind",
                (f"{kinds} | xargs -n 1 {case.kubectl} get --show-kind --ignore-not-found",),
            ),
            "start or repair the controllers that remove them; devkit never strips finalizers",
            *AGAIN,
        ),
    )


def _held(leftovers: Iterable[Leftover]) -> list[Leftover]:
    # What nobody has deleted has finalizers too, but does not stay because of them.
    return [each for each in leftovers if each.finalizers and each.deleting_since]


def _is_root(leftover: Leftover) -> bool:
    return not _WAITING.issuperset(leftover.finalizers)


def _who(finalizers: Sequence[str]) -> Iterator[str]:
    for name in list(dict.fromkeys(finalizers))[:MOST]:
        yield f"{shown(name)}: {_WHO.get(name, _WHO_ELSE)}"


def _controllers(case: Case, finalizers: set[str]) -> tuple[str, ...]:
    if not finalizers & set(_WHO):
        return ()
    pods = (f"{case.kubectl} get pods",) if _VOLUME_USED in finalizers else ()
    return step("see whether what removes them runs", (*pods, case.system_pods))
