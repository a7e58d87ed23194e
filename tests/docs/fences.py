"""The fenced blocks of a Markdown text, with the comments right above each: pure, and strict."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

COMMANDS = ("sh", "console")
OTHERS = ("diff", "dockerfile", "ini", "json", "mermaid", "python", "sql", "starlark", "text", "toml", "yaml")
_SHELLS = ("bash", "shell", "zsh", "fish", "dash", "shell-session", "shellsession", "sh-session", "powershell", "cmd")
_OPENING = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*?)[ \t]*$")
_QUOTED = re.compile(r"^[ \t]*>[ \t>]*(`{3,}|~{3,})")
_BARE = re.compile(r"^\s*(?:\$ |\./inv |\.?/?\.venv/bin/)")
_LISTED = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:`{3,}|~{3,})")


class FormatError(Exception):
    """A page is not written in the format; the message begins with page:line, as an editor wants it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment above a fence: the number of its first line, and its text."""

    line: int
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: `line` is that of the opening fence, from 1; `body` is without the fence's indentation."""

    line: int
    language: str
    indent: str
    body: tuple[str, ...]
    comments: tuple[Comment, ...]


def read_fences(page: str, text: str) -> tuple[Fence, ...]:
    """Every fence of `text`, in order; FormatError names `page` and the line of what cannot be read with certainty."""
    lines = text.split("\n")
    found: list[Fence] = []
    at = 0
    while at < len(lines):
        opening = _OPENING.match(lines[at])
        if opening is None:
            _refuse_hidden(page, at + 1, lines[at])
            at = _comment_end(page, lines, at) + 1
            continue
        end = _closing(page, lines, at, opening)
        found.append(
            Fence(at + 1, _language(page, at + 1, opening["info"]), opening["indent"],
                  _body(page, lines, at, end, opening["indent"]), _comments(lines, at))
        )  # fmt: skip
        at = end + 1
    return tuple(found)


def _comment_end(page: str, lines: Sequence[str], at: int) -> int:
    """The line on which a comment that begins at `at` ends; `at` itself without one, or with one that ends there."""
    _, begins, rest = lines[at].rpartition("<!--")
    if not begins or "-->" in rest:
        return at
    for end in range(at + 1, len(lines)):
        if "-->" in lines[end]:
            return end
    raise FormatError(f"{page}:{at + 1}: a comment that does not end")


def _refuse_hidden(page: str, line: int, text: str) -> None:
    """A block that Markdown shows as one and we would not see must not be there."""
    if _QUOTED.match(text) or _LISTED.match(text):
        raise FormatError(f"{page}:{line}: a fence behind a quote or list mark; put it on a line of its own")
    if _BARE.match(text):
        raise FormatError(f"{page}:{line}: a command outside of a fence; put it into one that begins with ```sh")


def _closing(page: str, lines: Sequence[str], at: int, opening: re.Match[str]) -> int:
    fence = opening["fence"]
    closing = re.compile(rf"^[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    for end in range(at + 1, len(lines)):
        if closing.match(lines[end]):
            return end
    raise FormatError(f"{page}:{at + 1}: a fence that is not closed; end it with {fence}")


def _language(page: str, line: int, info: str) -> str:
    words = info.split()
    if not words:
        raise FormatError(f"{page}:{line}: a fence without a language; sh, console, or text for what is no command")
    language, *more = words
    if language.lower() in _SHELLS:
        raise FormatError(f"{page}:{line}: commands are run by sh: write ```sh, not ```{language}")
    if language not in (*COMMANDS, *OTHERS):
        known = ", ".join((*COMMANDS, *OTHERS))
        raise FormatError(f"{page}:{line}: no language {language} here; one of {known}")
    if more:
        raise FormatError(f"{page}:{line}: ```{info} says more than its language; marks are comments above the fence")
    return language


def _body(page: str, lines: Sequence[str], at: int, end: int, indent: str) -> tuple[str, ...]:
    body = []
    for number in range(at + 1, end):
        line = lines[number]
        if line.strip() and not line.startswith(indent):
            raise FormatError(f"{page}:{number + 1}: less indented than the fence of its block")
        body.append(line[len(indent) :] if line.strip() else "")
    return tuple(body)


def _comments(lines: Sequence[str], at: int) -> tuple[Comment, ...]:
    """The comments that end on the line above `at`, and those right above them, from top to bottom."""
    found: list[Comment] = []
    last = at - 1
    while last >= 0 and lines[last].rstrip().endswith("-->"):
        first = last
        while first > 0 and "<!--" not in lines[first]:
            first -= 1
        block = "\n".join(lines[first : last + 1]).strip()
        if not block.startswith("<!--"):
            break
        found.append(Comment(first + 1, block.removeprefix("<!--").removesuffix("-->").strip()))
        last = first - 1
    return tuple(reversed(found))
