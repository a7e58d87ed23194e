"""A registry that answers from a table, and fails on what is not in it: no test reaches the network by accident."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from devkit.images.name import Name
from devkit.images.resolved import OCI_INDEX, Child, Resolved

BOTH = ("linux/amd64", "linux/arm64")


def digest_of(text: str) -> str:
    """A made-up digest."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def resolved(text: str, platforms: Iterable[str] = BOTH) -> Resolved:
    """A made-up image, the same for the same `text`."""
    children = (Child(each, digest_of(f"{text} {each}"), digest_of(f"{text} {each} config"), 7) for each in platforms)
    return Resolved(digest_of(text), OCI_INDEX, tuple(children))


class Registries:
    """Says what the images are, and remembers what it was asked."""

    def __init__(self, **of: Resolved) -> None:
        self.images = dict(of)
        self.asked: list[str] = []

    def __call__(self, names: Iterable[Name], known: Mapping[str, Resolved]) -> Mapping[Name, Resolved]:
        """Answer for each name, as `resolve` does."""
        del known
        answers = {}
        for name in names:
            self.asked.append(str(name))
            answers[name] = self.images.get(name.repository.rpartition("/")[2]) or self._made_up(name)
        return answers

    def _made_up(self, name: Name) -> Resolved:
        found = resolved(str(name))
        return found if name.digest is None else Resolved(name.digest, found.media_type, found.children)
