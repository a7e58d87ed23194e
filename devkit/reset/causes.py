"""Why a namespace does not go, by what its controller says and what is left in it; the most decisive first."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator

from devkit.cluster.readiness.conditions import Condition, condition
from devkit.cluster.readiness.raw import Raw, moment, name_of, seconds_since, span, text, texts
from devkit.reset.case import AGAIN, MOST, Case, Cause, step
from devkit.reset.finalizers import on_namespace, on_objects, plain_pods, waiting
from devkit.reset.leftovers import Leftover, listed, shown

# The namespace controller has deleted all and objects are left: they say more than this sentence of it.
_ONLY_LEFT = re.compile(r", 1 remaining: unexpected items still remain in namespace", re.ASCII)


def decisive(case: Case) -> Cause:
    """The cause to look into first."""
    return next((found for each in _CAUSES if (found := each(case))), None) or _nothing_left(case)


def _server_down(case: Case) -> Cause | None:
    """An API whose own server does not answer: the namespace controller cannot list what that API has."""
    down = [each for each in case.api_services if condition(each, "Available").status == "False"]
    failure = condition(case.namespace, "NamespaceDeletionDiscoveryFailure")
    if not down and not failure.holds:
        return None
    which = listed([_service(each) for each in down], MOST) if down else _why(failure)
    return Cause(
        f"nobody can tell what is left in it while an aggregated API is down: {which}",
        (*_server_cure(case, down[:MOST]), *AGAIN),
    )


def _service(api: Raw) -> str:
    service = "/".join(filter(None, map(shown, _server(api))))
    served = f"served by {service}; " if service else ""
    return f"{name_of(api)} ({served}{_why(condition(api, 'Available'))})"


def _server(api: Raw) -> tuple[str, str]:
    return text(api, "spec", "service", "namespace"), text(api, "spec", "service", "name")


def _server_cure(case: Case, down: list[Raw]) -> Iterator[str]:
    if not down:
        yield from step("find it: AVAILABLE is not True", (f"{case.cluster} get apiservice",))
        yield "start its server, or delete that APIService when nothing needs it any more"
        return
    names = [shlex.quote(shown(name_of(each))) for each in down]
    yield from step("look at it", (f"{case.cluster} get apiservice {name} -o yaml" for name in names))
    spaces = [shown(_server(each)[0]) for each in down]
    if elsewhere := [space for space in spaces if space not in ("", case.name)]:
        yield from step("start its server", (f"{case.cluster} -n {shlex.quote(each)} get pods" for each in elsewhere))
    if case.name in spaces:
        yield f"a server in {case.name} itself goes with the namespace, and its API has to go with it"
    is_lost = set(spaces) == {case.name}
    what = "take that API away" if is_lost else "or, when nothing needs that API any more, take it away"
    yield from step(what, (f"{case.cluster} delete apiservice {name}" for name in names))


def _version_odd(case: Case) -> Cause | None:
    """A group or version that the namespace controller cannot read."""
    failure = condition(case.namespace, "NamespaceDeletionGroupVersionParsingFailure")
    if not failure.holds:
        return None
    return Cause(
        f"its controller does not understand the version of an API: {_why(failure)}",
        (
            *step(
                "find the APIService or CustomResourceDefinition with that version, and mend or delete it",
                (f"{case.cluster} get apiservice", f"{case.cluster} get customresourcedefinitions"),
            ),
            *AGAIN,
        ),
    )


def _delete_refused(case: Case) -> Cause | None:
    """Something that the API server does not let the namespace controller delete."""
    failure = condition(case.namespace, "NamespaceDeletionContentFailure")
    if not failure.holds or (case.leftovers and _ONLY_LEFT.search(failure.message)):
        return None
    if "webhook" in failure.message:
        cure = step(
            "start what answers for the webhook, meet its demand, or delete it",
            (f"{case.cluster} get validatingwebhookconfigurations,mutatingwebhookconfigurations",),
        )
    else:
        cure = step("see the whole message, and mend what it names", (f"{case.cluster} describe {case.target}",))
    return Cause(f"something in it cannot be deleted: {_why(failure)}", (*cure, *AGAIN))


def _pods_left(case: Case) -> Cause | None:
    """Pods that are being deleted and that no finalizer holds: only their kubelet can let go of them."""
    pods = [each for each in plain_pods(case.leftovers) if each.deleting_since]
    if not pods:
        return None
    others = waiting(case.leftovers)
    for_them = f"; waiting for them: {listed([each.held for each in others], MOST)}" if others else ""
    return Cause(
        f"its pods have not ended, so their kubelet or node may not be ready: "
        f"{listed([_overdue(case, each) for each in pods], MOST)}{for_them}",
        (
            *step(
                "see where they run, and start or repair that node",
                (f"{case.kubectl} get pods -o wide", f"{case.cluster} get nodes"),
            ),
            *AGAIN,
        ),
    )


def _overdue(case: Case, pod: Leftover) -> str:
    """A pod's deletionTimestamp is the end of its grace period, not the request."""
    due = moment({"due": pod.deleting_since}, "due")
    if due is None:
        return pod.name
    if due > case.now:
        return f"{pod.name} (may take {span(seconds_since(case.now, due) or 0)} more)"
    return f"{pod.name} (should have gone {span(seconds_since(due, case.now) or 0)} ago)"


def _not_begun(case: Case) -> Cause | None:
    """A namespace that nobody has deleted."""
    if text(case.namespace, "metadata", "deletionTimestamp"):
        return None
    look = step("look at it", (f"{case.cluster} get {case.target} -o yaml",))
    return Cause("its deletion has not begun", (*look, *AGAIN))


def _objects_left(case: Case) -> Cause | None:
    """What is there without a reason on it: mostly because nobody has deleted it."""
    untouched = [each for each in case.leftovers if not each.deleting_since]
    left = untouched or list(case.leftovers)
    if not left:
        return None
    what = "nobody has deleted" if untouched else "deleted, held by no finalizer, and still there:"
    look = step("look at what is left", (f"{case.kubectl} get {each.target} -o yaml" for each in left[:MOST]))
    controller = step("see whether kube-controller-manager, which deletes it, runs", (case.system_pods,))
    return Cause(
        f"{what} {listed([each.title for each in left], MOST)}", (*look, *(controller if untouched else ()), *AGAIN)
    )


def _nothing_left(case: Case) -> Cause:
    """The namespace alone is there: nobody has come to take it away."""
    finalizers = texts(case.namespace, "spec", "finalizers")
    why = (
        f"the namespace controller has not come by to take away {listed(finalizers, MOST)} from spec.finalizers"
        if finalizers
        else "nobody has taken it away"
    )
    return Cause(
        f"nothing that can be seen is left in it, but {why}",
        (*step("see whether kube-controller-manager runs", (case.system_pods,)), *AGAIN),
    )


def _why(said_so: Condition) -> str:
    reason = shown(said_so.reason)
    return ": ".join(filter(None, (reason, shown(said_so.message)))) or "no reason given"


_CAUSES: tuple[Callable[[Case], Cause | None], ...] = (
    _server_down, _version_odd, on_objects, _delete_refused, _pods_left, _not_begun,
    _objects_left, on_namespace,
)  # fmt: skip
