"""What the rules about images look at: the images of the manifests beside the lock."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping

from devkit.finding import Place
from devkit.images.lock import ImagesLock, LockedImage
from devkit.images.manifest import ImageUse, UnknownImage
from devkit.images.name import BadReferenceError, Name, normal


@dataclasses.dataclass(frozen=True, slots=True)
class Pins:
    """The uses of images, and the lock: None when there is none, or when it cannot be read, which `trouble` then says.

    `folder` and `lock_shown` are the manifests folder and the lock as findings show them. Every image has to be there
    for `platforms`, but for those in `emulated`, by the image as a person wrote it. `interrupted`: a run that was
    writing lock and manifests was killed. `unmatched`: declared paths that no manifest has.
    """

    uses: tuple[ImageUse, ...] = ()
    unknown: tuple[UnknownImage, ...] = ()
    lock: ImagesLock | None = None
    trouble: tuple[str, str] | None = None
    folder: str = ""
    lock_shown: str = ""
    lock_text: str = ""
    platforms: tuple[str, ...] = ()
    emulated: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    interrupted: bool = False
    unmatched: tuple[str, ...] = ()

    def named(self) -> Iterator[tuple[ImageUse, Name]]:
        """The uses whose reference names an image, with its full name."""
        for use in self.uses:
            name = full_name(use)
            if name is not None:
                yield use, name

    def held(self, use: ImageUse, name: Name) -> LockedImage | None:
        """What the lock has of a use: by its digest where it has one, else by its tag."""
        if self.lock is None:
            return None
        return self.lock.held(name, self.key(use)) if name.digest else self.lock.tagged(name)

    def key(self, use: ImageUse) -> str:
        """How the lock names the place of a use: its file from the manifests folder, and its path there."""
        return place_key(use, self.folder)

    def emulated_on(self, name: Name) -> tuple[str, ...]:
        """The platforms on which an image is declared to be emulated."""
        return next((found for image, found in self.emulated.items() if is_image(image, name.image)), ())

    def place(self, image: LockedImage) -> Place:
        """Where the lock names an image."""
        wanted = re.compile(rf'^name = "({re.escape(str(image.name))})"', re.MULTILINE)
        match = wanted.search(self.lock_text)
        if match is None:
            return Place(self.lock_shown)
        line = self.lock_text.count("\n", 0, match.start()) + 1
        return Place(self.lock_shown, line, 9, line, 9 + len(match[1]))


def place_key(use: ImageUse, folder: str) -> str:
    """A use as the lock names it: its file from the manifests folder `folder`, as findings show it, and its path."""
    return f"{use.place.file.removeprefix(f'{folder}/')}#{use.path}"


def full_name(use: ImageUse) -> Name | None:
    """The full name of a use; None when it names no image."""
    try:
        return normal(use.reference)
    except BadReferenceError:
        return None


def is_image(written: str, image: str) -> bool:
    """Whether what a person wrote names `image`, host and repository in full."""
    try:
        return normal(written).image == image
    except BadReferenceError:
        return False
