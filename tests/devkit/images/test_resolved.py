"""What an image was published for decides which platforms it runs on."""

from __future__ import annotations

import pytest

from devkit.images.resolved import OCI_INDEX, Child, Resolved, same_platform

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("published", "asked", "is_same"),
    [
        ("linux/amd64", "linux/amd64", True),
        ("linux/arm64", "linux/arm64", True),
        ("linux/arm64/v8", "linux/arm64", True),
        ("linux/arm64", "linux/arm64/v8", True),
        ("linux/arm64/v8", "linux/arm64/v8", True),
        ("linux/arm64", "linux/arm64/v9", False),
        ("linux/arm/v7", "linux/arm", True),
        ("linux/arm/v7", "linux/arm/v6", False),
        ("linux/arm", "linux/arm/v8", False),
        ("linux/arm64", "linux/arm", False),
        ("linux/arm", "linux/arm64", False),
        ("linux/amd64", "linux/arm64", False),
        ("windows/amd64", "linux/amd64", False),
    ],
)
def test_what_is_published_for_one_platform_runs_on_another(published: str, asked: str, is_same: bool) -> None:
    assert same_platform(published, asked) is is_same


def child(platform: str) -> Child:
    return Child(platform, DIGEST, DIGEST, 1)


def test_the_children_of_a_platform_are_those_of_any_variant() -> None:
    six, seven, amd64 = (child(each) for each in ("linux/arm/v6", "linux/arm/v7", "linux/amd64"))
    image = Resolved(DIGEST, OCI_INDEX, (amd64, six, seven))
    assert image.of("linux/arm") == (six, seven)
    assert image.of("linux/arm/v7") == (seven,)
    assert image.of("linux/arm64") == ()


def test_the_platforms_that_are_missing_are_named_in_their_order() -> None:
    image = Resolved(DIGEST, OCI_INDEX, (child("linux/amd64"),))
    assert image.lacks(("linux/arm64", "linux/amd64", "linux/s390x")) == ("linux/arm64", "linux/s390x")
    assert image.lacks(()) == ()
