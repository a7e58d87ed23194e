"""Executes a page from top to bottom: what it shows that is not so, and its text as it should be."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import getpass
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.docs.agree import agrees, corrected
from tests.docs.page import Block, Page
from tests.docs.repository import make_copy
from tests.docs.services import Services
from tests.docs.settled import meant, shown
from tests.docs.shell import Ran, Shell
from tests.docs.transcript import Exchange, written
from tests.testbed.tools import build

_NOWHERE = "http://127.0.0.1:9"  # a proxy that is not there: no page reaches a network
_KEPT = ("LANG", "LC_ALL")


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """A page after its story: the text that it should have, and what went wrong, each with page:line."""

    page: Page
    text: str
    faults: tuple[str, ...]
    drifted: tuple[int, ...]  # the lines of commands that answer otherwise

    @property
    def is_right(self) -> bool:
        """Whether all is as the page says."""
        return not self.faults and self.text == self.page.text

    @property
    def difference(self) -> str:
        """What has to change in the page, as diff -u shows it."""
        before, after = (text.splitlines(keepends=True) for text in (self.page.text, self.text))
        return "".join(difflib.unified_diff(before, after, self.page.name, f"{self.page.name} (as it is now)"))


def run_page(page: Page, folder: Path, original: Path, server: Path, called_off: threading.Event) -> Outcome:
    """Run the story of `page` in a copy of `original` below `folder`; `server` is an unpacked embedded server."""
    (folder / "home").mkdir(parents=True)
    for name in ("tmp", "notes", "cache", "bin"):
        (folder / name).mkdir()
        (folder / name).chmod(0o755)  # root's embedded server runs as nobody, and must get in
    (folder / "cache" / server.name).symlink_to(server)
    copy = make_copy(original, folder / "devkit")
    shell = Shell(copy, folder / "notes", _environment(folder), called_off)
    with contextlib.ExitStack() as closing:
        closing.callback(shell.end)
        services = closing.enter_context(Services(copy, folder, server.parent))
        return _Story(page, shell, services, folder).tell()


class _Story:
    def __init__(self, page: Page, shell: Shell, services: Services, folder: Path) -> None:
        self._page = page
        self._shell = shell
        self._services = services
        self._folder = folder
        self._faults: list[str] = []
        self._drifted: list[int] = []
        self._lines = page.text.split("\n")

    def tell(self) -> Outcome:
        shift = 0
        for block in self._page.runs_here:
            if self._begin(block):
                exchanges = self._run(block)
                if block.is_console:
                    shift += self._replace(block, exchanges, shift)
            if self._faults:  # what comes after it would only say that this did not work
                break
        if not self._faults and (unused := self._services.unused()):
            self._faults.append(f"{self._page.name}: {unused}")
        return Outcome(self._page, "\n".join(self._lines), tuple(self._faults), tuple(self._drifted))

    def _begin(self, block: Block) -> bool:
        """What the marks ask for before the block."""
        command = self._services.begin(block)
        if command and (done := self._execute(command, block)).code != 0:
            self._fault(block, 0, f"on: {block.marks.on}: {command} ended with {_code(done)}:\n{done.said}")
        elif block.marks.given:
            before = self._state()
            done = self._execute(block.marks.given, block)
            if done.code != 0:
                self._fault(block, 0, f"given: ended with {_code(done)}:\n{done.said}")
            elif not self._page.needs and before == self._state():  # services may have changed otherwise
                self._fault(block, 0, "given: changed no file, no variable and no folder; take it away")
        return not self._faults

    def _run(self, block: Block) -> list[Exchange]:
        """Run the commands of a block; those of the page with what was said."""
        found = list(block.exchanges)
        self._services.ready()
        for number, each in enumerate(block.exchanges):
            is_last = each is block.exchanges[-1]
            done = self._execute(each.command, block, types=block.marks.types if is_last else ())
            wanted = block.marks.exit if is_last else 0
            said = self._shown(done.said)
            if block.is_console and not agrees(each.answer, said):
                self._drifted.append(block.fence.line + 1 + each.line)
                found[number] = dataclasses.replace(each, answer=(*corrected(each.answer, said), *_end(each.answer)))
            if done.code != wanted or done.left:
                self._fault(block, 1 + each.line, _wrong_end(each, done, wanted))
                break
        if not self._faults and (unused := self._services.unused_by(block)):
            self._fault(block, 0, unused)
        return found

    def _replace(self, block: Block, exchanges: Sequence[Exchange], shift: int) -> int:
        """Put a block's new lines into the page; returns by how many lines it grew."""
        lines = [f"{block.fence.indent}{line}" if line else "" for line in written(exchanges)]
        first = block.fence.line + shift
        before = self._lines[first : first + len(block.fence.body)]
        if exchanges != list(block.exchanges):
            self._lines[first : first + len(before)] = lines
            return len(lines) - len(before)
        return 0

    def _fault(self, block: Block, line: int, text: str) -> None:
        self._faults.append(f"{self._page.name}:{block.fence.line + line}: {text}")

    def _execute(self, command: str, block: Block, *, types: Sequence[str] = ()) -> Ran:
        command = meant(command, self._services.addresses())
        return self._shell.run(command, types=types, more=self._services.environment(block))

    def _shown(self, said: str) -> list[str]:
        places = {**_places(self._folder), **self._services.addresses()}
        return [shown(line, places) for line in said.split("\n")]

    def _state(self) -> tuple[object, ...]:
        """The files that a page may change, by size and time, and the shell's own."""
        files = []
        for name in ("devkit", "home", "tmp"):
            for folder, _, found in os.walk(self._folder / name):
                stats = ((Path(folder, each), Path(folder, each).lstat()) for each in found)
                files += [(str(path), stat.st_size, stat.st_mtime_ns, stat.st_mode) for path, stat in stats]
        return (*sorted(files), self._shell.state())


