"""What Tilt is asked to apply again, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from devkit.cluster.readiness.values import Readiness, State
from devkit.cluster.tilt import Resource, Tilt
from devkit.stack.revive import PATIENCE_SECONDS, Reviver

GONE = 'secrets "citus" is forbidden: unable to create new content in namespace dev because it is being terminated'

REDIS = "redis:statefulset, redis:secret after {}"


class Scene:
    """A Reviver, a clock that is set by hand, and what was asked of Tilt."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[str] = []
        self._reviver = Reviver(self._ask, lambda: self.now)

    def _ask(self, objects: Iterable[str], update: str) -> None:
        self.asked.append(f"{', '.join(objects)} after {update}")

    def look(self, after: float, missing: list[str], *resources: Resource) -> None:
        """`after` seconds, the objects called so (`Secret/citus`) are missing."""
        self.now += after
        verdicts = [
            Readiness(kind, name, State.MISSING, "", "", "") for kind, name in (each.split("/") for each in missing)
        ]
        self._reviver.look(tuple(verdicts), Tilt(1, Path(), 1, "kind-bed", resources))


def redis(update: str = "ok", error: str = "", updated: str = "1") -> Resource:
    return Resource("redis", update, "ok", error, ("redis:statefulset", "redis:secret"), True, updated)


def namespace(update: str = "ok", updated: str = "1") -> Resource:
    return Resource("namespace", update, "ok", "", ("dev:namespace",), True, updated)


def test_what_is_missing_for_a_while_is_asked_for_once() -> None:
    scene = Scene()
    scene.look(0, ["StatefulSet/redis"], redis())
    scene.look(PATIENCE_SECONDS - 0.1, ["StatefulSet/redis"], redis())
    assert scene.asked == []
    scene.look(0.2, ["StatefulSet/redis"], redis())
    for _ in range(20):  # queued, on busy cores
        scene.look(1, ["StatefulSet/redis"], redis())
    assert scene.asked == [REDIS.format(1)]


def test_after_an_update_that_left_it_missing_it_is_asked_for_again() -> None:
    scene = Scene()
    for _ in range(2):
        scene.look(PATIENCE_SECONDS, ["StatefulSet/redis"], redis())
    scene.look(1, ["StatefulSet/redis"], redis("in_progress"))
    scene.look(1, ["StatefulSet/redis"], redis(updated="2"))
    assert scene.asked == [REDIS.format(1)]
    scene.look(PATIENCE_SECONDS, ["StatefulSet/redis"], redis(updated="2"))
    assert scene.asked == [REDIS.format(1), REDIS.format(2)]


def test_the_namespace_goes_first() -> None:
    scene = Scene()
    for _ in range(2):
        scene.look(PATIENCE_SECONDS, ["Namespace/dev", "Secret/redis"], redis(), namespace())
    assert scene.asked == ["dev:namespace after 1"]
    scene.look(1, ["Secret/redis"], redis(), namespace(updated="2"))  # long missing already: it has waited its turn
    assert scene.asked == ["dev:namespace after 1", REDIS.format(1)]


def test_an_update_that_failed_for_the_want_of_its_namespace_is_asked_for_and_no_other() -> None:
    scene = Scene()
    for _ in range(2):
        scene.look(PATIENCE_SECONDS, ["Secret/redis"], redis("error", "the manifest is wrong"))
    assert scene.asked == []
    for _ in range(2):
        scene.look(PATIENCE_SECONDS, ["Secret/redis"], redis("error", GONE))
    assert scene.asked == [REDIS.format(1)]
    for _ in range(2):
        scene.look(PATIENCE_SECONDS, ["Secret/redis"], redis("error", 'apply retry: namespaces "dev" not found', "2"))
    assert scene.asked == [REDIS.format(1), REDIS.format(2)]


def test_what_is_there_again_needs_nobody() -> None:
    scene = Scene()
    scene.look(0, ["Secret/redis"], redis())
    scene.look(PATIENCE_SECONDS - 1, [], redis())
    scene.look(1, ["Secret/redis"], redis())
    assert scene.asked == []
