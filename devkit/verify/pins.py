"""The images of the manifests, beside the lock that says what they are."""

from __future__ import annotations

from collections.abc import Iterable

from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.finding import Finding
from devkit.images.declared import declared_paths
from devkit.images.folder import Manifest
from devkit.images.lock import from_bytes, lock_path
from devkit.images.manifest import Declared, Found, find_images
from devkit.images.pins import Pins
from devkit.images.uncollected import uncollected
from devkit.verify.inputs import Inputs, Request, shown_path


def read_pins(inputs: Inputs, request: Request) -> tuple[Pins, tuple[Finding, ...]]:
    """What the rules about images look at, and a finding for each manifest that cannot be read."""
    root = request.project.root
    found = read_images(inputs.manifests, request.project.settings)
    shown = shown_path(lock_path(request.manifests), root)
    return pins_of(found, inputs, shown, shown_path(request.manifests, root), request.project.settings), found.findings


def read_images(manifests: Iterable[Manifest], settings: Settings) -> Found:
    """The images of all manifests together."""
    declared = declared_paths(settings.image_paths)
    with uncollected():
        found = [_found(manifest, declared) for manifest in manifests]
    return Found(
        tuple(use for each in found for use in each.uses),
        tuple(unknown for each in found for unknown in each.unknown),
        tuple(finding for each in found for finding in each.findings),
        frozenset(path for each in found for path in each.declared),
    )


def _found(manifest: Manifest, declared: Declared) -> Found:
    text = manifest.text()
    return Found(findings=(text,)) if isinstance(text, Finding) else find_images(text, manifest.shown, declared)


def pins_of(found: Found, inputs: Inputs, lock_shown: str, folder: str, settings: Settings) -> Pins:
    """The images that were found, beside the lock in `inputs`."""
    lock, trouble = None, None
    if inputs.images_lock is not None:
        try:
            lock = from_bytes(inputs.images_lock, lock_shown)
        except DevkitError as error:
            trouble = (error.problem, error.cure)
    return Pins(
        found.uses,
        found.unknown,
        lock,
        trouble,
        folder,
        lock_shown,
        (inputs.images_lock or b"").decode("utf-8", "replace"),
        settings.platforms,
        settings.emulated,
        inputs.pin_killed,
        tuple(
            f"{kind} = {path!r}"
            for kind, paths in settings.image_paths.items()
            for number, path in enumerate(paths)
            if (kind, number) not in found.declared
        ),
    )
