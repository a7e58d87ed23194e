"""docs/reference/verbs.md: from the Collection that ./inv runs, with each task's own words and Invoke's own options."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import signal
from collections.abc import Iterable, Iterator

from invoke import Argument, ParserContext, Task

import tasks
from devkit import console
from devkit.program import _NAMED
from tests.reference.environment import OURS, THEIRS, Variable
from tests.reference.markdown import prose, table

_EXIT = "Exit"  # how the paragraph about exit codes begins in a task's docstring


@dataclasses.dataclass(frozen=True, slots=True)
class Option:
    """An option as it is written; `default` is "" where there is none to write down."""

    flag: str
    short: str
    value: str
    default: str
    help: str


@dataclasses.dataclass(frozen=True, slots=True)
class Verb:
    """A verb; `exits` are the paragraphs about its exit codes, `is_own` says that only this repository has it."""

    name: str
    usage: str
    said: tuple[str, ...]
    exits: tuple[str, ...]
    options: tuple[Option, ...]
    is_own: bool


@functools.cache
def verbs() -> tuple[Verb, ...]:
    """Every verb, in the order of the Collection. Once: as Invoke reads a task's help, it takes it away."""
    namespace = tasks.namespace  # type: ignore[attr-defined]  # it is there for Invoke
    return tuple(_verb(namespace[each.name or ""], each) for each in namespace.to_contexts())


def _verb(task: Task, context: ParserContext) -> Verb:  # type: ignore[type-arg]  # Invoke's generic of no use here
    paragraphs = tuple(" ".join(each.split()) for each in (inspect.getdoc(task) or "").split("\n\n"))
    name = context.name or ""
    options = tuple(_option(each, context) for each in context.args.values())
    words = [f"[{flag.removeprefix('--').upper()}]" for flag in _NAMED.get(name, ())]
    rest = ["[-- ARGS]"] if "call.remainder" in inspect.getsource(task.body) else []
    return Verb(
        name,
        " ".join(["./inv", name, *words, *(["[OPTIONS]"] if options else []), *rest]),
        tuple(each for each in paragraphs if not each.startswith(_EXIT)),
        tuple(each for each in paragraphs if each.startswith(_EXIT)),
        options,
        task.body.__module__ == tasks.__name__,
    )


def _option(argument: Argument, context: ParserContext) -> Option:
    flag = f"--{argument.names[0]}"
    is_flag = argument.kind is bool
    written = {to: name for name, to in context.inverse_flags.items()}.get(flag, flag)
    value = "no" if is_flag else "may be left out" if argument.optional else "yes"
    default = "" if is_flag or not argument.default else str(argument.default)
    said = (argument.help or "").removeprefix(f"{written}: ")
    return Option(written, next((f"-{each}" for each in argument.nicknames), ""), value, default, said)


def verbs_reference() -> str:
    """docs/reference/verbs.md."""
    return "".join(_page())


def _page() -> Iterator[str]:
    yield (
        "# The verbs\n\nGenerated from `devkit/tasks/`, `tasks.py` and `tests/reference/environment.py` by\n"
        "`python -m tests.reference`. `./inv --list` lists the verbs, `./inv --help VERB` shows one of them,\n"
        "`./inv --version` says which devkit this is. Scripts write the long options: a letter may come to mean\n"
        "another one.\n\n"
    )
    rows = ((f"[{each.name}](#{each.name})", prose(each.said[0])) for each in verbs())
    yield table(("verb", "what it does"), rows)
    yield "\n## Exit codes\n\n"
    yield table(("code", "what it means"), _codes())
    yield "\n`--format json` changes none of them. What 1 means for a verb stands with the verb.\n"
    for each in verbs():
        yield from _section(each)
    yield from _environment()


def _codes() -> Iterator[tuple[str, str]]:
    yield "0", "done, and nothing has to be mended"
    yield "1", "done, and something has to be mended: what was looked at is not as it should be"
    yield f"{console.EXIT_CANNOT_LOOK}", "devkit could not look, or could not do it; the message says what to do"
    yield f"{console.EXIT_BUG}", "a bug in devkit; the traceback says where"
    for number, what in ((signal.SIGHUP, "SIGHUP"), (signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")):
        yield f"{console._EXIT_SIGNAL + number}", f"stopped by {what}, and cleaned up"
    yield f"{console._EXIT_PIPE}", "whoever read the output went away"


def _section(verb: Verb) -> Iterator[str]:
    yield f"\n## {verb.name}\n\n`{verb.usage}`\n"
    said = [*verb.said, *(["Only in devkit's own repository (`tasks.py`)."] if verb.is_own else [])]
    yield "".join(f"\n{prose(each)}\n" for each in said)
    if verb.options:
        head = ("option", "short", "takes a value", "default", "what it does")
        yield "\n" + table(head, (_row(each) for each in verb.options))
    read = [name for each in OURS if verb.name in readers(each) for name in each.names]
    said = [*verb.exits, *([f"Reads {_listed(read)}."] if read else [])]
    yield "".join(f"\n{prose(each)}\n" for each in said)


def _row(option: Option) -> tuple[str, ...]:
    return _code(option.flag), _code(option.short), option.value, _code(option.default), prose(option.help)


def readers(variable: Variable) -> tuple[str, ...]:
    """The verbs that read a variable."""
    flag = f"--{variable.option}"
    having = {verb.name for verb in verbs() if any(option.flag == flag for option in verb.options)}
    return tuple(verb.name for verb in verbs() if verb.name in having | set(variable.verbs))


def _environment() -> Iterator[str]:
    yield "\n## Environment variables\n\nOf devkit:\n\n"
    yield _variables(OURS)
    yield "\nOf others, and read by devkit itself; what it starts (Tilt, a credential plugin) reads its own:\n\n"
    yield _variables(THEIRS)


def _variables(variables: Iterable[Variable]) -> str:
    rows = (
        (_listed(each.names), ", ".join(filter(None, (*readers(each), each.others))), each.what) for each in variables
    )
    return table(("variable", "read by", "what it is"), rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
