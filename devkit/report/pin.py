"""The plan of ./inv pin as text."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.images.folder import Skipped
from devkit.pin.plan import Image
from devkit.words import plural

_NAMED = 6
_SHORT = 19  # sha256: and twelve digits


def plan_text(images: tuple[Image, ...], files: tuple[str, ...]) -> str:
    """The images with what becomes of each, and the files that are written."""
    return "\n".join([*_images(images), f"writes {files_text(files)}"])


def files_text(files: tuple[str, ...]) -> str:
    """The files, or the first of them and how many more."""
    more = f", and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    return f"{', '.join(files[:_NAMED])}{more}"


def _images(images: tuple[Image, ...]) -> Iterator[str]:
    width = max((len(str(image.locked.name)) for image in images), default=0)
    for image in images:
        platforms = ", ".join(child.platform for child in image.locked.resolved.children)
        uses = plural(len(image.uses), "place")
        yield f"  {image.locked.name!s:{width}}  {_what(image)}  {uses}  {platforms}"


def _what(image: Image) -> str:
    now = image.locked.resolved.digest[:_SHORT]
    if image.locked.name.digest:
        return f"{now}  as written"
    if image.before is None:
        return f"{now}  new"
    before = image.before.resolved.digest
    return f"{now}  as locked" if before == image.locked.resolved.digest else f"{before[:_SHORT]} -> {now}"


def skipped_text(skipped: tuple[Skipped, ...]) -> str:
    """The files that are no manifests, each with the reason."""
    return "".join(f"skipped {each.shown}: {each.why}\n" for each in skipped)
