"""What a registry wants for a login is read from the header as it may be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.registry.challenge import Challenge, challenges

REALM = "https://auth.docker.io/token"


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], ()),
        ([""], ()),
        (["Basic"], (Challenge("basic", {}),)),
        (['Basic realm="Registry Realm"'], (Challenge("basic", {"realm": "Registry Realm"}),)),
        (
            [f'Bearer realm="{REALM}",service="registry.docker.io",scope="repository:a/b:pull,push"'],
            (
                Challenge(
                    "bearer", {"realm": REALM, "service": "registry.docker.io", "scope": "repository:a/b:pull,push"}
                ),
            ),
        ),
        ([f"BEARER Realm = {REALM[:5]} , service=x"], (Challenge("bearer", {"realm": "https", "service": "x"}),)),
        (['Bearer realm="a\\"b"'], (Challenge("bearer", {"realm": 'a"b'}),)),
        (['Bearer realm=""'], (Challenge("bearer", {"realm": ""}),)),
        (
            ['Basic realm="a", Bearer realm="b",service="c"'],
            (Challenge("basic", {"realm": "a"}), Challenge("bearer", {"realm": "b", "service": "c"})),
        ),
        (
            ["Basic realm=a", "Bearer realm=b"],
            (Challenge("basic", {"realm": "a"}), Challenge("bearer", {"realm": "b"})),
        ),
        (['Negotiate, Basic realm="a"'], (Challenge("negotiate", {}), Challenge("basic", {"realm": "a"}))),
        (['"Bearer realm=b'], ()),
    ],
)
def test_challenges_are_read(headers: list[str], found: tuple[Challenge, ...]) -> None:
    assert challenges(headers) == found


@given(st.lists(st.text(alphabet='Bearer Basic,="\\ realm/:é\n', max_size=40), max_size=3))
def test_any_header_is_survived(headers: list[str]) -> None:
    assert all(each.scheme for each in challenges(headers))
