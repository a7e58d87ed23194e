"""Pinning and its undoing, as devkit's command does them, with a digest that is made up from the reference."""

from __future__ import annotations

import hashlib
from pathlib import Path

from devkit.images.manifest import Declared, Found, ImageUse, find_images
from devkit.images.rewrite import rewrite

BOM = "\ufeff"


def digest(reference: str) -> str:
    """A digest that stands for the reference, and for nothing else."""
    return f"sha256:{hashlib.sha256(reference.encode()).hexdigest()}"


def find(text: str, declared: Declared | None = None) -> Found:
    """What is found in a text without a byte order mark."""
    return find_images(text, "f.yaml", declared)


def pinnable(found: Found) -> list[ImageUse]:
    """The uses that a pin would change."""
    return [use for use in found.uses if not use.blocked and "@" not in use.reference]


def pin(text: str, declared: Declared | None = None) -> str:
    """The text with a digest behind each image that has none."""
    uses = pinnable(find(text, declared))
    return rewrite(text, {use: digest(use.reference) for use in uses})


def undo(text: str, before: str, declared: Declared | None = None) -> str:
    """The pinned text without the digests that pinning `before` put there."""
    was = {(use.path, at) for at, use in enumerate(find(before, declared).uses) if "@" not in use.reference}
    uses = [use for at, use in enumerate(find(text, declared).uses) if (use.path, at) in was and not use.blocked]
    return rewrite(text, dict.fromkeys(uses))


def pin_bytes(raw: bytes) -> bytes:
    """A file pinned: the byte order mark is kept apart."""
    text = raw.decode()
    mark = BOM if text.startswith(BOM) else ""
    return (mark + pin(text.removeprefix(BOM))).encode()


def undo_bytes(raw: bytes, before: bytes) -> bytes:
    """A pinned file undone."""
    text = raw.decode()
    mark = BOM if text.startswith(BOM) else ""
    return (mark + undo(text.removeprefix(BOM), before.decode().removeprefix(BOM))).encode()


DATA = Path(__file__).parents[2] / "data" / "pins"
