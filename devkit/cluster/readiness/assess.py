"""A wanted object and what was seen, to its readiness: a table of kinds, after kstatus, without any cluster access."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from devkit.cluster.readiness.claims import claim
from devkit.cluster.readiness.daemon_sets import daemon_set
from devkit.cluster.readiness.declared import (
    api_service,
    declared,
    definition,
    namespace,
    reconciled,
    unobserved,
)
from devkit.cluster.readiness.deleting import going
from devkit.cluster.readiness.deployments import deployment, replica_set
from devkit.cluster.readiness.jobs import cron_job, job
from devkit.cluster.readiness.network import ingress, service
from devkit.cluster.readiness.pods import pod
from devkit.cluster.readiness.raw import Raw, name_of, number, said, shortened, text
from devkit.cluster.readiness.stateful_sets import stateful_set
from devkit.cluster.readiness.values import Answer, Readiness, Seen, State, Wanted

# By API group and kind: a custom resource may share a kind's name with others.
_KINDS: dict[tuple[str, str], Callable[[Raw, Seen, datetime], Answer]] = {
    ("", "Namespace"): namespace,
    ("", "PersistentVolumeClaim"): claim,
    ("", "Pod"): pod,
    ("", "ReplicationController"): replica_set,
    ("", "Service"): service,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): definition,
    ("apiregistration.k8s.io", "APIService"): api_service,
    ("apps", "DaemonSet"): daemon_set,
    ("apps", "Deployment"): deployment,
    ("apps", "ReplicaSet"): replica_set,
    ("apps", "StatefulSet"): stateful_set,
    ("batch", "CronJob"): cron_job,
    ("batch", "Job"): job,
    ("networking.k8s.io", "Ingress"): ingress,
}
_TELLS_OF_ITS_END = frozenset({("", "Namespace"), ("", "Pod")})


def assess(wanted: Wanted, seen: Seen, now: datetime) -> Readiness:
    """How far the wanted object is, in one sentence, and what to do when time alone will not mend it."""
    raw = next((each for each in seen.objects if _is_wanted(wanted, each)), None)
    if raw is None:
        missing = "it is not in the cluster: it was never applied, or was deleted"
        answer = Answer(State.MISSING, "NotFound", missing, "./inv up applies the manifests")
    else:
        answer = _judge(wanted, raw, seen, now)
    message = shortened(said(answer.message))  # names and quoted words may hold anything
    return Readiness(wanted.kind, wanted.name, answer.state, said(answer.reason), message, said(answer.help))


def _judge(wanted: Wanted, raw: Raw, seen: Seen, now: datetime) -> Answer:
    key = (wanted.group, wanted.kind)
    if text(raw, "metadata", "deletionTimestamp") and key not in _TELLS_OF_ITS_END:
        return going(wanted.kind, raw, seen, now)
    if wanted.group == "apps" and number(raw, "status", "observedGeneration") < number(raw, "metadata", "generation"):
        return unobserved(raw, number(raw, "status", "observedGeneration"))
    return reconciled(raw, seen) or _KINDS.get(key, declared)(raw, seen, now)


def _is_wanted(wanted: Wanted, raw: Raw) -> bool:
    """The same object, in any version of its API; an object outside of namespaces has none to compare."""
    where = text(raw, "metadata", "namespace")
    group = text(raw, "apiVersion").rpartition("/")[0]
    return (group, text(raw, "kind"), name_of(raw)) == (wanted.group, wanted.kind, wanted.name) and (
        not where or not wanted.namespace or where == wanted.namespace
    )
