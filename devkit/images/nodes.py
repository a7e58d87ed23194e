"""YAML text to nodes with their exact place, read as Kubernetes reads it. The only file that knows a YAML reader."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import yaml

# An anchor or a tag, with the blanks, line ends and comments after it: what may stand before a scalar's own text.
_PROPERTY = re.compile(r"[&!][^\s]*(?:[ \t]+|\s*\n|[ \t]+#[^\n]*\n)(?:\s|#[^\n]*\n)*")


class NotYamlError(ValueError):
    """A text that is no YAML; `start` is where, in characters."""

    def __init__(self, why: str, start: int) -> None:
        super().__init__(why)
        self.start = start


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A scalar: its value, and the stretch of characters that says it, without anchor and tag.

    `style` is "" for a plain one, else one of ' " | >. `event` numbers it in the text; `aliases` says how often it is
    used by name elsewhere.
    """

    value: str
    start: int
    end: int
    style: str
    event: int
    aliases: list[int]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Pairs in the order of the text. `start` is where it begins, in characters."""

    pairs: list[tuple[Node, Node]]
    start: int

    def get(self, key: str) -> Node | None:
        """What Kubernetes sees under `key`: the last one written, else one that is merged in with <<."""
        found = self.all(key)
        return found[-1] if found else None

    def own(self, key: str) -> list[Node]:
        """What is written under `key` in this mapping itself."""
        return [value for name, value in self.pairs if isinstance(name, Scalar) and name.value == key]

    def all(self, key: str) -> list[Node]:
        """Everything under `key`: more than one where it is written twice."""
        return next((found for source in self.sources() if (found := source.own(key))), [])

    def sources(self) -> Iterator[Mapping]:
        """This mapping and all that is merged into it, each once, the one that wins first."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            source = waiting.pop()
            if id(source) not in seen:
                seen.add(id(source))
                yield source
                waiting += reversed(source.merges())

    def merges(self) -> list[Mapping]:
        """What is merged in with <<, the one that wins first (yaml.org/type/merge.html)."""
        found = [
            value for name, value in self.pairs if isinstance(name, Scalar) and name.value == "<<" and not name.style
        ]
        sources = [item for value in found for item in (value.items if isinstance(value, Sequence) else [value])]
        return [each for each in sources if isinstance(each, Mapping)]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """Items in the order of the text."""

    items: list[Node]


Node = Scalar | Mapping | Sequence
# An event: its kind, and what it says (value, anchor, tag, style, …).
Said = tuple[type[yaml.Event], dict[str, Any]]


def documents(text: str) -> list[Node | None]:
    """The root of each document of `text` (without a byte order mark), None for an empty one.

    Raises NotYamlError where the text is none, or has an alias that names nothing or what it stands in: Kubernetes
    reads neither. What an alias names is the same node again.
    """
    try:
        return _Reader(text).documents()
    except RecursionError as error:
        raise NotYamlError("nested more deeply than any manifest", 0) from error


def events(text: str) -> Iterator[Said]:
    """What the text says, one value an event, without places: two texts that say the same have the same events."""
    for event in _events(text):
        said = vars(event)  # of its own, and not looked at again
        del said["start_mark"], said["end_mark"]
        yield type(event), said


def _events(text: str) -> Iterator[Any]:  # yaml.Event of some kind; its stubs know no attributes
    try:
        loader = yaml.CLoader(text)
        try:
            while (event := loader.get_event()) is not None:
                yield event
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYamlError(str(error.problem or "not YAML"), mark.index if mark else 0) from error
    except yaml.reader.ReaderError as error:
        raise NotYamlError(str(error.reason), _characters(text, int(error.position))) from error


def _characters(text: str, octets: int) -> int:
    """So many bytes of the text, in characters: libyaml counts bytes where it cannot read them."""
    return len(text.encode()[:octets].decode(errors="ignore"))


class _Reader:
    """Builds nodes from events."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._events = enumerate(_events(text))
        self._anchors: dict[str, Node | None] = {}

    def documents(self) -> list[Node | None]:
        roots: list[Node | None] = []
        for number, event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(number, event)
                roots.append(None if isinstance(root, Scalar) and not root.value and not root.style else root)
        return roots

    def _node(self, number: int, event: Any) -> Node:  # noqa: ANN401 - a yaml.NodeEvent
        if isinstance(event, yaml.AliasEvent):
            anchor = str(event.anchor)
            named = self._anchors.get(anchor)
            if named is None:
                what = "what it stands in" if anchor in self._anchors else "nothing before it"
                mark = event.start_mark
                raise NotYamlError(f"the alias *{anchor} names {what}", mark.index if mark else 0)
            if isinstance(named, Scalar):
                named.aliases.append(number)
            return named
        if event.anchor:
            self._anchors[event.anchor] = None  # until it is whole
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(number, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Sequence(list(self._children(yaml.SequenceEndEvent)))
        else:
            node = self._mapping(event.start_mark.index)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _mapping(self, start: int) -> Mapping:
        pairs: list[tuple[Node, Node]] = []
        for number, event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(number, event)
            pairs.append((key, self._node(*next(self._events))))
        return Mapping(pairs, start)

    def _children(self, end: type[yaml.Event]) -> Iterator[Node]:
        for number, event in self._events:
            if isinstance(event, end):
                return
            yield self._node(number, event)

    def _scalar(self, number: int, event: Any) -> Scalar:  # noqa: ANN401 - a yaml.ScalarEvent
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor or event.tag:
            while found := _PROPERTY.match(self._text, start, end):
                start = found.end()
        style = event.style if event.style in {"'", '"', "|", ">"} else ""
        return Scalar(event.value, start, end, style, number, [])
