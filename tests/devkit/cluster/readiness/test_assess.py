"""Which object is meant, and how verdicts are shown."""

from __future__ import annotations

from devkit.cluster.readiness.assess import assess
from devkit.cluster.readiness.values import Readiness, Seen, State, Wanted
from tests.devkit.cluster.readiness.objects import (
    NOW,
    K,
    look,
    thing,
    unscheduled,
)


def test_an_object_that_was_never_applied_is_missing() -> None:
    others = (
        thing("v1", "Secret", "redis"), thing("v1", "ConfigMap", "other"), thing("apps/v1", "ConfigMap", "redis"),
        thing("v1", "ConfigMap", "redis", namespace="elsewhere"),
    )  # fmt: skip
    found = assess(Wanted("v1", "ConfigMap", "dev-infra", "redis"), Seen(others, kubectl=K), NOW)
    assert found == Readiness(
        "ConfigMap", "redis", State.MISSING, "NotFound",
        "it is not in the cluster: it was never applied, or was deleted", "./inv up applies the manifests",
    )  # fmt: skip


def test_another_version_of_its_api_is_the_same_object() -> None:
    seen = Seen((thing("batch/v1", "CronJob", "vacuum", {"schedule": "@daily"}),))
    assert assess(Wanted("batch/v1beta1", "CronJob", "", "vacuum"), seen, NOW).state is State.READY


def test_a_long_message_keeps_its_start_and_its_end() -> None:
    found = look(unscheduled(f"0/9 nodes are available: {'very ' * 200}far away."))
    assert len(found.message) < 410
    assert found.message.startswith("pod redis-0 gets no node: 0/9 nodes are available: very very")
    assert found.message.endswith("very very far away")
    assert " … " in found.message
