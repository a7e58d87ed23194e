"""Whatever the API server sends: never an exception, and texts that a terminal can show and a person can paste."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from devkit.errors import DevkitError
from devkit.reset.diagnosis import Seen, diagnose, progress_lines, recreated
from devkit.reset.leftovers import Leftover
from tests.devkit.cluster.readiness.objects import NOW, Json, K
from tests.devkit.reset.stuck import (
    DISCOVERY,
    FINALIZERS,
    FORBIDDEN,
    IN_USE,
    PARSING,
    REMAINING,
    commands,
    namespace,
    seen,
)

WORDS = (
    "", "x", "Pod", "kubernetes", IN_USE, "foregroundDeletion", "a webhook", "kube-system", "dev-infra", "-x",
    "\x1b[2J", "'; rm -rf / #", "y" * 999, "2026-11-25T11:59:00Z", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
)  # fmt: skip
TYPES = ("Available", *(each["type"] for each in (DISCOVERY, PARSING, FORBIDDEN, FINALIZERS, REMAINING)))
STRINGS = st.sampled_from(WORDS) | st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | STRINGS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("name", "x")), inner),
    max_leaves=4,
)


def object_of(**places: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Objects that have some of these places, the one or the other of them with something else in it."""
    return st.fixed_dictionaries({}, optional={key: value | JSON for key, value in places.items()})


NAMES = st.lists(STRINGS, max_size=3)
CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES), "status": st.sampled_from(("True", "False"))},
        optional={"reason": STRINGS | JSON, "message": STRINGS | JSON},
    ),
    max_size=3,
)
METADATA = object_of(name=STRINGS, deletionTimestamp=STRINGS, finalizers=NAMES)
SPEC = object_of(finalizers=NAMES, service=object_of(namespace=STRINGS, name=STRINGS))
OBJECTS = object_of(metadata=METADATA, spec=SPEC, status=st.fixed_dictionaries({"conditions": CONDITIONS}))
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(("Warning", "Normal")), "involvedObject": st.just({"kind": "Pod", "name": "x"}) | JSON},
    optional={"reason": STRINGS | JSON, "message": STRINGS | JSON, "lastTimestamp": STRINGS | JSON},
)
LEFTOVERS = st.builds(
    Leftover,
    st.just("Pod") | STRINGS,
    st.just("x") | STRINGS,
    st.just(()) | NAMES.map(tuple),
    STRINGS,
    st.just("pods") | STRINGS,
)


def few(strategy: st.SearchStrategy[Json], most: int = 3) -> st.SearchStrategy[Json]:
    return st.lists(strategy, max_size=most).map(tuple)


SEEN = st.builds(
    Seen, OBJECTS, few(LEFTOVERS, 8), few(OBJECTS), few(EVENTS), few(STRINGS, 5)
)  # fmt: skip


def keeps_its_promises(error: DevkitError) -> None:
    assert error.problem.isprintable()
    assert len(error.problem) < 6000
    lines = error.cure.split("\n")
    assert len(lines) < 40
    assert all(line.isprintable() and len(line) < 2500 for line in lines)
    assert commands(error)[-1] == "./inv reset"
    for line in commands(error)[:-1]:
        assert shlex.split(line)[:2] == ["kubectl", "--context"]


@given(SEEN)
def test_whatever_a_cluster_sends_is_diagnosed(what: Seen) -> None:
    keeps_its_promises(diagnose(what, K, 60, "my kind", NOW))


@given(SEEN)
def test_whatever_a_cluster_sends_has_short_progress_lines(what: Seen) -> None:
    lines = progress_lines(what, NOW)
    assert lines[0][0].startswith("namespace/")
    assert all(piece.isprintable() and len(piece) < 420 for line in lines for piece in line)


@given(STRINGS, STRINGS, STRINGS)
def test_whatever_the_names_are_a_new_namespace_is_told_of(name: str, old: str, new: str) -> None:
    keeps_its_promises(recreated(name, old, new, K))


def test_json_in_every_place_of_a_stuck_namespace() -> None:
    odd: tuple[Json, ...] = (None, 7, "x", [], {}, [None, "x", {}], {"conditions": "x"})
    for value in odd:
        for key in ("metadata", "spec", "status"):
            what = seen(of={**namespace(FORBIDDEN), key: value}, apis=({key: value},))
            keeps_its_promises(diagnose(what, K, 60, "kind-dev", NOW))
