"""A page of the docs as its command blocks: pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from tests.docs.fences import COMMANDS, Fence, FormatError, read_fences
from tests.docs.marks import Marks, is_mark, read_marks
from tests.docs.transcript import Exchange, read_console

_TESTS = re.compile(r"\./inv (?:check|test)\b|\.ci/run\b|-m tests\.docs\b|-m pytest\b")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A command block. A block of sh is one exchange whose answer is of no interest."""

    fence: Fence
    marks: Marks
    exchanges: tuple[Exchange, ...]

    @property
    def is_console(self) -> bool:
        """Whether its output is compared."""
        return self.fence.language == "console"


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page by its name (the path from the repository's root), and its command blocks in order."""

    name: str
    text: str
    blocks: tuple[Block, ...]

    @property
    def runs_here(self) -> tuple[Block, ...]:
        """The blocks that its story runs."""
        return tuple(block for block in self.blocks if block.marks.is_run_here)

    @property
    def commands(self) -> tuple[str, ...]:
        """All that its story runs, what is given before a block too."""
        shown = ((block.marks.given, *(each.command for each in block.exchanges)) for block in self.runs_here)
        return tuple(command for commands in shown for command in commands if command)

    @property
    def needs(self) -> frozenset[str]:
        """What its story needs beside the copy: cluster, database, registry, minutes."""
        found: set[str] = set()
        for block in self.runs_here:
            found.update(block.marks.services, {"cluster"} if block.marks.on else (), {block.marks.takes} - {""})
        return frozenset(found)

    @property
    def checked(self) -> Page:
        """The page as ./inv check runs it: what comes behind the last answer of the page can show nothing wrong."""
        answers = [number for number, block in enumerate(self.blocks) if block.is_console and block.marks.is_run_here]
        return dataclasses.replace(self, blocks=self.blocks[: answers[-1] + 1] if answers else ())

    @property
    def is_quick(self) -> bool:
        """Whether any machine can run it, in seconds."""
        return bool(self.runs_here) and self.needs <= {"database"}


def read_page(name: str, text: str, run_by: str = "") -> Page:
    """The page called `name`; FormatError where it is not in the format. `run_by` is who runs its unmarked blocks."""
    blocks: list[Block] = []
    above: set[int] = set()
    begun: set[str] = set()
    for fence in read_fences(name, text):
        if fence.language not in COMMANDS:
            _refuse_commands(name, fence)
            continue
        marks = read_marks(name, fence.comments) if fence.comments else Marks(run_by=run_by)
        above.update(comment.line for comment in fence.comments)
        for service in begun.intersection(marks.services):
            raise FormatError(f"{name}:{fence.line}: with: {service}: an earlier block has begun it already")
        begun.update(marks.services)
        blocks.append(Block(fence, marks, _exchanges(name, fence)))
        _refuse_unclear_end(name, blocks[-1])
        _refuse_itself(name, blocks[-1])
    _refuse_stray(name, text, above)
    return Page(name, text, tuple(blocks))


def _exchanges(name: str, fence: Fence) -> tuple[Exchange, ...]:
    if not any(line.strip() for line in fence.body):
        raise FormatError(f"{name}:{fence.line}: a block without a command")
    if fence.language == "console":
        return read_console(name, fence.line, fence.body)
    for number, line in enumerate(fence.body):
        if line.startswith("$ "):
            raise FormatError(f"{name}:{fence.line + 1 + number}: $ begins a command of a console block, not of sh")
    return (Exchange("\n".join(fence.body), 0, fence.body, ()),)


def _refuse_unclear_end(name: str, block: Block) -> None:
    """Of several commands that sh stops at, nobody could tell which one ended with the code."""
    if block.marks.exit and not block.is_console and len(_commands(block.fence.body)) > 1:
        raise FormatError(
            f"{name}:{block.fence.line}: exit: of which command? put the one that ends so into a block of its own"
        )


def _refuse_itself(name: str, block: Block) -> None:
    """The tests run the pages: a page that ran the tests would never end."""
    for each in block.exchanges:
        if block.marks.is_run_here and (match := _TESTS.search(each.command)):
            line = block.fence.line + 1 + each.line
            raise FormatError(f"{name}:{line}: {match[0]} runs the pages, this one too; say who runs it: run by: PATH")


def _commands(body: Iterable[str]) -> list[str]:
    """The lines that begin a command: not comments, and not what goes on from the line before."""
    text = "\n".join(body).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _refuse_commands(name: str, fence: Fence) -> None:
    for number, line in enumerate(fence.body):
        if fence.language == "text" and line.startswith("$ "):
            raise FormatError(f"{name}:{fence.line + 1 + number}: a command in a text block; is it a console block?")


def _refuse_stray(name: str, text: str, above: set[int]) -> None:
    """A mark that is not right above a command block marks nothing."""
    for match in _COMMENT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if line not in above and is_mark(match[1].strip()):
            raise FormatError(f"{name}:{line}: a mark that is not right above a command block: {match[1].strip()}")
