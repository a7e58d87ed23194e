"""The only door to the terminal: text, progress, and exceptions as exit codes with a sentence."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence

from devkit.errors import DevkitError, Stopped
from devkit.progress import Board, Progress, blank, silent

EXIT_CANNOT_LOOK = 2
EXIT_BUG = 3
_EXIT_SIGNAL = 128
_NUMBER = re.compile(r"\d+")
_EXIT_PIPE = 141  # what a shell reports for a program whose reader went away


def show(pieces: Iterable[tuple[str, str]]) -> None:
    """Print styled text on stdout: colours on a terminal, plain text elsewhere."""
    if not (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):  # rich is a tenth of a second
        write("".join(piece for piece, _ in pieces).encode("utf-8"))
        return
    from rich.console import Console
    from rich.text import Text

    text = Text()
    for piece, style in pieces:
        text.append(piece, style=style)
    console = Console(highlight=False, soft_wrap=True)
    with console.capture() as rendered:  # rich would end the process itself when the reader has gone
        console.print(text, end="")
    write(rendered.get().encode("utf-8"))


def write(data: bytes) -> None:
    """Put `data` on stdout as it is: reports for programs."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(line: str) -> None:
    """One line on stderr: what is going on, never part of a report."""
    print(line, file=sys.stderr, flush=True)


def confirm(plan: str, *, yes: bool) -> None:
    """Say what is about to change, and ask, unless `yes`; DevkitError without a yes, or without anybody to ask."""
    say(plan)
    if yes:
        return
    if not sys.stdin.isatty():
        raise DevkitError("nothing was changed: there is no terminal to ask on", "add --yes to mean it")
    print("go on? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise DevkitError("nothing was changed: you did not say yes", "answer y, or add --yes")


@contextlib.contextmanager
def progress(*, wanted: bool) -> Iterator[Progress]:
    """A line on stderr that changes in place while work goes on; nothing when it is no terminal or not wanted."""
    if not wanted or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True, highlight=False).status("…") as status:

        def update(text: str) -> None:
            status.update(Text(text))  # a file's name is no markup

        yield update


def confirm_typed(plan: str, word: str, *, yes: bool, why_not_yes: str) -> None:
    """Say what is about to change, and have `word` typed; `yes` answers unless `why_not_yes` says that it cannot.

    DevkitError without the word, or without anybody to type it.
    """
    say(plan)
    if yes and not why_not_yes:
        return
    if not sys.stdin.isatty():
        cure = "run it in a terminal, which asks" if yes else "run it in a terminal, or add: --yes --context NAME"
        why = f" ({why_not_yes})" if yes else ""
        raise DevkitError(f"nothing was changed: there is no terminal to ask on{why}", cure)
    print(f"type {word} to go on: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != word:
        raise DevkitError("nothing was changed: that was another word", f"run it again, and type {word}")


@contextlib.contextmanager
def board(*, wanted: bool) -> Iterator[Board]:
    """A list on stderr that changes in place; where it is no terminal, a line whenever one of them changes."""
    if not wanted:
        yield blank
    elif sys.stderr.isatty():
        with _live() as update:
            yield update
    else:
        shown: dict[str, str] = {}

        def changed(lines: Sequence[tuple[str, str]]) -> None:
            for name, text in lines:
                what = _NUMBER.sub("", text)  # "for 3 s" and "for 4 s" is the same news
                if shown.get(name) != what:
                    shown[name] = what
                    say(f"  {name}: {text}")

        yield changed


@contextlib.contextmanager
def _live() -> Iterator[Board]:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    live = Live(console=Console(stderr=True, highlight=False), transient=True, refresh_per_second=8)

    def update(lines: Sequence[tuple[str, str]]) -> None:
        width = max((len(name) for name, _ in lines), default=0)
        live.update(Text("\n".join(f"  {name:{width}}  {text}" for name, text in lines)))
        live.start()  # with the first line, not before: a question may come first

    try:
        yield update
    finally:
        live.stop()


def exit_code(error: BaseException) -> int:
    """Tell a person what ended the run, and give the exit code for it."""
    match error:
        case DevkitError():
            say(f"inv: {error}")
            return EXIT_CANNOT_LOOK
        case Stopped():
            say("inv: stopped; everything started here is cleaned up")
            return _EXIT_SIGNAL + error.signum
        case KeyboardInterrupt():
            say("inv: interrupted; everything started here is cleaned up")
            return _EXIT_SIGNAL + 2
        case SystemExit():
            return error.code if isinstance(error.code, int) else EXIT_CANNOT_LOOK
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at exit
            return _EXIT_PIPE
        case _:
            traceback.print_exception(error)
            say("inv: this is a bug in devkit, not in your files: please report the lines above with your command")
            return EXIT_BUG
