"""Our own small Program: Invoke's parser and executor, our exit codes.

Invoke alone returns 1 for a mistyped verb, a broken tasks.py and Ctrl-C, which is what findings return here.
"""

from __future__ import annotations

import difflib
import functools
import importlib.util
import shlex
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, ModuleType

from invoke import Collection, Exit, ParseError, Parser, ParserContext, Program, UnexpectedExit

from devkit import __version__
from devkit.config import find_root
from devkit.console import EXIT_CANNOT_LOOK, exit_code, say
from devkit.errors import DevkitError, Stopped

_PACKAGE = Path(__file__).resolve().parent
_LAUNCHER_ROOT = _PACKAGE.parent
# verbs whose bare words are values of options, in this order
_NAMED = {"new": ("--name",), "conformance": ("--file",), "compare": ("--file", "--other")}


def main(argv: Sequence[str]) -> None:
    """Run `argv` and end the process with the code of design section 3."""
    sys.exit(run(argv))


def run(argv: Sequence[str]) -> int:
    """Run `argv`; returns 0 clean, 1 findings, 2 could not look, 3 a bug, 128 + signal when stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _stop)
    try:
        root = find_root(_LAUNCHER_ROOT, Path.cwd())
        DevkitProgram(namespace=_collection(root), name="inv", binary="./inv", version=__version__).go(list(argv))
    except Exit as done:
        if done.message:
            say(f"inv: {done.message}")
        return int(done.code)
    except ParseError as error:
        say(f"inv: {error}{_guess(error)}\n  ./inv --list shows the verbs, ./inv --help VERB its options")
        return EXIT_CANNOT_LOOK
    except UnexpectedExit as error:
        return int(error.result.exited)
    except BaseException as error:  # noqa: BLE001 - the one translator
        return exit_code(error)
    return 0


class DevkitProgram(Program):
    """Invoke's Program with its steps but without its own translation of errors."""

    def go(self, argv: list[str]) -> None:
        """Parse and execute; raises what Program.run would have swallowed."""
        self.create_config()
        self.parse_core(argv)
        sys.dont_write_bytecode = False  # Invoke turns writing off
        self.parse_collection()
        self.core.remainder = remainder(argv)
        self.core.unparsed = with_name(self.core.unparsed, tuple(self._make_parser().contexts.values()))
        self.parse_tasks()
        self.parse_cleanup()
        self.update_config()
        self.execute()

    @functools.cache  # noqa: B019 - one Program a process
    def _make_parser(self) -> Parser:
        """Invoke's, made once: it takes the help of each option out of the tasks, and a second one would have none."""
        return super()._make_parser()


def remainder(argv: Sequence[str]) -> str:
    """The words after the first --, for shlex.split: Invoke's own remainder no longer tells where each ends."""
    return shlex.join(argv[argv.index("--") + 1 :]) if "--" in argv else ""


def with_name(words: Sequence[str], contexts: Sequence[ParserContext]) -> list[str]:
    """`new NAME` as `new --name=NAME`: Invoke knows no positional word that may be left out."""
    verb, *rest = words or [""]
    flags = next((context.flags for context in contexts if context.name == verb and verb in _NAMED), None)
    if flags is None:
        return list(words)
    names = iter(_NAMED[verb])
    named: list[str] = []
    for at, word in enumerate(rest):
        taken = at > 0 and rest[at - 1] in flags and flags[rest[at - 1]].takes_value
        name = "" if word.startswith("-") or taken else next(names, "")
        named.append(f"{name}={word}" if name else word)
    return [verb, *named]


def _stop(number: int, frame: FrameType | None) -> None:
    del frame
    signal.signal(number, signal.SIG_IGN)  # a second one must not cut the clean-up short
    raise Stopped(number)


def _collection(root: Path) -> Collection:
    """The verbs of the project's tasks.py, or ours alone where it has none; DevkitError when it is broken."""
    file = root / "tasks.py"
    if not file.is_file():
        from devkit.tasks import namespace

        return namespace
    spec = importlib.util.spec_from_file_location("tasks", file)
    if spec is None or spec.loader is None:
        raise DevkitError(f"{file} cannot be loaded", "make it a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["tasks"] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        if any(Path(name).is_relative_to(_PACKAGE) for name in frames if name != __file__):
            raise  # ours, not theirs
        said = traceback.format_exception_only(error)[-1].strip()
        raise DevkitError(f"{file}:{_line(error, file)}: {said}", "mend that line of tasks.py") from error
    return _namespace(module, file)


def _line(error: Exception, file: Path) -> int:
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return (lines or [1])[-1] or 1


def _namespace(module: ModuleType, file: Path) -> Collection:
    namespace = getattr(module, "namespace", None)
    if not isinstance(namespace, Collection):
        raise DevkitError(f"{file} has no Collection called namespace", "add: from devkit.tasks import namespace")
    return namespace


def _guess(error: ParseError) -> str:
    wrong = str(error).partition("'")[2].partition("'")[0]
    context = error.context
    known = [*context.flags, *context.inverse_flags] if context is not None else []
    if not wrong.startswith("-"):
        known = list(_collection(find_root(_LAUNCHER_ROOT, Path.cwd())).task_names)
    near = difflib.get_close_matches(wrong, known, n=1)
    return f" Did you mean {near[0]}?" if near else ""
