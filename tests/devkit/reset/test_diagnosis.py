"""What is said of a namespace that is being deleted, and of one that does not go."""

from __future__ import annotations

import dataclasses
import shlex
from datetime import datetime

import pytest

from devkit.errors import DevkitError
from devkit.reset.diagnosis import Seen, diagnose, progress_lines, recreated
from tests.devkit.cluster.readiness.objects import NOW, K, Object, ago, event, thing
from tests.devkit.reset.stuck import (
    CLAIM,
    DISCOVERY,
    FINALIZERS,
    FORBIDDEN,
    HOLD,
    IN_USE,
    ONLY_LEFT,
    PARSING,
    POD,
    REMAINING,
    UNTOUCHED,
    WEBHOOK,
    WIDGET,
    api_service,
    commands,
    left,
    namespace,
    seen,
)

C = "kubectl --context kind-dev"
STUCK = "namespace dev-infra is still there after 60 s: "
AGAIN = "  then again:\n    ./inv reset"
STRIP = """--type=merge -p '{"metadata":{"finalizers":null}}'"""
LAST_RESORT = (
    "  devkit never strips finalizers; as the last resort, by hand, when nobody can remove them any more "
    "(what their controllers would have cleaned up stays behind):"
)
TRACKED = "batch.kubernetes.io/job-tracking"
CONTROLLERS = f"    {C} -n kube-system get pods"


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What was seen, and the whole of what is said about it but for its beginning and its end."""

    name: str
    seen: Seen
    problem: str
    cure: str


ROWS = (
    Row(
        "an aggregated API that is down",
        seen(of=namespace(DISCOVERY), apis=(api_service("v1beta1.metrics.k8s.io"), api_service("v1.apps", "", "True"))),
        "nobody can tell what is left in it while an aggregated API is down: v1beta1.metrics.k8s.io "
        "(served by kube-system/metrics-server; MissingEndpoints: no addresses)",
        f"""look at it:
    {C} get apiservice v1beta1.metrics.k8s.io -o yaml
  start its server:
    {C} -n kube-system get pods
  or, when nothing needs that API any more, take it away:
    {C} delete apiservice v1beta1.metrics.k8s.io""",
    ),
    Row(
        "two of them, which no condition speaks of yet",
        seen(apis=(api_service("v1.a.example.com", "a", message=""), api_service("v1.b.example.com", "a"))),
        "nobody can tell what is left in it while an aggregated API is down: "
        "v1.a.example.com (served by a/metrics-server; MissingEndpoints), "
        "v1.b.example.com (served by a/metrics-server; MissingEndpoints: no addresses)",
        f"""look at it:
    {C} get apiservice v1.a.example.com -o yaml
    {C} get apiservice v1.b.example.com -o yaml
  start its server:
    {C} -n a get pods
  or, when nothing needs that API any more, take it away:
    {C} delete apiservice v1.a.example.com
    {C} delete apiservice v1.b.example.com""",
    ),
    Row(
        "an API whose server goes with the namespace",
        seen(apis=(api_service("v1beta1.metrics.k8s.io", "dev-infra"),)),
        "nobody can tell what is left in it while an aggregated API is down: v1beta1.metrics.k8s.io "
        "(served by dev-infra/metrics-server; MissingEndpoints: no addresses)",
        f"""look at it:
    {C} get apiservice v1beta1.metrics.k8s.io -o yaml
  a server in dev-infra itself goes with the namespace, and its API has to go with it
  take that API away:
    {C} delete apiservice v1beta1.metrics.k8s.io""",
    ),
    Row(
        "an API of which no server is known",
        seen(apis=({**api_service("v1.example.com"), "spec": {"group": "example.com"}},)),
        "nobody can tell what is left in it while an aggregated API is down: "
        "v1.example.com (MissingEndpoints: no addresses)",
        f"""look at it:
    {C} get apiservice v1.example.com -o yaml
  or, when nothing needs that API any more, take it away:
    {C} delete apiservice v1.example.com""",
    ),
    Row(
        "an API that only the condition names",
        seen(of=namespace(DISCOVERY), unseen=("APIService: forbidden",)),
        "nobody can tell what is left in it while an aggregated API is down: DiscoveryFailed: Discovery failed for "
        "some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: the "
        "server is currently unable to handle the request; could not be listed: APIService: forbidden",
        f"""find it: AVAILABLE is not True:
    {C} get apiservice
  start its server, or delete that APIService when nothing needs it any more""",
    ),
    Row(
        "a version that the namespace controller cannot read",
        seen(of=namespace(PARSING)),
        "its controller does not understand the version of an API: "
        "GroupVersionParsingFailed: unexpected GroupVersion string: a/b/c",
        f"""find the APIService or CustomResourceDefinition with that version, and mend or delete it:
    {C} get apiservice
    {C} get customresourcedefinitions""",
    ),
    Row(
        "a finalizer whose controller is gone",
        seen(WIDGET, of=namespace(FINALIZERS)),
        f"finalizers hold Widget w ({HOLD})",
        f"""{HOLD}: the controller that set it removes it, and may be gone: start or repair it
  look at what they hold:
    {K} get widgets.example.com w -o yaml
{LAST_RESORT}
    {K} patch widgets.example.com w {STRIP}""",
    ),
    Row(
        "a volume that is in use by a pod which a finalizer holds: the pod is the one to help",
        seen(CLAIM, left("Pod", "seed-x", TRACKED)),
        f"finalizers hold Pod seed-x ({TRACKED}), PersistentVolumeClaim data-0 ({IN_USE})",
        f"""{TRACKED}: kube-controller-manager removes it when its Job has counted the pod
  {IN_USE}: it stays while a pod uses the volume; kube-controller-manager removes it after the last one
  look at what they hold:
    {K} get pods seed-x -o yaml
    {K} get persistentvolumeclaims data-0 -o yaml
  see whether what removes them runs:
    {K} get pods
{CONTROLLERS}
{LAST_RESORT}
    {K} patch pods seed-x {STRIP}""",
    ),
    Row(
        "a volume without a pod",
        seen(CLAIM),
        f"finalizers hold PersistentVolumeClaim data-0 ({IN_USE})",
        f"""{IN_USE}: it stays while a pod uses the volume; kube-controller-manager removes it after the last one
  look at what they hold:
    {K} get persistentvolumeclaims data-0 -o yaml
  see whether what removes them runs:
    {K} get pods
{CONTROLLERS}
{LAST_RESORT}
    {K} patch persistentvolumeclaims data-0 {STRIP}""",
    ),
    Row(
        "a finalizer on something that may not be listed",
        seen(of=namespace(FINALIZERS), unseen=("Widget: forbidden", "Secret: forbidden")),
        "finalizers hold what cannot be seen from here: Some content in the namespace has finalizers remaining: "
        "example.com/hold in 1 resource instances; could not be listed: Widget: forbidden, Secret: forbidden",
        f"""find what they hold, as somebody who may list every kind:
    {C} api-resources --verbs=list --namespaced -o name | xargs -n 1 {K} get --show-kind --ignore-not-found
  start or repair the controllers that remove them; devkit never strips finalizers""",
    ),
    Row(
        "a deletion that a webhook refuses",
        seen(UNTOUCHED, of=namespace(WEBHOOK)),
        "something in it cannot be deleted: ContentDeletionFailed: Failed to delete all resource types, 1 remaining: "
        'admission webhook "keep.example.com" denied the request: kept',
        f"""start what answers for the webhook, meet its demand, or delete it:
    {C} get validatingwebhookconfigurations,mutatingwebhookconfigurations""",
    ),
    Row(
        "a deletion that is forbidden",
        seen(of=namespace(FORBIDDEN)),
        "something in it cannot be deleted: ContentDeletionFailed: Failed to delete all resource types, 1 remaining: "
        "widgets.example.com is forbidden: no",
        f"""see the whole message, and mend what it names:
    {C} describe namespace dev-infra""",
    ),
    Row(
        "pods whose node is gone, and the volume that waits for one",
        seen(POD, left("Pod", "redis-0", since=ago(-125)), CLAIM, of=namespace(ONLY_LEFT)),
        "its pods have not ended, so their kubelet or node may not be ready: citus-0 (should have gone 35 s ago), "
        f"redis-0 (may take 2 min more); waiting for them: PersistentVolumeClaim data-0 ({IN_USE})",
        f"""see where they run, and start or repair that node:
    {K} get pods -o wide
    {C} get nodes""",
    ),
    Row(
        "objects that nobody has deleted, with finalizers or not",
        seen(UNTOUCHED, left("Pod", "citus-0", since=""), left("Secret", "s")),
        "nobody has deleted ConfigMap settings, Pod citus-0",
        f"""look at what is left:
    {K} get configmaps settings -o yaml
    {K} get pods citus-0 -o yaml
  see whether kube-controller-manager, which deletes it, runs:
{CONTROLLERS}""",
    ),
    Row(
        "an object that is deleted, and there all the same",
        seen(left("Secret", "s")),
        "deleted, held by no finalizer, and still there: Secret s",
        f"""look at what is left:
    {K} get secrets s -o yaml""",
    ),
    Row(
        "finalizers of the namespace itself",
        seen(of=namespace(own=("a.example.com/x",), spec=("kubernetes", "b.example.com/y"))),
        "nothing that can be seen is left in it, but it has finalizers itself: a.example.com/x, b.example.com/y",
        f"""a.example.com/x: the controller that set it removes it, and may be gone: start or repair it
  b.example.com/y: the controller that set it removes it, and may be gone: start or repair it
  look at it:
    {C} get namespace dev-infra -o yaml
{LAST_RESORT}
    {C} patch namespace dev-infra {STRIP}""",
    ),
    Row(
        "a finalizer in its spec, which no patch takes away",
        seen(of=namespace(spec=("kubernetes", "b.example.com/y"))),
        "nothing that can be seen is left in it, but it has finalizers itself: b.example.com/y",
        f"""b.example.com/y: the controller that set it removes it, and may be gone: start or repair it
  look at it:
    {C} get namespace dev-infra -o yaml""",
    ),
    Row(
        "a namespace that is empty, and whose controller has not come",
        seen(of=namespace(FINALIZERS)),
        "nothing that can be seen is left in it, but the namespace controller has not come by to take away kubernetes "
        "from spec.finalizers",
        f"""see whether kube-controller-manager runs:
{CONTROLLERS}""",
    ),
    Row(
        "a namespace that nothing holds",
        seen(of=namespace(spec=())),
        "nothing that can be seen is left in it, but nobody has taken it away",
        f"""see whether kube-controller-manager runs:
{CONTROLLERS}""",
    ),
    Row(
        "a namespace that is not being deleted",
        seen(UNTOUCHED, of=namespace(since="")),
        "its deletion has not begun",
        f"""look at it:
    {C} get namespace dev-infra -o yaml""",
    ),
)


def told(what: Seen, now: datetime = NOW) -> DevkitError:
    return diagnose(what, K, 60, "kind-dev", now)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_cause_is_named_with_its_commands(row: Row) -> None:
    found = told(row.seen)
    assert found.problem == STUCK + row.problem
    assert found.cure == f"{row.cure}\n{AGAIN}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_command_needs_no_editing(row: Row) -> None:
    for line in commands(told(row.seen)):
        assert line == "./inv reset" or shlex.split(line)[:3] == ["kubectl", "--context", "kind-dev"]
        assert "<" not in line


def test_the_most_decisive_cause_is_told_first() -> None:
    """With everything wrong at once, mending one after the other leads through the causes in their order."""
    first = "nobody can tell what is left", "does not understand the version", "finalizers hold Widget"
    then = "cannot be deleted", "its pods have not ended", "still there: Secret", "finalizers itself", "has not come by"
    api = (api_service("v1beta1.metrics.k8s.io"),)
    worst, secret = namespace(DISCOVERY, PARSING, FORBIDDEN, FINALIZERS, own=(HOLD,)), left("Secret", "s")
    steps = (
        seen(WIDGET, CLAIM, POD, secret, of=worst, apis=api),
        seen(WIDGET, CLAIM, POD, secret, of=namespace(PARSING, FORBIDDEN, FINALIZERS, own=(HOLD,))),
        seen(WIDGET, CLAIM, POD, secret, of=namespace(FORBIDDEN, FINALIZERS, own=(HOLD,))),
        seen(CLAIM, POD, secret, of=namespace(FORBIDDEN, own=(HOLD,))),
        seen(CLAIM, POD, secret, of=namespace(own=(HOLD,))),
        seen(secret, of=namespace(own=(HOLD,))),
        seen(of=namespace(own=(HOLD,))),
        seen(),
    )
    for what, words in zip(steps, (*first, *then), strict=True):
        assert words in told(what).problem


def test_six_objects_are_named_and_the_others_counted() -> None:
    found = told(seen(*(left("Widget", f"w-{number}", HOLD) for number in range(9))))
    assert found.problem.endswith(f"Widget w-5 ({HOLD}) and 3 more")
    assert found.cure.count(" patch ") == 6


def test_the_context_and_names_are_quoted() -> None:
    found = diagnose(seen(left("Role", "a b;c", HOLD)), K, 60, "my cluster", NOW)
    assert f"{K} get roles 'a b;c' -o yaml" in found.cure
    assert "kubectl --context 'my cluster' -n kube-system get pods" in diagnose(seen(), K, 60, "my cluster", NOW).cure


def test_without_a_moment_it_is_now() -> None:
    assert (
        "citus-0 (should have gone "
        in diagnose(seen(left("Pod", "citus-0", since="2020-01-01T00:00:00Z")), K, 1, "c").problem
    )


def test_a_new_namespace_of_that_name_is_not_touched() -> None:
    found = recreated("dev-infra", "uid-1", "uid-2", K)
    assert found.problem == (
        "namespace dev-infra (UID uid-1) is gone, but somebody has made a new one of that name (UID uid-2), "
        "in which nothing was touched"
    )
    assert found.cure == (
        f"""find who made it: a Tilt that runs elsewhere, another ./inv up or reset; managedFields name the program:
    {K} get namespace dev-infra -o yaml --show-managed-fields
  see what is in it:
    {K} get all
  then again, which plans for the new one:
    ./inv reset"""
    )


def warning(about: Object, reason: str, message: str, last: float) -> Object:
    return {**event(about, reason, message, last=last), "type": "Warning"}


def test_progress_has_a_line_for_the_namespace_for_each_kind_and_for_the_newest_warning() -> None:
    pods = [left("Pod", f"p-{number}") for number in range(6)]
    about = thing("v1", "Pod", "p-1")
    events = (
        warning(about, "Unhealthy", "older", last=20),
        warning(about, "FailedKillPod", "error killing pod.\n", last=4),
        warning(thing("v1", "Pod", "elsewhere"), "FailedMount", "of nothing that is left", last=1),
        event(about, "Killing", "Stopping container", last=1),
    )
    what = seen(
        left("Deployment", "web", "foregroundDeletion", resource="deployments.apps"), *pods,
        of=namespace(REMAINING, since=ago(7)), events=events,
    )  # fmt: skip
    assert progress_lines(what, NOW) == [
        (
            "namespace/dev-infra",
            "deleting for 7 s; held by finalizer kubernetes; "
            "NamespaceContentRemaining: Some resources are remaining: pods. has 2 resource instances",
        ),
        ("deployments.apps", "1 still there: web (finalizer foregroundDeletion)"),
        ("pods", "6 still there: p-0, p-1, p-2, p-3 and 2 more"),
        ("event", "Pod p-1: FailedKillPod: error killing pod (4 s ago)"),
    ]


def test_progress_tells_the_worst_condition_and_all_finalizers() -> None:
    what = seen(CLAIM, of=namespace(REMAINING, FINALIZERS, PARSING, own=(HOLD,)))
    assert progress_lines(what, NOW) == [
        (
            "namespace/dev-infra",
            f"deleting for 60 s; held by finalizers kubernetes, {HOLD}; "
            "NamespaceDeletionGroupVersionParsingFailure: unexpected GroupVersion string: a/b/c",
        ),
        ("persistentvolumeclaims", f"1 still there: data-0 (finalizer {IN_USE})"),
    ]


def test_progress_before_the_deletion_began() -> None:
    assert progress_lines(seen(of=namespace(spec=(), since="")), NOW) == [
        ("namespace/dev-infra", "its deletion has not begun")
    ]
