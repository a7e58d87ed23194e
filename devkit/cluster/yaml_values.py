"""YAML to values of JSON, each document and each item of a list with its line, as Kubernetes reads them.

What is followed is sigs.k8s.io/yaml over go.yaml.in/yaml/v2 (decode.go), which kubectl, Tilt and the API server share.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from typing import Any, Never

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from devkit.cluster.scalars import Scalar, plain
from devkit.errors import DevkitError

_TAGS = "tag:yaml.org,2002:"
_RESOLVED = frozenset(f"{_TAGS}{each}" for each in ("bool", "float", "int", "null"))
_LONG = 2**63  # Kubernetes' reader rounds a longer number that is a key
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_SEE_PLACE = "./inv verify shows the place to mend"


@dataclasses.dataclass(frozen=True, slots=True)
class Value:
    """A document, or an item of a list, and the line that it begins on: for a mapping that of its first key."""

    value: Any = dataclasses.field(repr=False)  # may be a Secret
    line: int


class Items(list[Any]):
    """A list, with the line of each item."""

    def __init__(self, found: list[Value]) -> None:
        super().__init__(each.value for each in found)
        self.lines = [each.line for each in found]


def read_values(text: str, shown: str) -> tuple[Value, ...]:
    """The documents of `text`, empty ones as None; what an anchor shares is one value, and lists are Items.

    DevkitError names the file, `shown`, and the line of what is no YAML or what JSON cannot say. It quotes no value,
    since that may be a Secret's.
    """
    try:
        return tuple(_Reader(text, shown).documents())
    except MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise DevkitError(f"{shown} is no YAML: {error.problem or 'not YAML'}{line}", _SEE_PLACE) from None
    except YAMLError as error:
        raise DevkitError(f"{shown} is no YAML: {str(error).splitlines()[0]}", _SEE_PLACE) from None
    except (ValueError, OverflowError):  # of chr()
        raise DevkitError(f"{shown} is no YAML: it has an escape beyond Unicode", _SEE_PLACE) from None
    except RecursionError:
        raise DevkitError(f"{shown} is nested too deeply to be read", "write it with fewer levels") from None


class _Reader:
    """Reads the parser's events, which alone tell a plain scalar from a quoted and a tagged one."""

    def __init__(self, text: str, shown: str) -> None:
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self._shown = shown
        self._anchors: dict[str, Any] = {}

    def documents(self) -> Iterator[Value]:
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._anchors = {}
                yield self._node(next(self._events))

    def _node(self, event: Any) -> Value:  # noqa: ANN401 - ruamel's events
        line = event.start_mark.line + 1
        value: Any
        if isinstance(event, AliasEvent):
            return Value(self._alias(event, line), line)
        anchor, started = event.anchor, event
        if anchor is not None:
            self._anchors[anchor] = started
        if isinstance(event, ScalarEvent):
            value = self._scalar(event, line)
        elif isinstance(event, SequenceStartEvent):
            value = Items(list(self._sequence()))
        else:
            value, line = self._mapping(line)
        if self._anchors.get(anchor) is started:  # nothing inside has taken its name
            self._anchors[anchor] = value
        return Value(value, line)

    def _alias(self, event: AliasEvent, line: int) -> Any:  # noqa: ANN401 - JSON
        found = self._anchors.get(event.anchor, event)
        if isinstance(found, Event):
            self._refuse(
                line, "an alias (*NAME) has no anchor (&NAME) above it", "write the anchor, or quote what is a text"
            )
        return found

    def _sequence(self) -> Iterator[Value]:
        while not isinstance(event := next(self._events), SequenceEndEvent):
            yield self._node(event)

    def _mapping(self, line: int) -> tuple[dict[str, Any], int]:
        """The mapping and the line of its first key; `line` when it has none."""
        found: dict[str, Any] = {}
        written: dict[str, int] = {}
        first = 0
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._node(event)
            first = first or key.line
            value = self._node(next(self._events)).value
            if _is_merge(event):
                self._merge(found, value, key.line)  # over what stands above it, as kubectl does; YAML says otherwise
                continue
            name = self._key(key)
            if name in written:
                self._refuse(key.line, f"the key {name} is there twice (line {written[name]} too)", "delete one")
            written[name] = key.line
            found[name] = value
        return found, first or line

    def _merge(self, into: dict[str, Any], value: object, line: int) -> None:
        for each in [*reversed(value)] if isinstance(value, Items) else [value]:  # the first of a list wins
            if not isinstance(each, dict):
                self._refuse(line, "<< is for something that is no mapping", "name the anchor of a mapping")
            into.update(each)

    def _key(self, key: Value) -> str:
        if isinstance(key.value, bool):
            return "true" if key.value else "false"
        if isinstance(key.value, str) or (isinstance(key.value, int) and abs(key.value) < _LONG):
            return str(key.value)
        return self._refuse(key.line, "a key is no text: empty, a fraction, a long number or a list", "quote it")

    def _scalar(self, event: ScalarEvent, line: int) -> Scalar:
        if event.tag == f"{_TAGS}binary":
            self._refuse(line, "!!binary is what JSON does not know", "write base64 without it, in a Secret's data")
        is_plain = event.tag is None and not event.style
        value = plain(event.value) if is_plain or event.tag in _RESOLVED else str(event.value)
        if isinstance(value, float) and not math.isfinite(value):
            self._refuse(line, f"{event.value} is a number that JSON does not know", "quote it when it is a text")
        if isinstance(value, str) and _HALF_A_CHARACTER.search(value):
            return self._joined(value, line)
        return value

    def _joined(self, value: str, line: int) -> str:
        """JSON writes a character beyond U+FFFF as two escapes."""
        try:
            return value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            return self._refuse(line, "an escape is half a character", "write the character itself")

    def _refuse(self, line: int, what: str, cure: str) -> Never:
        raise DevkitError(f"{self._shown}:{line}: {what}", cure)


def _is_merge(event: Any) -> bool:  # noqa: ANN401 - ruamel's events
    is_written = isinstance(event, ScalarEvent) and event.value == "<<"
    return is_written and (event.tag == f"{_TAGS}merge" or (event.tag is None and not event.style))
