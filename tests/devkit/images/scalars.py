"""One scalar in each way that YAML has for it."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.devkit.images.drawn import Draw

_STR = "!<tag:yaml.org,2002:str>"
# What stands before the value on its line, or on lines of its own: {name} is an anchor, {in} an indentation.
_PREFIXES = {
    "plain": "",
    "tag": "!!str ",
    "tag written out": f"{_STR} ",
    "anchor": "&{name} ",
    "anchor, tag": "&{name} !!str ",
    "tag, anchor": "!!str   &{name} ",
    "tag that says nothing": "! ",
    "on a line of its own": "\n{in}",
    "anchor on a line of its own": "&{name}\n{in}",
    "tag on a line of its own, comment": "!!str # a tag\n{in}# more\n\n{in}",
    "anchor, then tag on lines of their own": "&{name}\n{in}!!str\n{in}",
}
_QUOTED = ("single", "double", "double \\x", "double \\u", "double over two lines")
_BLOCK = ("|", "|-", "|+", ">", ">-", ">+", "|2", ">1-", "|-3", "| # comment", "anchor >-", "!!str |-")
BLOCK_FORMS = (*_PREFIXES, *_QUOTED, *_BLOCK, "anchor double", "tag on a line of its own, single")
_FLOW_FORMS = ("plain", "single", "double", "double \\x", "tag", "anchor", "tag, anchor", "over two lines")


def key(draw: Draw, name: str, *, flow: bool = False) -> str:
    """A key as it may be written."""
    if name == "<<" or draw.chance(0.85):
        return name
    form = draw.form("key", "single", "double", "double \\x", "tag")
    return {
        "single": f"'{name}'",
        "double": f'"{name}"',
        "double \\x": f'"{escaped(name, 0, "x")}"',
        "tag": name if flow else f"!!str {name}",
    }[form]


def text(draw: Draw, value: str, *, flow: bool = False) -> str:
    """A text that is no image: plain where it can be, or quoted."""
    plain = value and value[0].isalpha() and not set(value) & set("{}[],#&*!|>'\"%@`") and ": " not in value
    if plain and value.lower() not in {"on", "off", "yes", "no", "true", "false", "null"} and draw.chance(0.6):
        return value
    return json_text(value) if flow or draw.chance(0.5) else "'" + value.replace("'", "''") + "'"


def json_text(value: str, *, slash: bool = False) -> str:
    """A text as JSON has it; `slash`: with the escaped slash that JSON allows."""
    written = json.dumps(value, ensure_ascii=False)
    return written.replace("/", "\\/") if slash else written


def escaped(value: str, at: int, kind: str) -> str:
    """The text with one character written with \\x or \\u."""
    code = f"\\x{ord(value[at]):02x}" if kind == "x" else f"\\u{ord(value[at]):04X}"
    return value[:at] + code + value[at + 1 :]


def flow_image(draw: Draw, reference: str, name: str) -> str:
    """An image inside of a flow mapping."""
    form = draw.form("image in flow", *_FLOW_FORMS)
    at = draw.number(0, len(reference) - 1)
    if form in _PREFIXES:
        return _PREFIXES[form].format(name=name) + reference
    if form == "single":
        return f"'{reference}'"
    if form == "double \\x":
        return f'"{escaped(reference, at, "x")}"'
    if form == "over two lines":
        return f'"{reference[:at]}\\\n{" " * 30}{reference[at:]}"'
    return f'"{reference}"'


def image(  # noqa: PLR0917 - what a scalar depends on
    form: str, reference: str, name: str, column: int, draw: Draw, end: Callable[[], str], *, tabs: bool
) -> str:
    """What follows `image:` at `column`, to the end of its last line."""
    inner = " " * (column + draw.number(1, 4))
    at = draw.number(0, len(reference) - 1)
    if form in _PREFIXES:
        prefix = _PREFIXES[form].replace("{in}", inner).format(name=name)
        gap = "" if prefix.startswith("\n") else draw.one(" ", " ", "    ", "\t" if tabs else " ")
        return f"{gap}{prefix}{reference}{end()}"
    if form in _BLOCK:
        return _block(form, reference, name, column, draw)
    written = {
        "single": f"'{reference}'",
        "double": f'"{reference}"',
        "double \\x": f'"{escaped(reference, at, "x")}"',
        "double \\u": f'"{escaped(reference, at, "u")}"',
        "double over two lines": f'"{reference[:at]}\\\n{inner}{reference[at:]}"',
        "anchor double": f'&{name} "{reference}"',
        "tag on a line of its own, single": f"{_STR}\n{inner}'{reference}'",
    }[form]
    return f" {written}{end()}"


def _block(form: str, reference: str, name: str, column: int, draw: Draw) -> str:
    digits = [int(each) for each in form if each.isdigit()]
    indent = " " * (column + (digits[0] if digits else draw.number(1, 6)))
    header = form.replace("anchor", f"&{name}").replace(" #", "  #")
    after = draw.one("", "", "\n", "\n\n")
    return f" {header}{draw.one('', ' ')}\n{indent}{reference}\n{after}"
