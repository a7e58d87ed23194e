"""Jobs and CronJobs."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    Json,
    K,
    Object,
    Row,
    ago,
    condition,
    end,
    event,
    look,
    pod,
    state,
    thing,
    waits,
)


def job(*conditions: Object, spec: Object | None = None, **counts: Json) -> Object:
    return thing(
        "batch/v1", "Job", "seed", {"backoffLimit": 2, **(spec or {})}, {"conditions": list(conditions), **counts}
    )


LIMIT = condition("Failed", True, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
GAVE_UP = job(LIMIT, failed=3)
AT_WORK = job(active=1, failed=1, startTime=ago(30))
ONCE: Object = {"restartPolicy": "Never"}
AGAIN = f"once mended, to run it anew: {K} delete job seed"


def tried(name: str, code: int, since: int) -> Object:
    ended = state(terminated=end(code))
    return pod(ended, name=name, phase="Failed", owner=GAVE_UP, spec=ONCE, creationTimestamp=ago(since))


JOBS = (
    Row("done", (job(condition("Complete", True), succeeded=1),), State.READY, "Complete", "1 of 1 completion"),
    Row("suspended", (job(spec={"suspend": True}),), State.READY, "JobSuspended", "suspended, as its manifest says"),
    Row("not started", (job(),), State.WAITING, "JobRunning", "0 of 1 completion"),
    Row(
        "some of its pods done", (job(spec={"completions": 3}, succeeded=2, active=1),), State.WAITING, "JobRunning",
        "2 of 3 completions",
    ),
    Row(
        "a second try",
        (
            AT_WORK, pod(state(terminated=end(1)), name="seed-a", phase="Failed", owner=AT_WORK, spec=ONCE),
            pod(waits("ContainerCreating"), name="seed-b", owner=AT_WORK, creationTimestamp=ago(3), spec=ONCE),
        ),
        State.WAITING, "ContainerCreating",
        "0 of 1 completion, 1 of 3 tries failed: container redis is being created for 3 s",
    ),
    Row(
        "no pod for it",
        (
            job(),
            event(job(), "FailedCreate", 'Error creating: pods "s-x" is forbidden: failed quota: q: must specify cpu'),
        ),
        State.FAILED, "FailedCreate",
        "0 of 1 completion: its pods are refused: failed quota: q: must specify cpu",
        "write the resources that the message names into the manifest of Job seed",
    ),
    Row(
        "given up", (GAVE_UP,), State.FAILED, "BackoffLimitExceeded",
        "it has failed: Job has reached the specified backoff limit", f"{K} describe job seed; {AGAIN}",
    ),
    Row(
        "given up, with the last pod's word",
        (
            GAVE_UP,
            tried("seed-b", 1, 50), tried("seed-a", 3, 9),
        ),
        State.FAILED, "BackoffLimitExceeded",
        "it has failed: Job has reached the specified backoff limit: container redis ended with exit code 3",
        f"{K} logs seed-a -c redis; {AGAIN}",
    ),
    Row(
        "too slow",
        (job(condition("FailureTarget", True, "DeadlineExceeded", "Job was active longer than its deadline")),),
        State.FAILED, "DeadlineExceeded", "it has failed: Job was active longer than its deadline",
        f"{K} describe job seed; {AGAIN}",
    ),
    Row(
        "every night", (thing("batch/v1", "CronJob", "vacuum", {"schedule": "0 3 * * *"}),), State.READY, "Scheduled",
        "scheduled at 0 3 * * *",
    ),
    Row(
        "no night", (thing("batch/v1", "CronJob", "vacuum", {"schedule": "0 3 * * *", "suspend": True}),), State.READY,
        "Suspended", "suspended, as its manifest says",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", JOBS, ids=lambda row: row.name)
def test_a_job_says_how_far_it_is(row: Row) -> None:
    assert look(*row.objects) == row.verdict
