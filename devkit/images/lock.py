"""infra/images.lock: what each image was when it was resolved. One block an image, sorted, so that git merges it."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from devkit.errors import DevkitError
from devkit.images.name import BadReferenceError, Name, normal
from devkit.images.resolved import INDEXES, MANIFESTS, Child, Resolved

_HEAD = """\
# What ./inv pin wrote, and what ./inv pin --check holds the manifests to: per image the digest that every machine
# pulls, and what each platform gets of it. Not for editing: ./inv pin, ./inv pin --update, ./inv pin --undo.
version = 1
"""
_PLATFORM = re.compile(r"[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?")
_CURE = "take one side of it (git checkout --ours FILE, or --theirs), and then: ./inv pin"


@dataclasses.dataclass(frozen=True, slots=True)
class LockedImage:
    """An image and what it was.

    `name` has a digest exactly where a person had written it already; `by_hand` then names the places
    (file#path), so that --undo leaves it to them.
    """

    name: Name
    resolved: Resolved
    by_hand: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class ImagesLock:
    """All images, in the order of their names."""

    images: tuple[LockedImage, ...]
    _tagged: dict[tuple[str, str | None], LockedImage] = dataclasses.field(init=False, repr=False, compare=False)
    _by_hand: dict[Name, LockedImage] = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tagged = {(each.name.image, each.name.tag): each for each in self.images if each.name.digest is None}
        object.__setattr__(self, "_tagged", tagged)
        object.__setattr__(self, "_by_hand", {each.name: each for each in self.images if each.name.digest is not None})

    def tagged(self, name: Name) -> LockedImage | None:
        """The image that `name` names by its tag, whatever digest stands behind it."""
        return self._tagged.get((name.image, name.tag or "latest"))

    def held(self, name: Name, place: str) -> LockedImage | None:
        """The image behind a pinned `name` at `place` (file#path): the one that a person wrote there, or ours."""
        by_hand = self._by_hand.get(name)
        if by_hand is not None and place in by_hand.by_hand:
            return by_hand
        ours = self.tagged(name)
        return ours if ours is not None and ours.resolved.digest == name.digest else None


class _Platform(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    manifest: str
    config: str
    size: Annotated[int, msgspec.Meta(ge=0)]


class _Image(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    name: str
    digest: str
    media_type: str
    by_hand: tuple[str, ...] = ()
    platforms: dict[str, _Platform] = {}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    image: tuple[_Image, ...] = ()


def lock_path(manifests: Path) -> Path:
    """Where the lock of a folder of manifests lies: beside it, as infra/images.lock beside infra/k8s."""
    return manifests.parent / "images.lock"


def journal_of(lock: Path) -> Path:
    """Where ./inv pin notes what it is about to write, so that a kill loses nothing."""
    return lock.with_name(f".{lock.name}.pin")


def to_text(lock: ImagesLock) -> str:
    """The lock as it is written: the same for the same images, in whatever order they come."""
    return "\n".join([_HEAD, *(_block(each) for each in sorted(lock.images, key=lambda each: str(each.name)))])


def _block(image: LockedImage) -> str:
    lines = ["[[image]]", f"name = {_quoted(str(image.name))}"]
    if image.by_hand:
        lines += ["by-hand = [", *(f"    {_quoted(each)}," for each in sorted(image.by_hand)), "]"]
    lines += [f'digest = "{image.resolved.digest}"', f'media-type = "{image.resolved.media_type}"']
    for child in sorted(image.resolved.children):
        lines += [f"[image.platforms.{_quoted(child.platform)}]", f'manifest = "{child.manifest}"']
        lines += [f'config = "{child.config}"', f"size = {child.size}"]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def from_bytes(data: bytes, shown: str) -> ImagesLock:
    """The lock in `data`; DevkitError names `shown` and what is wrong with it."""
    try:
        file = msgspec.convert(tomllib.loads(data.decode("utf-8")), _File)
        if file.version != 1:
            raise DevkitError(f"{shown} is of version {file.version}, and this devkit reads version 1", _CURE)
        lock = ImagesLock(tuple(sorted((_image(each) for each in file.image), key=lambda each: str(each.name))))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, BadReferenceError) as error:
        raise DevkitError(f"{shown} cannot be read: {error}", _CURE) from error
    _refuse_twice([str(each.name) for each in lock.images], shown)
    return lock


def _image(found: _Image) -> LockedImage:
    if found.media_type not in INDEXES | MANIFESTS:
        raise BadReferenceError(f"{found.name}: {found.media_type!r} is no media type of an image")
    children = tuple(
        sorted(Child(name, each.manifest, each.config, each.size) for name, each in found.platforms.items())
    )
    for digest in (found.digest, *(digest for each in children for digest in (each.manifest, each.config))):
        normal(f"a@{digest}")  # refuses what is no digest
    name = normal(found.name)
    if bad := next((each for each in found.platforms if not _PLATFORM.fullmatch(each)), None):
        raise BadReferenceError(f"{found.name}: {bad!r} is no platform")
    if found.by_hand and name.digest is None:
        raise BadReferenceError(f"{found.name}: by-hand says nothing of an image without a digest in its name")
    if name.digest not in {None, found.digest}:
        raise BadReferenceError(f"{found.name} has another digest than its block")
    return LockedImage(name, Resolved(found.digest, found.media_type, children), tuple(sorted(found.by_hand)))


def _refuse_twice(names: Iterable[str], shown: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DevkitError(f"{shown} has {name} twice", "delete the block that is not meant, and then: ./inv pin")
        seen.add(name)
