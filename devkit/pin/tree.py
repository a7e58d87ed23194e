"""The manifests and their lock, read once: what is planned on is exactly what is replaced."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.errors import DevkitError
from devkit.finding import Finding
from devkit.images.folder import Manifest, Skipped, read_manifests, skipped
from devkit.images.lock import ImagesLock, journal_of
from devkit.images.manifest import ImageUse
from devkit.images.name import Name
from devkit.images.pins import Pins
from devkit.pin.journal import alone, carry_on, is_unfinished
from devkit.rules.image_not_pinned import not_pinned
from devkit.verify.inputs import Inputs, Request, shown_path
from devkit.verify.pins import pins_of, read_images

if TYPE_CHECKING:
    from devkit.verify.suppress import Ignore


@dataclasses.dataclass(frozen=True, slots=True)
class Tree:
    """What the manifests folder has: images, files that are none, what cannot be read, and what a person exempts."""

    request: Request
    lock_file: Path
    manifests: tuple[Manifest, ...]
    skipped: tuple[Skipped, ...]
    pins: Pins
    unreadable: tuple[Finding, ...]
    ignores: tuple[Ignore, ...]
    lock_bytes: bytes | None

    @property
    def lock(self) -> ImagesLock:
        """The lock, empty where there is none; DevkitError where it cannot be read."""
        if self.pins.trouble is not None:
            raise DevkitError(*self.pins.trouble)
        return self.pins.lock or ImagesLock(())

    def named(self) -> Iterator[tuple[ImageUse, Name]]:
        """The uses that are to be pinned: what a person exempts stays as it is."""
        for use, name in self.pins.named():
            if not self.exempts(use):
                yield use, name

    def exempts(self, use: ImageUse) -> bool:
        """Whether a person ignores image-not-pinned here, with a reason."""
        if not self.ignores:
            return False
        locked = dataclasses.replace(self.pins, uses=(use,), lock=ImagesLock(()))
        return any(self.hides(finding) for finding in not_pinned(locked))

    def hides(self, finding: Finding) -> bool:
        """Whether a person ignores a finding, with a reason."""
        from devkit.verify.suppress import suppressed

        return suppressed(finding, self.ignores)


def read_tree(request: Request, lock_file: Path) -> Tree:
    """The manifests that `request` names, with the lock in `lock_file`; DevkitError when one cannot be read."""
    root, settings = request.project.root, request.project.settings
    folder = shown_path(request.manifests, root)
    manifests = read_manifests(request.manifests, folder)
    found = read_images(manifests, settings)
    lock_bytes = _lock_bytes(lock_file)
    inputs = Inputs((), "", manifests, images_lock=lock_bytes)
    pins = pins_of(found, inputs, shown_path(lock_file, root), folder, settings)
    return Tree(
        request,
        lock_file,
        manifests,
        skipped(request.manifests, folder),
        pins,
        found.findings,
        _ignores(manifests, request),
        lock_bytes,
    )


def finish_killed(request: Request, lock_file: Path) -> tuple[str, ...]:
    """Carry on with the writing of a run that was killed; the files that this made new, as findings show them.

    DevkitError when another run is at it.
    """
    journal = journal_of(lock_file)
    if not is_unfinished(journal, request.manifests):
        return ()  # without the lock: any number of people may look at the same time
    with alone(request.manifests):
        finished = carry_on(journal, request.manifests)
    return tuple(shown_path(Path(file), request.project.root) for file in finished)


def _ignores(manifests: tuple[Manifest, ...], request: Request) -> tuple[Ignore, ...]:
    if not request.project.settings.ignore and not any(b"devkit:" in (each.data or b"") for each in manifests):
        return ()
    from devkit.verify.suppress import read_ignores  # knows all rules, and half of them know SQL

    return read_ignores((), manifests, request.project)


def _lock_bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DevkitError(f"{file} cannot be read: {error.strerror}", "name another one: --lock FILE") from error
