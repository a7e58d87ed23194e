"""The lock is one text for the same images, reads back as it was written, and says what is wrong with it."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.errors import DevkitError
from devkit.images.lock import ImagesLock, LockedImage, from_bytes, lock_path, to_text
from devkit.images.name import normal
from devkit.images.resolved import DOCKER_MANIFEST, INDEXES, MANIFESTS, OCI_INDEX, Child, Resolved

A, B, C = (f"sha256:{each * 64}" for each in "abc")
CITUS = LockedImage(
    normal("citusdata/citus:13.0"), Resolved(A, DOCKER_MANIFEST, (Child("linux/amd64", A, B, 1234567),))
)
REDIS = LockedImage(
    normal("redis:8.2.2"),
    Resolved(C, OCI_INDEX, (Child("linux/arm64/v8", A, C, 2), Child("linux/amd64", B, C, 1))),
)
BY_HAND = LockedImage(
    normal(f"ghcr.io/team/app:1@{B}"),
    Resolved(B, OCI_INDEX, ()),
    ("infra/k8s/b.yaml#spec", 'infra/k8s/"a\\é\x7f.yaml#spec'),
)
GOLDEN = f"""\
# What ./inv pin wrote, and what ./inv pin --check holds the manifests to: per image the digest that every machine
# pulls, and what each platform gets of it. Not for editing: ./inv pin, ./inv pin --update, ./inv pin --undo.
version = 1

[[image]]
name = "docker.io/citusdata/citus:13.0"
digest = "{A}"
media-type = "{DOCKER_MANIFEST}"
[image.platforms."linux/amd64"]
manifest = "{A}"
config = "{B}"
size = 1234567

[[image]]
name = "docker.io/library/redis:8.2.2"
digest = "{C}"
media-type = "{OCI_INDEX}"
[image.platforms."linux/amd64"]
manifest = "{B}"
config = "{C}"
size = 1
[image.platforms."linux/arm64/v8"]
manifest = "{A}"
config = "{C}"
size = 2

