"""What pinning would change: which digest each image gets, and what the files are then."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from devkit.errors import DevkitError
from devkit.finding import Finding, Severity
from devkit.images.lock import ImagesLock, LockedImage, to_text
from devkit.images.manifest import ImageUse
from devkit.images.name import Name
from devkit.images.pins import is_image
from devkit.images.reference import parse
from devkit.images.resolved import Resolved
from devkit.images.rewrite import NotWritableError, rewrite
from devkit.images.uncollected import uncollected
from devkit.pin.tree import Tree
from devkit.rules.image_not_in_lock import contradiction, not_in_lock
from devkit.rules.image_not_pinned import not_pinned
from devkit.rules.platform_missing import missing

# Asks the registries what these images are; `known` is what need not be asked again, by digest.
Resolve = Callable[[Iterable[Name], Mapping[str, Resolved]], Mapping[Name, Resolved]]
_BOM = "\ufeff".encode()


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """An image of the plan: its block in the lock, the one that it had before, and the uses of it."""

    locked: LockedImage
    before: LockedImage | None
    uses: tuple[ImageUse, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """The files as they will be (None: gone), what they hold, what hinders it, and what stays as it is."""

    contents: dict[Path, bytes | None]
    images: tuple[Image, ...]
    hindered: tuple[Finding, ...]
    left: tuple[Finding, ...]


def plan_pins(tree: Tree, update: str | None, resolve: Resolve) -> Plan:
    """Every image at the digest of the lock; those that it does not have, and those to `update` ("" for all), anew.

    Raises DevkitError when a registry does not say what an image is, or when `update` names none.
    """
    wanted = tuple(_wanted(tree))
    _refuse_unknown(update, wanted)
    images = tuple(_images(tree, wanted, update, resolve))
    return Plan(
        _contents(tree, images),
        images,
        tuple(finding for image in images for finding in _hindering(tree, image)),
        tuple(_left(tree, images)),
    )


def _wanted(tree: Tree) -> Iterator[tuple[ImageUse, Name]]:
    """The uses that the lock is to have, each with the name of its block: with a digest where a person wrote it."""
    lock = tree.lock
    for use, name in tree.named():
        if name.digest is None:
            if not use.blocked:
                yield use, dataclasses.replace(name, tag=name.tag or "latest")
        elif (held := tree.pins.held(use, name)) is not None:
            yield use, held.name
        elif contradiction(lock, name) is None:
            yield use, name


def _refuse_unknown(update: str | None, wanted: tuple[tuple[ImageUse, Name], ...]) -> None:
    names = {name for _, name in wanted}
    if not update or any(_is_meant(update, name) for name in names):
        return
    written = {use.reference.partition("@")[0] for use, _ in wanted}
    near = difflib.get_close_matches(update, sorted(written | {parse(each).repository for each in written}), n=1)
    cure = f"did you mean {near[0]}?" if near else "./inv pin --update, without a name, takes all of them"
    raise DevkitError(f"--update {update}: no manifest names this image by a tag", cure)


def _is_meant(update: str, name: Name) -> bool:
    """Whether --update names this image, with or without its tag; what a person pinned is theirs to update."""
    image, colon, tag = update.rpartition(":")
    with_tag = bool(colon) and is_image(image, name.image) and tag == name.tag
    return name.digest is None and (is_image(update, name.image) if "/" in tag or not colon else with_tag)


def _images(
    tree: Tree, wanted: tuple[tuple[ImageUse, Name], ...], update: str | None, resolve: Resolve
) -> Iterator[Image]:
    uses: dict[Name, list[ImageUse]] = {}
    for use, name in wanted:
        uses.setdefault(name, []).append(use)
    had = {each.name: each for each in tree.lock.images}
    renewed = {
        name for name in uses if name.digest is None and update is not None and (not update or _is_meant(update, name))
    }
    asked = sorted({name for name in uses if name not in had or name in renewed}, key=str)
    known = {each.resolved.digest: each.resolved for each in tree.lock.images}
    answers = resolve(asked, known) if asked else {}
    for name in sorted(uses, key=str):
        resolved = answers[name] if name in answers else had[name].resolved
        by_hand = tuple(sorted(tree.pins.key(use) for use in uses[name])) if name.digest else ()
        yield Image(LockedImage(name, resolved, by_hand), had.get(name), tuple(uses[name]))


def _contents(tree: Tree, images: tuple[Image, ...]) -> dict[Path, bytes | None]:
    """The files that change, the lock among them."""
    digests = {
        use: image.locked.resolved.digest for image in images if not image.locked.name.digest for use in image.uses
    }
    contents: dict[Path, bytes | None] = {**rewritten(tree, digests)}
    lock = to_text(ImagesLock(tuple(image.locked for image in images))).encode()
    if lock != tree.lock_bytes and (images or tree.lock_bytes is not None):
        contents[tree.lock_file] = lock
    return contents


def rewritten(tree: Tree, digests: Mapping[ImageUse, str | None]) -> dict[Path, bytes]:
    """The manifests whose bytes change when these uses get these digests; DevkitError names one that cannot be."""
    of_file: dict[str, dict[ImageUse, str | None]] = {}
    for use, digest in digests.items():
        of_file.setdefault(use.place.file, {})[use] = digest
    contents = {}
    with uncollected():
        for manifest in tree.manifests:
            wanted, text = of_file.get(manifest.shown), manifest.text()
            if wanted is None or manifest.path is None or not isinstance(text, str):
                continue
            if changing := {use: digest for use, digest in wanted.items() if _changes(use, digest)}:
                bom = _BOM if (manifest.data or b"").startswith(_BOM) else b""
                contents[manifest.path.resolve()] = bom + _written(text, changing).encode()
    return contents


def _changes(use: ImageUse, digest: str | None) -> bool:
    return use.reference.partition("@")[2] != (digest or "")


def _written(text: str, digests: Mapping[ImageUse, str | None]) -> str:
    try:
        return rewrite(text, digests)
    except NotWritableError as error:
        place = error.use.place
        raise DevkitError(
            f"{place.file}:{place.line}: {error.use.reference} cannot be changed: {error}",
            "nothing was written; write the image out plainly there, without its digest, and run this again",
        ) from error


def _hindering(tree: Tree, image: Image) -> Iterator[Finding]:
    for finding in missing(tree.pins, image.uses[0], image.locked.name, image.locked):
        if finding.severity is Severity.ERROR:
            yield finding


def _left(tree: Tree, images: tuple[Image, ...]) -> Iterator[Finding]:
    """What stays as it is, and why: what the rules will still say afterwards."""
    done = {use for image in images for use in image.uses}
    kept = tuple(use for use in tree.pins.uses if use not in done and not tree.exempts(use))
    rest = dataclasses.replace(tree.pins, uses=kept, lock=tree.lock)
    yield from not_pinned(rest)
    yield from not_in_lock(rest)
