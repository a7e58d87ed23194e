"""YAML text to nodes with their exact place, read as Kubernetes reads it. The only file that knows a YAML reader."""

from __future__ import annotations

import dataclasses
import itertools
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from yaml._yaml import CParser

# An anchor or a tag, with the blanks, line ends and comments after it: what may stand before a scalar's own text.
_PROPERTY = re.compile(r"[&!][^\s]*(?:[ \t]+|\s*\n|[ \t]+#[^\n]*\n)(?:\s|#[^\n]*\n)*")


_DEEPEST = 460  # what walks along the nodes calls itself


class NotYamlError(ValueError):
    """A text that is no YAML; `start` is where, in characters."""

    def __init__(self, why: str, start: int) -> None:
        super().__init__(why)
        self.start = start


@dataclasses.dataclass(slots=True, eq=False)  # frozen would cost as much as reading the YAML
class Scalar:
    """A scalar: its value, and the stretch of characters that says it, without anchor and tag.

    `style` is "" for a plain one, else one of ' " | >. `event` numbers it in the text; `aliases` counts how often it
    is used by name elsewhere.
    """

    value: str
    start: int
    end: int
    style: str
    event: int
    aliases: int = 0


@dataclasses.dataclass(slots=True, eq=False)
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
        return self.own(key) or next((found for source in self.sources() if (found := source.own(key))), [])

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


@dataclasses.dataclass(slots=True, eq=False)
class Sequence:
    """Items in the order of the text."""

    items: list[Node]


Node = Scalar | Mapping | Sequence
# What an event says, beside the value of a scalar.
_SAID: dict[type[yaml.Event], Callable[[Any], object]] = {
    yaml.StreamStartEvent: type,
    yaml.StreamEndEvent: type,
    yaml.DocumentStartEvent: operator.attrgetter("explicit", "version", "tags"),
    yaml.DocumentEndEvent: operator.attrgetter("explicit"),
    yaml.AliasEvent: operator.attrgetter("anchor"),
    yaml.ScalarEvent: operator.attrgetter("anchor", "tag", "implicit", "style"),
    yaml.SequenceStartEvent: operator.attrgetter("anchor", "tag", "implicit", "flow_style"),
    yaml.SequenceEndEvent: type,
    yaml.MappingStartEvent: operator.attrgetter("anchor", "tag", "implicit", "flow_style"),
    yaml.MappingEndEvent: type,
}


def documents(text: str) -> list[Node | None]:
    """The root of each document of `text` (without a byte order mark), None for an empty one.

    Raises NotYamlError where the text is none, or an alias names what is not there or what it stands in. What an alias
    names is the same node again.
    """
    building = _Building(text)
    for event in _events(text):
        building.add(event)
    return building.roots


def first_difference(one: str, other: str, values: dict[int, str]) -> int | None:
    """The number of the first event that differs between two texts, or that `values` gives another value; else None.

    Where a scalar stands is no difference; its anchor, its tag and how it is quoted are. NotYamlError as documents().
    """
    for number, (left, right) in enumerate(itertools.zip_longest(_events(one), _events(other))):
        kind = left.__class__
        if kind is not right.__class__ or _SAID[kind](left) != _SAID[kind](right):
            return number
        if kind is yaml.ScalarEvent and values.get(number, left.value) != right.value:
            return number
    return None


def _events(text: str) -> Iterator[Any]:  # yaml.Event of some kind; its stubs know no attributes
    try:
        parser = CParser(text)
        try:
            while (event := parser.get_event()) is not None:
                yield event
        finally:
            parser.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYamlError(str(error.problem or "not YAML"), mark.index if mark else 0) from error
    except yaml.reader.ReaderError as error:
        raise NotYamlError(str(error.reason), _characters(text, int(error.position))) from error


def _characters(text: str, octets: int) -> int:
    """So many bytes of the text, in characters: libyaml counts bytes where it cannot read them."""
    return len(text.encode()[:octets].decode(errors="ignore"))


class _Building:
    """Nodes out of events."""

    def __init__(self, text: str) -> None:
        self.roots: list[Node | None] = []
        self._text = text
        self._event = -1
        self._anchors: dict[str, Node | None] = {}
        # What is open, from the root on: the node, and its anchor, which names it once it is whole.
        self._open: list[tuple[Mapping | Sequence, str | None]] = []
        self._keys: list[Node | None] = []  # by what is open: the key that waits for its value

    def add(self, event: Any) -> None:  # noqa: ANN401 - a yaml.Event
        """Take one event; the commonest kinds first."""
        self._event += 1
        kind = event.__class__  # not isinstance(): there are more events than words
        if kind is yaml.ScalarEvent:
            self._put(self._scalar(event))
        elif kind is yaml.MappingStartEvent:
            self._begin(Mapping([], event.start_mark.index), event.anchor)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            node, anchor = self._open.pop()
            self._keys.pop()
            if anchor:
                self._anchors[anchor] = node
        elif kind is yaml.SequenceStartEvent:
            self._begin(Sequence([]), event.anchor)
        elif kind is yaml.AliasEvent:
            self._put(self._named(event))
        elif kind is yaml.DocumentStartEvent:
            self._anchors = {}

    def _put(self, node: Node) -> None:
        if not self._open:
            empty = isinstance(node, Scalar) and not node.value and not node.style
            self.roots.append(None if empty else node)
            return
        parent = self._open[-1][0]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = node
        else:
            parent.pairs.append((key, node))
            self._keys[-1] = None

    def _begin(self, node: Mapping | Sequence, anchor: str | None) -> None:
        if len(self._open) == _DEEPEST:
            raise NotYamlError("nested more deeply than any manifest", 0)
        self._put(node)
        if anchor:
            self._anchors[anchor] = None  # until it is whole
        self._open.append((node, anchor))
        self._keys.append(None)

    def _named(self, event: Any) -> Node:  # noqa: ANN401 - a yaml.AliasEvent
        named = self._anchors.get(event.anchor)
        if named is None:
            what = "what it stands in" if event.anchor in self._anchors else "nothing before it"
            raise NotYamlError(f"the alias *{event.anchor} names {what}", event.start_mark.index)
        if isinstance(named, Scalar):
            named.aliases += 1
        return named

    def _scalar(self, event: Any) -> Scalar:  # noqa: ANN401 - a yaml.ScalarEvent
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor or event.tag:
            while found := _PROPERTY.match(self._text, start, end):
                start = found.end()
        node = Scalar(event.value, start, end, event.style or "", self._event)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node
