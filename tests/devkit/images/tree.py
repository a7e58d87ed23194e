"""What a manifest says, apart from how it is written."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(eq=False)
class Image:
    """An image, at a place where Kubernetes has one (`known`) or somewhere else."""

    reference: str
    known: bool = True


@dataclasses.dataclass(eq=False)
class Raw:
    """A scalar that is written exactly so."""

    text: str


@dataclasses.dataclass(eq=False)
class Text:
    """Lines that are written as a block scalar where the style allows, else in double quotes."""

    lines: tuple[str, ...]


@dataclasses.dataclass(eq=False)
class Map:
    """Pairs in their order. A `base` may get an anchor, and be repeated or merged by a later base."""

    pairs: list[tuple[str, Node]]
    base: bool = False


@dataclasses.dataclass(eq=False)
class List:
    """Items; the writer may repeat a base at the end when `grows`."""

    items: list[Node]


Node = Image | Raw | Text | Map | List | str
Path = tuple[str, ...]


@dataclasses.dataclass(eq=False)
class Meant:
    """An image scalar as it was written: every path that leads to it as an image, and where it stands itself."""

    reference: str
    at: Path
    paths: list[Path]
    blocked: bool = False
