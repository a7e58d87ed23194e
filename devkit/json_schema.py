"""The JSON Schema of a report: the same bytes from every Python."""

from __future__ import annotations

import inspect

import msgspec

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(report: type[msgspec.Struct]) -> bytes:
    """The schema of all that `report` holds, its keys in order, with a newline at its end."""
    schema = msgspec.json.schema(report)
    for each in schema["$defs"].values():
        if "description" in each:
            each["description"] = inspect.cleandoc(each["description"])  # as Python 3.13 compiles it
    return msgspec.json.format(msgspec.json.encode({"$schema": _DIALECT, **schema}, order="sorted"), indent=2) + b"\n"
