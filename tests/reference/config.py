"""docs/reference/config.md and config.schema.json: the structs of the settings, with what stands under their fields."""

from __future__ import annotations

import ast
import functools
import inspect
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from devkit import config
from devkit.config import ClusterEntry, IgnoreEntry, ServiceEntry, Settings, load_project
from devkit.errors import DevkitError
from devkit.json_schema import schema_of
from tests.reference.markdown import prose, table

STRUCTS: Mapping[str, type[msgspec.Struct]] = {
    "[tool.devkit]": Settings,
    "[[tool.devkit.service]]": ServiceEntry,
    "[[tool.devkit.ignore]]": IgnoreEntry,
    "[[tool.devkit.cluster]]": ClusterEntry,
}

# What people write wrong, for the page to show what is said then. Below [tool.devkit] where no table is named.
WRONG: tuple[str, ...] = (
    'migratoins = "sql"',
    "owner = 3",
    'contexts = "kind-*"',
    "statement-timeout-seconds = 0",
    "citus-workers = -1",
    "tilt-port = 0",
    'namespace = "default"',
    'namespace = "Dev_Infra"',
    'platforms = ["arm64"]',
    '[tool.devkit.emulated]\nredis = ["linux/riscv64"]',
    '[[tool.devkit.service]]\nname = "redis"\nasks = "redis"',
    '[[tool.devkit.service]]\nname = "loki"\nport = 3100\nasks = "tcp"',
    '[[tool.devkit.ignore]]\nrule = "no-triggers"\nfile = "V1__a.sql"',
    '[[tool.devkit.cluster]]\ncontext = "team"\nserver = "https://10.20.0.4:6443"\nuid = ""',
    "[[tool.devkit]]",
)


@functools.cache
def said(struct: type[msgspec.Struct]) -> dict[str, str]:
    """What is written under each field of a struct, by the field's name in TOML; "" where nothing is."""
    body = next(each for each in ast.parse(inspect.getsource(config)).body if _is_class(each, struct.__name__))
    assert isinstance(body, ast.ClassDef)
    under = dict(_under(body))
    return {field.encode_name: under.get(field.name, "") for field in msgspec.structs.fields(struct)}


def _is_class(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.ClassDef) and node.name == name


def _under(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in zip(body.body, body.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(written))):
                yield name, inspect.cleandoc(written)
            case _:
                pass


@functools.cache
def config_schema() -> bytes:
    """docs/reference/config.schema.json: of a whole pyproject.toml, since editors know no schema of one table."""
    made = json.loads(schema_of(Settings))
    for struct in STRUCTS.values():
        for key, text in said(struct).items():
            made["$defs"][struct.__name__]["properties"][key]["description"] = " ".join(text.split())
    devkit = {"type": "object", "properties": {"devkit": {"$ref": made["$ref"]}}}
    schema = {
        "$schema": made["$schema"],
        "title": "pyproject.toml with [tool.devkit]",
        "type": "object",
        "properties": {"tool": devkit},
        "$defs": made["$defs"],
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


def config_reference() -> str:
    """docs/reference/config.md."""
    return "".join(_page())


def _page() -> Iterator[str]:
    yield """\
# The settings

Generated from `devkit/config.py` by `python -m tests.reference`. They are in `pyproject.toml`, in the root of the
repository that devkit works on, and all of them may be left out. An option goes before an environment variable, that
before a setting. An unknown key and a value that cannot be meant are errors, exit 2, and nothing is done.

[config.schema.json](config.schema.json) is a JSON Schema of such a `pyproject.toml`. Editors with Taplo (Even Better
TOML in VS Code) complete and check by it when the first line of `pyproject.toml` names it (in another repository, a
copy of it):

```toml
#:schema ./docs/reference/config.schema.json
```
"""
    for title, struct in STRUCTS.items():
        yield f"\n## {title}\n\n"
        about = (inspect.getdoc(struct) or "").removeprefix(f"`{title}`: ")
        yield "".join(f"{prose(each[0].upper() + each[1:])}\n\n" for each in about.split("\n\n"))
        yield table(("key", "type", "default", "what it is"), _rows(struct))
    yield "\n## What a wrong value says\n\n```text\n"
    yield "\n".join(f"{each}\n{_indented(refusal(each))}" for each in WRONG)
    yield "```\n"


def _rows(struct: type[msgspec.Struct]) -> Iterator[tuple[str, ...]]:
    schema = json.loads(config_schema())["$defs"][struct.__name__]
    for key, text in said(struct).items():
        field = schema["properties"][key]
        default = "required" if key in schema.get("required", ()) else _default(field.get("default"))
        yield f"`{key}`", _type(field), default, prose(text)


def _type(field: Mapping[str, Any], s: str = "") -> str:
    """The type in words, with an `s` at the end of its name where there are several."""
    match field:
        case {"enum": values}:
            words = " or ".join(f"`{each}`" for each in values)
        case {"anyOf": [kind, {"type": "null"}]}:  # which TOML cannot write
            words = _type(kind, s)
        case {"$ref": _}:
            words = f"table{s}"
        case {"type": "array", "items": items}:
            words = f"array{s} of {_type(items, 's')}"
        case {"type": "object", "additionalProperties": values}:
            words = f"table{s} of {_type(values, 's')}"
        case {"type": str(name)}:
            words = f"{name}{s}{_bounds(field)}"
        case _:
            raise ValueError(field)
    return words


def _bounds(field: Mapping[str, Any]) -> str:
    match field:
        case {"minimum": least, "maximum": most}:
            return f", {least} to {most}"
        case {"minimum": least}:
            return f", {least} or more"
        case {"exclusiveMinimum": least}:
            return f" above {least}"
        case _:
            return ""


def _default(value: object) -> str:
    return "none" if value in ("", [], {}, None) else f"`{json.dumps(value)}`"


def refusal(text: str) -> str:
    """What devkit says to a pyproject.toml with `text` in it."""
    with tempfile.TemporaryDirectory() as folder:
        written = text if text.startswith("[") else f"[tool.devkit]\n{text}"
        (Path(folder) / "pyproject.toml").write_text(f"{written}\n")
        try:
            load_project(Path(folder))
        except DevkitError as error:
            return str(error).replace(f"{folder}/", "")
    raise ValueError(f"nothing is wrong with {text!r}")


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
