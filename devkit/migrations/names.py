"""Names in a parse tree as regclass reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Tree = Any  # a node of pglast, which ships no types


def relation_name(relation: Tree) -> str:
    """A RangeVar's name, with its schema when it is written."""
    return ".".join(quoted(part) for part in (relation.schemaname, relation.relname) if part)


def joined(parts: Iterable[Tree]) -> str:
    """A list of String nodes as one name."""
    return ".".join(quoted(part.sval) for part in parts)


def quoted(identifier: str) -> str:
    """An identifier that means the same with every keyword and in every case."""
    return '"' + identifier.replace('"', '""') + '"'
