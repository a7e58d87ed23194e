"""Containers that end: each way with its sentence and what to do."""

from __future__ import annotations

import pytest

from devkit.cluster.readiness.values import State
from tests.devkit.cluster.readiness.objects import (
    K,
    Object,
    Row,
    container,
    end,
    event,
    look,
    pod,
    runs,
    state,
    waits,
)

LOGS = f"{K} logs redis-0 -c redis"
BACK_OFF = "back-off 40s restarting failed container=redis pod=redis-0_dev-infra(0)"
OCI = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
    "unable to start container process: "
)
NO_PROGRAM = f'{OCI}exec: "redis-serve": executable file not found in $PATH: unknown'
COMMAND = "correct command (or args) of container redis in the manifest of Pod redis-0: the image has no such program"


def crash(
    name: str, last: Object, phrase: str, cure: str = f"{LOGS} --previous", reason: str = "CrashLoopBackOff"
) -> Row:
    held = pod(
        waits("CrashLoopBackOff", BACK_OFF, restarts=4, last=last), phase="Running",
        spec={"containers": [container(limits={"memory": "384Mi"})]},
    )  # fmt: skip
    return Row(name, (held,), State.FAILED, reason, f"container redis {phrase}; it was started again 4 times", cure)


CRASHED = (
    crash("an error", end(1), "ended with an error (exit code 1)"),
    crash(
        "an error with a last word", end(1, message="FATAL: no such\n  option.\n"),
        "ended with an error (exit code 1): FATAL: no such option",
    ),
    crash(
        "too little memory", end(137, "OOMKilled"),
        "needed more memory than its limit of 384Mi and was killed (OOMKilled)",
        "raise resources.limits.memory of container redis in the manifest of Pod redis-0, now 384Mi", "OOMKilled",
    ),
    crash("a kill", end(137), "was killed (SIGKILL, exit code 137)"),
    crash("a stop", end(143), "was told to stop (SIGTERM, exit code 143)"),
    crash("a bad pointer", end(139), "crashed on a bad memory access (SIGSEGV, exit code 139)"),
    crash("a command that is no program", end(126), "could not run its command: it is not executable (exit code 126)"),
    crash("a command that is not there", end(127), "could not run its command: it was not found (exit code 127)"),
    crash("a rare signal", end(135), "was ended by SIGBUS (exit code 135)"),
    crash("a code of its own", end(3), "ended with exit code 3"),
    crash(
        "a service that ends well", end(0, "Completed"),
        "ended by itself (exit code 0), and a service must keep running",
    ),
    crash(
        "a program that is not in the image", end(128, "StartError", NO_PROGRAM),
        'cannot be started: exec: "redis-serve": executable file not found in $PATH', COMMAND,
    ),
    Row(
        "a first crash", (pod(waits("CrashLoopBackOff", BACK_OFF, restarts=1, last=end(1)), phase="Running"),),
        State.WAITING, "CrashLoopBackOff",
        "container redis ended with an error (exit code 1); it was started again 1 time", f"{LOGS} --previous",
    ),
    Row(
        "the moment after a crash", (pod(state(terminated=end(1)), phase="Running"),), State.WAITING,
        "CrashLoopBackOff", "container redis ended with an error (exit code 1); it will be started again", LOGS,
    ),
    Row(
        "a crash of which nothing is left", (pod(waits("CrashLoopBackOff", restarts=2), phase="Running"),),
        State.WAITING, "CrashLoopBackOff", "container redis ended and is to be started again", LOGS,
    ),
    Row(
        "an end for good beside another container",
        (pod(state(terminated=end(1)), runs(name="side"), phase="Running", spec={"restartPolicy": "Never"}),),
        State.FAILED, "Error",
        "container redis ended with an error (exit code 1), and restartPolicy forbids to try again", LOGS,
    ),
    Row(
        "a liveness probe that kills",
        (
            held := pod(runs(8, restarts=5, last=end(137, lived=30)), phase="Running"),
            event(held, "Killing", "Container redis failed liveness probe, will be restarted", part="redis"),
        ),
        State.FAILED, "CrashLoopBackOff",
        "container redis is killed again and again, since its liveness probe fails; it was started again 5 times",
        f"{LOGS} --previous",
    ),
    Row(
        "a run between two crashes", (pod(runs(2, restarts=3, last=end(1, lived=3)), phase="Running"),),
        State.FAILED, "CrashLoopBackOff",
        "container redis ended with an error (exit code 1); it was started again 3 times", f"{LOGS} --previous",
    ),
    Row(
        "a run that outlives the crashes", (pod(runs(100, restarts=3, last=end(1, lived=3)), phase="Running"),),
        State.WAITING, "ContainersNotReady", "container redis has been starting for 100 s", LOGS,
    ),
    Row(
        "a laptop that was started for the fifth time",
        (pod(runs(8, restarts=5, last=end(255, "Unknown", lived=9000)), phase="Running"),),
        State.WAITING, "ContainersNotReady", "container redis has been starting for 8 s",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", CRASHED, ids=lambda row: row.name)
def test_a_container_that_ends_is_explained(row: Row) -> None:
    assert look(*row.objects) == row.verdict
