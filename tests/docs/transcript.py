"""A console block as commands with what each answers: pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tests.docs.fences import FormatError

ANY = "…"  # a line that is only this stands for any lines


@dataclasses.dataclass(frozen=True, slots=True)
class Exchange:
    """A command, the number of its line in the block (from 0), its lines in the block, and the lines that follow."""

    command: str
    line: int
    typed: tuple[str, ...]
    answer: tuple[str, ...]


def read_console(page: str, line: int, body: Sequence[str]) -> tuple[Exchange, ...]:
    """The exchanges of a block that begins below line `line` of `page`.

    `$ ` begins a command, `> ` right below goes on with it, as a terminal shows it.
    """
    if not body or not body[0].startswith("$ "):
        raise FormatError(f"{page}:{line + 1}: a console block begins with $ and a command")
    found: list[Exchange] = []
    for number, text in enumerate(body):
        if text.startswith("$ "):
            found.append(Exchange(text[2:], number, (text,), ()))
            continue
        last = found[-1]
        if text.startswith("> ") and not last.answer:
            more = dataclasses.replace(last, command=f"{last.command}\n{text[2:]}", typed=(*last.typed, text))
        else:
            more = dataclasses.replace(last, answer=(*last.answer, text))
        found[-1] = more
    for each in found:
        for before, after in zip(each.answer, each.answer[1:], strict=False):
            if before.strip() == after.strip() == ANY:
                raise FormatError(f"{page}:{line + 1 + each.line}: {ANY} twice in a row is no more than once")
    return tuple(found)


def written(exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """The block's lines."""
    return tuple(line for each in exchanges for line in (*each.typed, *each.answer))