[[image]]
name = "ghcr.io/team/app:1@{B}"
by-hand = [
    "infra/k8s/\\"a\\\\é\\u007f.yaml#spec",
    "infra/k8s/b.yaml#spec",
]
digest = "{B}"
media-type = "{OCI_INDEX}"
"""


def test_the_lock_is_this_text_in_any_order() -> None:
    for images in ((CITUS, REDIS, BY_HAND), (BY_HAND, REDIS, CITUS)):
        assert to_text(ImagesLock(images)) == GOLDEN


def in_order(image: LockedImage) -> LockedImage:
    resolved = dataclasses.replace(image.resolved, children=tuple(sorted(image.resolved.children)))
    return LockedImage(image.name, resolved, tuple(sorted(image.by_hand)))


def test_the_text_reads_back() -> None:
    assert from_bytes(GOLDEN.encode(), "f").images == tuple(in_order(each) for each in (CITUS, REDIS, BY_HAND))


def test_an_empty_lock_reads_back() -> None:
    assert from_bytes(to_text(ImagesLock(())).encode(), "f") == ImagesLock(())


def test_line_ends_of_windows_are_read() -> None:
    assert from_bytes(GOLDEN.replace("\n", "\r\n").encode(), "f") == from_bytes(GOLDEN.encode(), "f")


WORDS = st.sampled_from(["a", "app", "my-app", "a.b", "0__1"])
DIGESTS = st.integers(0, 2**256 - 1).map("sha256:{:064x}".format)
PLATFORMS = st.sampled_from(["linux/amd64", "linux/arm64", "linux/arm64/v8", "linux/arm/v7", "linux/s390x"])
PLACES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@st.composite
def locked(draw: st.DrawFn) -> LockedImage:
    """Any image that a lock can hold."""
    digest = draw(DIGESTS)
    host = draw(st.sampled_from(["", "ghcr.io/", "localhost:5000/", "[::1]:5000/"]))
    tag = draw(st.sampled_from(["", ":1", ":8.2.2", ":latest", ":_A-b"]))
    is_by_hand = draw(st.booleans())
    name = normal(f"{host}{draw(WORDS)}/{draw(WORDS)}{tag}{f'@{digest}' if is_by_hand else ''}")
    children = tuple(
        Child(each, draw(DIGESTS), draw(DIGESTS), draw(st.integers(0, 2**50)))
        for each in draw(st.lists(PLATFORMS, unique=True))
    )
    media_type = draw(st.sampled_from(sorted(INDEXES | MANIFESTS)))
    by_hand = tuple(draw(st.lists(PLACES, max_size=3))) if is_by_hand else ()
    return LockedImage(name, Resolved(digest, media_type, children), by_hand)


@given(st.lists(locked(), max_size=5, unique_by=lambda each: str(each.name)))
def test_any_lock_reads_back_and_is_one_text(images: list[LockedImage]) -> None:
    text = to_text(ImagesLock(tuple(images)))
    read = from_bytes(text.encode(), "f")
    assert read.images == tuple(sorted((in_order(each) for each in images), key=lambda each: str(each.name)))
    assert to_text(read) == text
    assert to_text(ImagesLock(tuple(reversed(images)))) == text
    assert tomllib.loads(text)["version"] == 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("version = 1", "version = 2", "f is of version 2, and this devkit reads version 1"),
        ("version = 1", "", "f cannot be read: Object missing required field `version`"),
        ("version = 1", "version = 1\nextra = 1", "f cannot be read: Object contains unknown field `extra`"),
        ("version = 1", "<<<<<<< HEAD\nversion = 1", "f cannot be read: Invalid statement (at line 3, column 1)"),
        (
            "version = 1",
            "version = 1\nversion = 1",
            "f cannot be read: Cannot overwrite a value (at line 4, column 12)",
        ),
        ("size = 1234567", "", "f cannot be read: Object missing required field `size`"),
        ("size = 1234567", 'size = "1"', "f cannot be read: Expected `int`, got `str`"),
        ("size = 1234567", "size = 1\nspeed = 2", "f cannot be read: Object contains unknown field `speed`"),
        ('"docker.io/citusdata/citus:13.0"', '"Citus"', "f cannot be read: 'Citus' has capital letters"),
        (f'digest = "{C}"', 'digest = "sha256:0"', "f cannot be read: 'sha256:0' is no digest of 64"),
        (f'digest = "{C}"', 'digest = ""', "f cannot be read: nothing stands after the @"),
        (f'config = "{C}"', f'config = "{C}0"', "is no digest of 64"),
        (f'manifest = "{A}"', 'manifest = "x"', "f cannot be read: 'x' is no digest of 64"),
        (f'"{OCI_INDEX}"', '"text/html"', "docker.io/library/redis:8.2.2: 'text/html' is no media type of an image"),
        (
            "ghcr.io/team/app:1@sha256:b",
            "ghcr.io/team/app:1@sha256:a",
            "ghcr.io/team/app:1@sha256:a" + "b" * 63 + " has another digest than its block",
        ),
        ("library/redis:8.2.2", "citusdata/citus:13.0", "f has docker.io/citusdata/citus:13.0 twice"),
        # the same by its short name
        ("docker.io/library/redis:8.2.2", "citusdata/citus:13.0", "f has docker.io/citusdata/citus:13.0 twice"),
    ],
)
def test_a_bad_lock_says_what_is_wrong(old: str, new: str, why: str) -> None:
    assert old in GOLDEN
    with pytest.raises(DevkitError) as caught:
        from_bytes(GOLDEN.replace(old, new, 1).encode(), "f")
    assert why in caught.value.problem
    assert "./inv pin" in caught.value.cure


@pytest.mark.parametrize("data", [b"\xff", b"version = 1\0", b"\xef\xbb\xbfversion = 1"])
def test_what_is_no_text_says_so(data: bytes) -> None:
    with pytest.raises(DevkitError, match="f cannot be read"):
        from_bytes(data, "f")


def test_an_image_is_found_by_its_tag_and_by_what_a_person_wrote() -> None:
    place = BY_HAND.by_hand[0]
    lock = ImagesLock((CITUS, REDIS, BY_HAND))
    assert lock.tagged(normal("redis:8.2.2")) is REDIS
    assert lock.tagged(normal(f"redis:8.2.2@{A}")) is REDIS  # whatever digest stands behind it
    assert lock.tagged(normal("redis:8")) is None
    assert lock.tagged(BY_HAND.name) is None
    assert lock.held(normal(f"redis:8.2.2@{C}"), "anywhere") is REDIS
    assert lock.held(normal(f"redis:8.2.2@{A}"), "anywhere") is None
    assert lock.held(BY_HAND.name, place) is BY_HAND
    assert lock.held(BY_HAND.name, "elsewhere") is None


def test_the_lock_lies_beside_the_manifests() -> None:
    assert lock_path(Path("infra/k8s")) == Path("infra/images.lock")
