"""An object that is left, in words for people and for kubectl."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.reset.leftovers import Leftover, listed, shown


def left(name: str = "data-0", *finalizers: str, resource: str = "persistentvolumeclaims") -> Leftover:
    return Leftover("PersistentVolumeClaim", name, finalizers, "", resource)


@pytest.mark.parametrize(
    ("finalizers", "held"),
    [
        ((), "PersistentVolumeClaim data-0"),
        (("kubernetes.io/pvc-protection",), "PersistentVolumeClaim data-0 (kubernetes.io/pvc-protection)"),
        (("a/1", "a/2", "a/3", "a/4"), "PersistentVolumeClaim data-0 (a/1, a/2, a/3 and 1 more)"),
    ],
)
def test_an_object_is_told_with_what_holds_it(finalizers: tuple[str, ...], held: str) -> None:
    assert left("data-0", *finalizers).held == held
    assert left("data-0", *finalizers).title == "PersistentVolumeClaim data-0"


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("data-0", "persistentvolumeclaims data-0"),
        ("system:own; rm -rf /", "persistentvolumeclaims 'system:own; rm -rf /'"),
        ("--all", "persistentvolumeclaims/--all"),
    ],
)
def test_a_name_is_one_argument_and_no_option(name: str, target: str) -> None:
    """Names of roles may hold anything but a slash and a per cent sign."""
    assert left(name).target == target


@pytest.mark.parametrize(("most", "told"), [(1, "a and 2 more"), (2, "a, b and 1 more"), (3, "a, b, c")])
def test_a_long_list_is_cut(most: int, told: str) -> None:
    assert listed(("a", "b", "c"), most) == told


def test_what_a_cluster_says_cannot_move_the_cursor() -> None:
    assert shown("\x1b[2J\u202ered\r\n\talert.") == "[2Jred alert"


@given(st.text(max_size=900), st.text(max_size=900), st.lists(st.text(max_size=900), max_size=9))
def test_any_object_is_told_on_a_short_line(name: str, resource: str, finalizers: list[str]) -> None:
    it = left(name, *finalizers, resource=resource)
    assert it.held.isprintable()
    assert len(it.held) < 2200
    assert it.target.isprintable()
    assert len(shlex.split(it.target)) == (1 if shown(name).startswith("-") else 2)
