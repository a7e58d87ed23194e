"""Waiting for services: when it goes on, when it is of no use, what it shows meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from devkit.cluster.failures import UnreachableError
from devkit.cluster.proof import Proven, prove
from devkit.cluster.readiness.values import State, Wanted
from devkit.cluster.tilt import Tilt
from devkit.config import load_project
from devkit.progress import blank
from devkit.stack.wait import GRACE_SECONDS, wait_ready
from tests.cluster.stack import Stack
from tests.testbed.cluster import Cluster
from tests.testbed.stages import ANNOTATION


def no_tilt() -> None:
    return None


NO_TILT: Any = {"tilt": no_tilt, "seen": print}


def pod(stack: Stack) -> list[Wanted]:
    return [Wanted("v1", "Pod", stack.namespace, "one")]


class Clock:
    """Time that passes only in sleep(), so that waiting for minutes takes none."""

    def __init__(self, then: Callable[[float], object] = float) -> None:
        self.now = 0.0
        self._then = then

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self._then(self.now)


@pytest.fixture
def proven(stack: Stack) -> Iterator[Proven]:
    kube = stack.cluster.kube
    kube.create("/api/v1/namespaces", {"metadata": {"name": stack.namespace}})
    kube.until(lambda: stack.get("/api/v1/…/serviceaccounts/default"))
    settings = load_project(stack.checkout.root).settings
    found = prove(settings, {**os.environ, **stack.environment()})
    yield found
    found.api.close()


def make_pod(cluster: Cluster, namespace: str, behaviour: str) -> None:
    metadata = {"name": "one", "annotations": {ANNOTATION: behaviour}}
    spec = {"containers": [{"name": "one", "image": "redis:8.2.2"}]}
    path = f"/api/v1/namespaces/{namespace}/pods"
    cluster.kube.create(path, {"metadata": metadata, "spec": spec})
    cluster.kube.until(lambda: cluster.kube.get(f"{path}/one")["status"].get("containerStatuses"))


@pytest.mark.full
def test_what_only_an_edit_mends_ends_the_wait_after_a_grace(proven: Proven, stack: Stack) -> None:
    make_pod(stack.cluster, stack.namespace, "crash-loop")
    clock = Clock()
    sight = wait_ready(proven, pod(stack), seconds=600, board=blank, **NO_TILT, clock=clock, sleep=clock.sleep)
    assert [each.state for each in sight.verdicts] == [State.FAILED]
    assert GRACE_SECONDS <= clock.now < GRACE_SECONDS + 5


@pytest.mark.full
def test_what_time_may_mend_is_waited_for_until_the_time_is_up(proven: Proven, stack: Stack) -> None:
    make_pod(stack.cluster, stack.namespace, "pulling")
    clock = Clock()
    sight = wait_ready(proven, pod(stack), seconds=60, board=blank, **NO_TILT, clock=clock, sleep=clock.sleep)
    assert [each.state for each in sight.verdicts] == [State.WAITING]
    assert clock.now == 60


@pytest.mark.full
def test_a_tilt_that_ends_before_all_is_applied_ends_the_wait_after_a_grace(proven: Proven, stack: Stack) -> None:
    clock = Clock()
    running = Tilt(1, Path("Tiltfile"), 10350, "kind-bed", ())
    ends = 30.0
    sight = wait_ready(
        proven, pod(stack), seconds=600, board=blank, tilt=lambda: running if clock.now < ends else None,
        seen=lambda _verdicts, _tilt: None, clock=clock, sleep=clock.sleep,
    )  # fmt: skip
    assert [each.state for each in sight.verdicts] == [State.MISSING]
    assert ends + GRACE_SECONDS - 1 <= clock.now < ends + GRACE_SECONDS + 1


@pytest.mark.full
def test_a_pod_that_comes_right_within_the_grace_is_ready(proven: Proven, stack: Stack) -> None:
    make_pod(stack.cluster, stack.namespace, "crash-loop")
    path = f"/api/v1/namespaces/{stack.namespace}/pods"

    def mend(now: float) -> None:
        if now == 10:
            stack.cluster.kube.ask("DELETE", f"{path}/one", {"gracePeriodSeconds": 0})
            stack.cluster.kube.until(lambda: stack.get("/api/v1/…/pods/one") is None)
            make_pod(stack.cluster, stack.namespace, "ready")

    clock = Clock(mend)
    shown: list[str] = []

    def board(lines: Sequence[tuple[str, str]]) -> None:
        shown.extend(text for _, text in lines)

    sight = wait_ready(proven, pod(stack), seconds=600, board=board, **NO_TILT, clock=clock, sleep=clock.sleep)
    assert sight.is_ready
    assert clock.now == 10
    assert shown[0].startswith("failed: ")
    assert shown[-1].startswith("ready")


@pytest.mark.full
def test_an_api_server_that_stays_away_is_named_when_the_time_is_up(proven: Proven, stack: Stack) -> None:
    stack.cluster.stop_apiserver()
    clock = Clock()
    try:
        with pytest.raises(UnreachableError, match="refuses connections") as away:
            wait_ready(proven, pod(stack), seconds=30, board=blank, **NO_TILT, clock=clock, sleep=clock.sleep)
    finally:
        stack.cluster.restart_apiserver()
    assert clock.now == 30
    assert "docker start bed-control-plane" in away.value.cure