def _wrong_end(exchange: Exchange, done: Ran, wanted: int) -> str:
    command = exchange.command.strip().splitlines()[0]
    if done.code != wanted:
        return f"`{command}` ended with {_code(done)}, and should with {wanted}:\n{done.said.rstrip()}"
    return f"`{command}` did not ask for {done.left[0]!r}, which `types` gives it:\n{done.said.rstrip()}"


def _code(done: Ran) -> str:
    return "no end in time" if done.code is None else str(done.code)


def _end(answer: Sequence[str]) -> tuple[str, ...]:
    """The empty lines that a page has below an answer."""
    kept = len(answer)
    while kept and not answer[kept - 1].strip():
        kept -= 1
    return tuple(answer[kept:])


def _places(folder: Path) -> dict[str, str]:
    """What a reader would see, and this run's folders."""
    return {
        "~/devkit": f"{folder}/devkit",
        "~": f"{folder}/home",
        "~/.cache/devkit": f"{folder}/cache",
        "~/.local/state/devkit": f"{folder}/state",
        "/tmp": f"{folder}/tmp",
        "~/devkit/.venv": sys.prefix,
        "you@laptop": f"{getpass.getuser()}@{socket.gethostname()}",
    }


def _environment(folder: Path) -> Mapping[str, str]:
    """A person's environment without what this machine has of its own: no network, no Docker, no cluster."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        "LANG": "C.UTF-8",
        **kept,
        "PATH": f"{folder}/bin{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "DEVKIT_CACHE": str(folder / "cache"),
        "DEVKIT_STATE": str(folder / "state"),
        "DEVKIT_VENV": sys.prefix,
        "DEVKIT_TESTBED_CACHE": str(build.cache_folder()),
        "DOCKER_HOST": f"unix://{folder}/no-docker",
        "HTTP_PROXY": _NOWHERE,
        "HTTPS_PROXY": _NOWHERE,
        "ALL_PROXY": _NOWHERE,
        "NO_PROXY": "127.0.0.1,localhost",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_PAGER": "cat",
        "GIT_EDITOR": "true",  # a person would look at the message and keep it
    }
