"""An object that is there as it was before the newest edit is not ready, however well it runs."""

from __future__ import annotations

import dataclasses

from devkit.cluster.documents import Document
from devkit.cluster.readiness.values import Readiness, Seen, State
from devkit.finding import Place
from devkit.stack.version import ANNOTATION, EARLIER, of_present_version, versions_of, with_versions

READY = Readiness("StatefulSet", "redis", State.READY, "Available", "1 of 1 pod ready")


def redis(replicas: int) -> Document:
    body = {
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "redis", "annotations": {"a": "b"}},
        "spec": {"replicas": replicas},
    }  # fmt: skip
    return Document(body, Place("redis.yaml"))


def test_it_is_judged_when_the_present_version_is_there() -> None:
    (there,) = with_versions([redis(1)])
    assert there.body["metadata"]["annotations"].keys() == {"a", ANNOTATION}
    assert there.body["spec"] == redis(1).body["spec"]
    seen = Seen((there.body,))
    assert of_present_version([READY], seen, versions_of([redis(1)])) == (READY,)
    (late,) = of_present_version([READY], seen, versions_of([redis(2)]))
    assert (late.kind, late.name, late.state, late.reason) == ("StatefulSet", "redis", State.WAITING, EARLIER)
    assert "Tilt has not applied the present version yet" in late.message


def test_what_others_applied_is_judged_and_what_is_missing_stays_so() -> None:
    failed = dataclasses.replace(READY, state=State.FAILED)
    assert of_present_version([failed], Seen((redis(1).body,)), versions_of([redis(2)])) == (failed,)
    missing = dataclasses.replace(READY, state=State.MISSING)
    assert of_present_version([missing], Seen(), versions_of([redis(2)])) == (missing,)


def test_the_version_is_that_of_the_text_and_not_of_the_order_of_its_keys() -> None:
    turned = Document(dict(reversed(redis(1).body.items())), Place("other.yaml"))
    assert versions_of([turned]) == versions_of([redis(1)])
