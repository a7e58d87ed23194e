"""Whatever the API server sends: never an exception, and verdicts keep their promises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.cluster.readiness.assess import _KINDS, assess
from devkit.cluster.readiness.values import Readiness, Seen, State, Wanted
from tests.devkit.cluster.readiness import (
    test_crashes,
    test_declared,
    test_deployments,
    test_images,
    test_jobs,
    test_pods,
    test_scheduling,
    test_sets,
    test_starting,
)
from tests.devkit.cluster.readiness.objects import NOW, Json, K, Row

ROWS: tuple[Row, ...] = (
    *test_images.ROWS, *test_starting.CONFIGURED, *test_starting.STARTED, *test_starting.CREATED, *test_crashes.CRASHED,
    *test_pods.PROBED, *test_pods.LIVED, *test_scheduling.SCHEDULED, *test_scheduling.CLAIMED,
    *test_deployments.DEPLOYMENTS, *test_sets.STATEFUL, *test_sets.DAEMONS, *test_jobs.JOBS, *test_declared.NETWORK,
    *test_declared.SERVER, *test_declared.CUSTOM,
)  # fmt: skip
KINDS = [*_KINDS, ("", "ConfigMap"), ("example.com", "Widget")]
WORDS = sorted(
    {
        "name", "uid", "kind", "type", "status", "reason", "message", "state", "waiting", "running", "terminated",
        "conditions", "containerStatuses", "initContainerStatuses", "lastState", "exitCode", "restartCount", "phase",
        "replicas", "readyReplicas", "updatedReplicas", "observedGeneration", "generation", "ownerReferences",
        "deletionTimestamp", "finalizers", "startedAt", "finishedAt", "volumes", "containers", "Ready", "Failed",
        "CrashLoopBackOff", "ErrImagePull", "True", "False", "Pending", "Running", "x", "2026-11-25T11:59:00Z",
        "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
    }
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=8)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)
PARTS = st.fixed_dictionaries({}, optional={"metadata": JSON, "spec": JSON, "status": JSON})


def beside(objects: tuple[Json, ...], others: tuple[Json, ...]) -> Seen:
    """These objects, and the others as objects of every kind."""
    return Seen(objects, replica_sets=others, pods=others, claims=others, events=others, kubectl=K)


def judged(raw: object, key: tuple[str, str], *others: Json) -> Readiness:
    """The verdict about `raw` under a name and a kind that are found, beside others of every kind."""
    group, kind = key
    version = f"{group}/v1" if group else "v1"
    found = raw if isinstance(raw, dict) else {}
    metadata = found.get("metadata")
    named = {**(metadata if isinstance(metadata, dict) else {}), "name": "x", "uid": "x"}
    seen = beside(({**found, "apiVersion": version, "kind": kind, "metadata": named},), others)
    return assess(Wanted(version, kind, "", "x"), seen, NOW)


def keeps_its_promises(found: Readiness) -> None:
    assert found.reason
    assert found.message.strip()
    assert found.message.isprintable()
    assert found.state is not State.READY or not found.help
    assert found.state is not State.FAILED or found.help


@given(PARTS, st.sampled_from(KINDS), st.lists(PARTS | JSON, max_size=3))
def test_any_shape_gets_a_verdict(raw: object, key: tuple[str, str], others: list[Json]) -> None:
    keeps_its_promises(judged(raw, key, *others))


def twisted(raw: Json, draw: st.DataObject, depth: int = 0) -> Json:
    """The same object with one place of it replaced by something else."""
    inner: Json = None
    if isinstance(raw, dict) and raw:
        inner = draw.draw(st.sampled_from(sorted(raw)))
    elif isinstance(raw, list) and raw:
        inner = draw.draw(st.integers(0, len(raw) - 1))
    if inner is None or (depth and draw.draw(st.integers(0, 3)) == 0):
        return draw.draw(JSON)
    if isinstance(raw, dict):
        return {**raw, inner: twisted(raw[inner], draw, depth + 1)}
    return [*raw[:inner], twisted(raw[inner], draw, depth + 1), *raw[inner + 1 :]]


@settings(max_examples=300)
@given(st.sampled_from(ROWS), st.data())
def test_a_real_object_with_one_wrong_place_gets_a_verdict(row: Row, data: st.DataObject) -> None:
    objects: list[Json] = list(row.objects)
    at = data.draw(st.integers(0, len(objects) - 1))
    objects[at] = twisted(objects[at], data)
    first, *others = objects
    api_version, kind = row.objects[0]["apiVersion"], row.objects[0]["kind"]
    raw = first if isinstance(first, dict) else {}
    seen = beside((raw, *others), tuple(objects))
    keeps_its_promises(assess(Wanted(api_version, kind, "", row.objects[0]["metadata"]["name"]), seen, NOW))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_verdict_keeps_its_promises(row: Row) -> None:
    keeps_its_promises(row.verdict)


def test_every_kind_has_a_row() -> None:
    tried = {(row.objects[0]["apiVersion"].rpartition("/")[0], row.objects[0]["kind"]) for row in ROWS}
    assert set(_KINDS) <= tried
