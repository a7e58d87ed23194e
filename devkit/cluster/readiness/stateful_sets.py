"""StatefulSet: pods in order, updated from the last one down."""

from __future__ import annotations

from datetime import datetime

from devkit.cluster.readiness.blockers import blocker, held_up
from devkit.cluster.readiness.deployments import Counts, scaled_to_nothing
from devkit.cluster.readiness.owners import owned
from devkit.cluster.readiness.pods import look
from devkit.cluster.readiness.raw import Raw, name_of, number, text
from devkit.cluster.readiness.values import Answer, Seen, State, failed, ready
from devkit.words import plural

_REVISION = "controller-revision-hash"


def stateful_set(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """After kstatus: every pod available, and those above the partition of the present version."""
    counts, label = Counts.of(raw), f"StatefulSet {name_of(raw)}"
    if counts.is_off:
        return scaled_to_nothing()
    pods = owned(raw, seen.pods)
    stuck = _stuck(raw, counts, pods, seen, now)
    if stuck:
        return stuck
    behind = _too_few(counts) or counts.readiness() or counts.surplus()
    if not behind and text(raw, "spec", "updateStrategy", "type") == "OnDelete":
        return _on_delete(raw, counts, pods, seen)
    relevant = [each for each in pods if _is_in_order(raw) or not _is_old(raw, each)]
    creators = (("StatefulSet", raw),) if counts.total < counts.wanted else ()
    cause = blocker(label, relevant, creators, seen, now)
    if not behind:
        return _rolled_out(raw, counts, cause)
    reason = "MinimumReplicasUnavailable" if counts.available < counts.wanted else "Progressing"
    return held_up(behind, reason, cause)


def _too_few(counts: Counts) -> str:
    return counts.short_of(counts.total, "made") if counts.total < counts.wanted and not counts.ready else ""


def _rolled_out(raw: Raw, counts: Counts, cause: Answer | None) -> Answer:
    """Whether the update has gone down to the partition (all of it without one)."""
    partition = number(raw, "spec", "updateStrategy", "rollingUpdate", "partition")
    wanted = max(0, counts.wanted - partition)
    if _is_updating(raw) and counts.updated < wanted:
        return held_up(f"{counts.updated} of {plural(wanted, 'pod')} updated", "Progressing", cause)
    said = counts.short_of(counts.ready, "ready")
    if partition and _is_updating(raw):
        return ready("PartitionRollout", f"{said}, {counts.updated} of them updated (partition {partition})")
    return ready("MinimumReplicasAvailable", said)


def _on_delete(raw: Raw, counts: Counts, pods: tuple[Raw, ...], seen: Seen) -> Answer:
    """The strategy OnDelete updates a pod only when somebody deletes it."""
    said = counts.short_of(counts.ready, "ready")
    if not _is_updating(raw) or counts.updated >= counts.wanted:
        return ready("MinimumReplicasAvailable", said)
    old = counts.wanted - counts.updated
    names = " ".join(name_of(each) for each in pods if _is_old(raw, each)) or "POD"
    return failed(
        "OnDelete",
        f"{said}, but {old} of the old version, which updateStrategy OnDelete keeps until deleted",
        f"{seen.kubectl} delete pod {names}",
    )


def _stuck(raw: Raw, counts: Counts, pods: tuple[Raw, ...], seen: Seen, now: datetime) -> Answer | None:
    """A broken pod of the old version is never replaced: in order means once it is ready (kubernetes#67250)."""
    if not _is_updating(raw) or not _is_in_order(raw):
        return None
    for each in pods:
        answer = look(each, f"StatefulSet {name_of(raw)}", seen, now)
        if _is_old(raw, each) and answer.state is State.FAILED and text(each, "status", "phase") != "Failed":
            return failed(
                answer.reason,
                f"{counts.short_of(counts.ready, 'ready')}: pod {name_of(each)} is of the old version and broken, "
                f"and is not replaced before it is ready: {answer.message}",
                f"{seen.kubectl} delete pod {name_of(each)}",
            )
    return None


def _is_in_order(raw: Raw) -> bool:
    """Whether an old pod is waited for instead of replaced."""
    strategy = text(raw, "spec", "updateStrategy", "type")
    return text(raw, "spec", "podManagementPolicy") != "Parallel" or strategy == "OnDelete"


def _is_updating(raw: Raw) -> bool:
    update = text(raw, "status", "updateRevision")
    return update != text(raw, "status", "currentRevision")


def _is_old(raw: Raw, pod: Raw) -> bool:
    revision = text(pod, "metadata", "labels", _REVISION)
    return bool(revision) and revision != text(raw, "status", "updateRevision")
