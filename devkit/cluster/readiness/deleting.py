"""An object that is being deleted: for how long, and who has to let go of it."""

from __future__ import annotations

from datetime import datetime

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.claims import claims_of
from devkit.cluster.readiness.raw import Raw, lasting, moment, name_of, number, said, seconds_since, text, texts
from devkit.cluster.readiness.values import Answer, Seen, waiting

_SLOW = 60
_OVERDUE = 10  # seconds past its grace period in which a kubelet has let go of a pod
_PROTECTED = "kubernetes.io/pvc-protection"


def going(kind: str, raw: Raw, seen: Seen, now: datetime) -> Answer:
    """Any object with a deletionTimestamp; its finalizers say which controllers still have to act."""
    name, since = name_of(raw), moment(raw, "metadata", "deletionTimestamp")
    finalizers = [said(each) for each in texts(raw, "metadata", "finalizers")]
    held = f", held by {', '.join(finalizers)}" if finalizers else ""
    pods = _mounting(name, seen) if _PROTECTED in finalizers else []
    used = f": mounted by pod {', '.join(pods)}" if pods else ""
    cure = ""
    if pods:
        cure = f"{seen.kubectl} delete pod {' '.join(pods)}"
    elif finalizers and (seconds_since(since, now) or 0) > _SLOW:
        cure = f"start the controller that has to remove {finalizers[0]}: {seen.kubectl} describe {kind.lower()} {name}"
    return waiting("Terminating", f"its deletion has been going on{lasting(since, now)}{held}{used}", cure)


def pod_going(case: Case) -> Answer:
    """A pod that is being deleted. Its deletionTimestamp is the end of its grace period, not the request."""
    metadata = case.pod.get("metadata")
    due = moment(metadata, "deletionTimestamp")
    overdue = seconds_since(due, case.now) or 0
    finalizers = [said(each) for each in texts(metadata, "finalizers")]
    held = f", held by {', '.join(finalizers)}" if finalizers else ""
    if overdue <= _OVERDUE:
        grace = number(metadata, "deletionGracePeriodSeconds")
        return waiting("Terminating", f"pod {case.name} is stopping (grace period {grace} s){held}")
    late = f"pod {case.name} should have gone {overdue} s ago{held}"
    if finalizers:
        return waiting(
            "Terminating", late, f"start the controller that has to remove {finalizers[0]}: {case.describe()}"
        )
    node = text(case.pod, "spec", "nodeName")
    where = f" (node {node} does not answer)" if node else ""
    return waiting(
        "Terminating", f"{late}{where}", f"{case.seen.kubectl} delete pod {case.name} --grace-period=0 --force"
    )


def _mounting(claim: str, seen: Seen) -> list[str]:
    return [name_of(each) for each in seen.pods if claim in claims_of(each)]
