"""An image reference as written: repository, tag, digest, and whether the tag can move."""

from __future__ import annotations

import dataclasses
import re

_ONE_RELEASE = re.compile(r"\d+\.\d+\.\d+|\d{4}-\d\d-\d\d|\d{6,}")  # major.minor.patch, or a date
_POSTGRES_RELEASE = re.compile(r"[1-9]\d\.\d+")  # PostgreSQL counts with two numbers since 10


@dataclasses.dataclass(frozen=True, slots=True)
class ImageRef:
    """`repository[:tag][@digest]`, kept in the form the user wrote."""

    repository: str
    tag: str | None
    digest: str | None

    @property
    def is_specific(self) -> bool:
        """Whether the tag names one release: three numbers, or a date. Such a tag can still be rebuilt."""
        tag = self.tag or ""
        is_postgres = self.repository.rpartition("/")[2] == "postgres"
        return _ONE_RELEASE.search(tag) is not None or (is_postgres and _POSTGRES_RELEASE.match(tag) is not None)


def parse(text: str) -> ImageRef:
    """Split a reference. A colon before the last slash belongs to a registry's port."""
    name, _, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return ImageRef(f"{head}{slash}{last}", tag or None, digest or None)
