"""What comments above a command block say about running it: pure; a mark that changes nothing is refused."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from tests.docs.fences import Comment, FormatError

REASONS = ("Docker", "Mac", "network")
CLUSTERS = ("cluster", "new cluster", "new machine")
SERVICES = ("database", "registry")
FORMAT = """\
  <!-- exit: 1 -->                    the (last) command ends with that code
  <!-- given: SHELL -->               run silently before the block; may take several lines
  <!-- on: cluster -->                run with the test bed as the cluster, the stack of the sample up
  <!-- on: new cluster -->            the same, and nothing is up yet, nor agreed to
  <!-- on: new machine -->            no cluster is there; kind on PATH makes the test bed
  <!-- with: database -->             from here on an empty database app of the role app is at localhost ($PGPORT)
  <!-- with: registry -->             from here on the sample's images can be asked for, as if from Docker Hub
  <!-- types: WORD -->                what a person types when the program asks; once for each question
  <!-- takes: minutes -->             only the long run has the page: ./inv test --full, not ./inv check
  <!-- run by: PATH -->               the test or script PATH reads this block out of the page, and runs it
  <!-- not run: Docker -- why -->     or Mac, or network: not runnable where tests run"""
_NAMES = ("exit", "given", "on", "with", "types", "takes", "run by", "not run")
MARK = re.compile(rf"({'|'.join(_NAMES)}):\s*(.*)", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one block; the defaults are what a block without marks has."""

    exit: int = 0
    given: str = ""
    on: str = ""
    services: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    takes: str = ""
    run_by: str = ""
    not_run: str = ""
    why: str = ""

    @property
    def is_run_here(self) -> bool:
        """Whether the story runs the block itself."""
        return not self.run_by and not self.not_run


def read_marks(page: str, comments: Iterable[Comment]) -> Marks:
    """The marks in `comments`; FormatError for what is unknown, said twice, empty or of no effect."""
    marks = Marks()
    for comment in comments:
        where = f"{page}:{comment.line}"
        match = MARK.fullmatch(comment.text)
        if match is None:
            raise FormatError(f"{where}: no mark, above a command block: {comment.text!r}; one of\n{FORMAT}")
        name, value = match[1], match[2].strip()
        marks = _READERS[name](where, value, marks)
    _refuse_useless(page, comments, marks)
    return marks


def is_mark(text: str) -> bool:
    """Whether a comment is meant as a mark."""
    return MARK.fullmatch(text) is not None


def _exit(where: str, value: str, marks: Marks) -> Marks:
    _once(where, "exit", said=bool(marks.exit))
    if not value.isdecimal() or not 1 <= int(value) <= 255:
        raise FormatError(f"{where}: exit: {value}: a code from 1 to 255; 0 is what every block must end with anyway")
    return dataclasses.replace(marks, exit=int(value))


def _given(where: str, value: str, marks: Marks) -> Marks:
    _once(where, "given", said=bool(marks.given))
    if not value:
        raise FormatError(f"{where}: given: without a command")
    return dataclasses.replace(marks, given=value)


def _on(where: str, value: str, marks: Marks) -> Marks:
    _once(where, "on", said=bool(marks.on))
    if value not in CLUSTERS:
        raise FormatError(f"{where}: on: {value}: one of {', '.join(CLUSTERS)}")
    return dataclasses.replace(marks, on=value)


def _with(where: str, value: str, marks: Marks) -> Marks:
    _once(where, f"with: {value}", said=value in marks.services)
    if value not in SERVICES:
        raise FormatError(f"{where}: with: {value}: one of {', '.join(SERVICES)}")
    return dataclasses.replace(marks, services=(*marks.services, value))


def _types(where: str, value: str, marks: Marks) -> Marks:
    if not value or "\n" in value:
        raise FormatError(f"{where}: types: one line, as a person types it; a second mark for a second question")
    return dataclasses.replace(marks, types=(*marks.types, value))


def _takes(where: str, value: str, marks: Marks) -> Marks:
    _once(where, "takes", said=bool(marks.takes))
    if value != "minutes":
        raise FormatError(f"{where}: takes: {value}: minutes is all that can be said")
    return dataclasses.replace(marks, takes=value)


def _run_by(where: str, value: str, marks: Marks) -> Marks:
    _once(where, "run by", said=bool(marks.run_by))
    if not value:
        raise FormatError(f"{where}: run by: without the path of a test or script")
    return dataclasses.replace(marks, run_by=value)


def _not_run(where: str, value: str, marks: Marks) -> Marks:
    _once(where, "not run", said=bool(marks.not_run))
    reason, dash, why = (part.strip() for part in value.partition("--"))
    if reason not in REASONS or not dash or not why:
        raise FormatError(f"{where}: not run: {value}: write one of {', '.join(REASONS)}, then -- and why")
    return dataclasses.replace(marks, not_run=reason, why=why)


_READERS = {
    "exit": _exit,
    "given": _given,
    "on": _on,
    "with": _with,
    "types": _types,
    "takes": _takes,
    "run by": _run_by,
    "not run": _not_run,
}


def _once(where: str, name: str, *, said: bool) -> None:
    if said:
        raise FormatError(f"{where}: {name} is said twice")


def _refuse_useless(page: str, comments: Iterable[Comment], marks: Marks) -> None:
    """A block that is not run here can have no mark about how it is run."""
    if marks.is_run_here:
        return
    reason = Marks(run_by=marks.run_by) if marks.run_by else Marks(not_run=marks.not_run, why=marks.why)
    if marks != reason:
        line = next(iter(comments)).line
        name = "run by" if marks.run_by else "not run"
        raise FormatError(f"{page}:{line}: {name}: no other mark has any effect beside it")
