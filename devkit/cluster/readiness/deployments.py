"""Deployment, ReplicaSet and ReplicationController."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from devkit.cluster.readiness.blockers import blocker, held_up
from devkit.cluster.readiness.conditions import condition
from devkit.cluster.readiness.owners import deployment_pods, newest_set, owned
from devkit.cluster.readiness.raw import Raw, flag, name_of, number, text
from devkit.cluster.readiness.values import Answer, Seen, State, failed, ready
from devkit.words import plural


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """The pods of a workload: wanted by its spec, and what its controller counted."""

    wanted: int
    total: int
    updated: int
    ready: int
    available: int
    minimum_seconds: int

    @classmethod
    def of(cls, raw: Raw) -> Counts:
        """Read from spec and status of Deployment, ReplicaSet and StatefulSet; the API's default is one pod."""
        names = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
        total, updated, is_ready, available = (number(raw, "status", name) for name in names)
        return cls(
            number(raw, "spec", "replicas", default=1), total, updated, is_ready, available,
            number(raw, "spec", "minReadySeconds"),
        )  # fmt: skip

    @property
    def is_off(self) -> bool:
        """Whether no pod is wanted and none is left."""
        return self.wanted == 0 and self.total == 0

    def short_of(self, count: int, what: str) -> str:
        """`count` of the wanted pods, as a sentence."""
        return f"{count} of {plural(self.wanted, 'pod')} {what}"

    def readiness(self) -> str:
        """The sentence when pods are not all ready, or not for long enough (minReadySeconds); empty when they are."""
        if self.ready < self.wanted:
            return self.short_of(self.ready, "ready")
        if self.available < self.wanted:
            return self.short_of(self.available, f"available (ready for {self.minimum_seconds} s)")
        return ""

    def surplus(self) -> str:
        """The sentence when more pods are there than wanted; empty when not."""
        extra = self.total - self.wanted
        return f"{plural(extra, 'surplus pod')} still there" if extra > 0 else ""


def scaled_to_nothing() -> Answer:
    """Its spec wants no pod: as ready as it will get."""
    return ready("ScaledToZero", "scaled to 0 pods: nothing of it runs")


def deployment(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """After kstatus: every pod of the present version there and available, no old one left."""
    counts = Counts.of(raw)
    if counts.is_off:
        return scaled_to_nothing()
    present = newest_set(raw, seen)
    behind = _behind(counts, present)
    if not behind:
        return ready("MinimumReplicasAvailable", counts.short_of(counts.ready, "ready"))
    cause = _cause(raw, counts, present, seen, now)
    if flag(raw, "spec", "paused") and counts.updated < counts.wanted:
        return failed(
            "DeploymentPaused", f"{behind}: its rollout is paused",
            f"{seen.kubectl} rollout resume deployment {name_of(raw)}",
        )  # fmt: skip
    reason = "MinimumReplicasUnavailable" if counts.available < counts.wanted else "Progressing"
    return _overdue(raw, behind, cause, seen) or held_up(behind, reason, cause)


def _cause(raw: Raw, counts: Counts, present: Raw, seen: Seen, now: datetime) -> Answer | None:
    """What holds it up. A broken pod of an old version does not: the controller takes it away."""
    new_pods, old_pods = deployment_pods(raw, seen)
    relevant = [each for each in new_pods if counts.updated or _is_going(each)]  # before that it is an old one
    creators = (("ReplicaSet", present), ("Deployment", raw)) if present else (("Deployment", raw),)
    label, refused = f"Deployment {name_of(raw)}", creators if counts.updated < counts.wanted else ()
    going = [each for each in old_pods if _is_going(each)]
    return blocker(label, relevant, refused, seen, now) or blocker(label, going, (), seen, now)


def _is_going(pod: Raw) -> bool:
    return bool(text(pod, "metadata", "deletionTimestamp"))


def replica_set(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """A ReplicaSet or ReplicationController of the manifests: every pod available, none too many."""
    counts, kind = Counts.of(raw), text(raw, "kind") or "ReplicaSet"
    if counts.is_off:
        return scaled_to_nothing()
    behind = counts.readiness() or counts.surplus()
    if not behind:
        return ready("MinimumReplicasAvailable", counts.short_of(counts.ready, "ready"))
    creators = ((kind, raw),) if counts.total < counts.wanted else ()
    cause = blocker(f"{kind} {name_of(raw)}", owned(raw, seen.pods), creators, seen, now)
    return held_up(behind, "MinimumReplicasUnavailable", cause)


def _behind(counts: Counts, present: Raw) -> str:
    """What is left to do, in the order in which a rollout does it; empty when nothing is."""
    old = counts.total - counts.updated
    if counts.updated < counts.wanted:
        return counts.short_of(counts.updated, "replaced by the new version" if old > 0 else "made")
    if old > 0:
        new_ready = number(present, "status", "readyReplicas")
        there = f"{plural(old, 'old pod')} still there"
        return f"{new_ready} of {plural(counts.wanted, 'new pod')} ready, {there}" if present else there
    return counts.readiness() or counts.surplus()


def _overdue(raw: Raw, behind: str, cause: Answer | None, seen: Seen) -> Answer | None:
    """The controller gave up (progressDeadlineSeconds); a pod that has failed tells more than that."""
    progressing = condition(raw, "Progressing")
    if progressing.reason != "ProgressDeadlineExceeded" or (cause and cause.state is State.FAILED):
        return None
    seconds = number(raw, "spec", "progressDeadlineSeconds", default=600)
    why = f": {cause.message}" if cause else ""
    return failed(
        progressing.reason,
        f"{behind}, and nothing moved for {seconds} s{why}",
        (cause.help if cause else "") or f"{seen.kubectl} describe deployment {name_of(raw)}",
    )
