"""The only door to other processes: argument lists, never a shell line made of text."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

Child = subprocess.Popen[bytes]

_EXIT_SIGNAL = 128
_END_SECONDS = 5.0
_LOOK_SECONDS = 0.05  # how soon a question is dropped after it was called off
_PIECE = 65536


@dataclasses.dataclass(frozen=True, slots=True)
class User:
    """Whom a child runs as; numeric, because a container's passwd may lack names."""

    uid: int
    gid: int


@dataclasses.dataclass(frozen=True, slots=True)
class Completed:
    """A finished child: its exit code and what it said on stdout and stderr together."""

    code: int
    output: str


def run(
    argv: Sequence[str | Path],
    *,
    user: User | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Completed:
    """Run `argv` to its end with no input; OSError when the program cannot be started."""
    done = subprocess.run(
        [os.fspath(word) for word in argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        check=False,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
    return Completed(done.returncode, done.stdout.decode("utf-8", "replace"))


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What a program said when it was asked something; `code` is None when it was cut off for taking too long."""

    code: int | None
    out: str
    err: str


def ask(
    argv: Sequence[str | Path], *, env: Mapping[str, str], seconds: float, longest: int, called_off: threading.Event
) -> Answer:
    """Run `argv` without input for `seconds` at most, or until it is `called_off`; then it and its children are killed.

    One that ends by itself may leave a child behind, which is not waited for. Of each of stdout and stderr the first
    `longest` bytes are kept. OSError when the program cannot be started.
    """
    child = subprocess.Popen(
        [os.fspath(word) for word in argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        start_new_session=True,  # so that what it starts can be ended with it
    )
    try:
        said = _listen(child, time.monotonic() + seconds, longest, called_off)
    finally:
        code = child.returncode
        if code is None:
            _kill_group(child)
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
    return Answer(code, *(each.decode("utf-8", "replace") for each in said))


def _listen(child: Child, until: float, longest: int, called_off: threading.Event) -> tuple[bytes, bytes]:
    """What the child said until it ended, or had to; its return code is set when it ended by itself."""
    said = {child.stdout: bytearray(), child.stderr: bytearray()}
    with selectors.DefaultSelector() as waiting:
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                waiting.register(pipe, selectors.EVENT_READ)
        # a child may leave a child of its own behind that keeps the pipes open: its own end is enough
        while waiting.get_map() and time.monotonic() < until and not called_off.is_set():
            has_ended = child.poll() is not None  # asked before: what it said in its last moment is there then
            ready = waiting.select(_LOOK_SECONDS)
            for key, _ in ready:
                piece = os.read(key.fd, _PIECE)
                said[key.fileobj] += piece[: longest - len(said[key.fileobj])]  # type: ignore[index]  # one of the two
                if not piece:
                    waiting.unregister(key.fileobj)
            if not ready and has_ended:
                break
        while child.poll() is None and time.monotonic() < until and not called_off.is_set():
            time.sleep(_LOOK_SECONDS / 10)
    return bytes(said[child.stdout]), bytes(said[child.stderr])


def _kill_group(child: Child) -> None:
    with contextlib.suppress(OSError):  # nobody is left in it, or (macOS) only the dead
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def narrated(
    argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path, said: Callable[[str], None]
) -> Completed:
    """Run `argv` without input to its end; `said` hears each line of its stdout and stderr as it comes.

    From the main thread only. Whatever ends us ends it and its children first. OSError when the program cannot be
    started.
    """
    lines: list[str] = []

    def listen(child: Child) -> int:
        if child.stdout is not None:
            with child.stdout as pipe:
                for raw in pipe:
                    lines.append(raw.decode("utf-8", "replace").rstrip())
                    said(lines[-1])
        return child.wait()

    code = _attended(lambda: start(argv, stdout=subprocess.PIPE, env=env, cwd=cwd), listen, _end_group)
    return Completed(code, "\n".join(lines))


def consult(argv: Sequence[str | Path], *, env: Mapping[str, str], terminal: bool) -> Answer:
    """Run `argv` to its end for what it prints; with a `terminal` it asks and complains on ours.

    OSError when the program cannot be started.
    """
    done = subprocess.run(
        [os.fspath(word) for word in argv],
        stdin=None if terminal else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if terminal else subprocess.PIPE,
        env=env,
        check=False,
    )
    return Answer(done.returncode, *((each or b"").decode("utf-8", "replace") for each in (done.stdout, done.stderr)))


def passthrough(argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    """Run `argv` on our own terminal and return its exit code: linters and test runners speak for themselves."""
    return subprocess.run([os.fspath(word) for word in argv], cwd=cwd, env=env, check=False).returncode


def foreground(argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run `argv` on our own terminal and leave Ctrl-C to it; its exit code, 128 + n when signal n ended it.

    From the main thread only. OSError when the program cannot be started. Whatever ends us ends the child first, by
    SIGTERM, so that it can put the terminal back.
    """
    before = signal.signal(signal.SIGINT, _leave)
    try:
        words = [os.fspath(word) for word in argv]
        code = _attended(lambda: subprocess.Popen(words, cwd=cwd, env=env), Child.wait, _end)
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else _EXIT_SIGNAL - code


def start(
    argv: Sequence[str | Path],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int,
    user: User | None = None,
    env: Mapping[str, str],
    cwd: Path,
) -> Child:
    """Start a child in a session of its own, out of reach of the terminal's Ctrl-C."""
    return subprocess.Popen(
        [os.fspath(word) for word in argv],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )


def _attended(make: Callable[[], Child], attend: Callable[[Child], int], end: Callable[[Child], None]) -> int:
    """What `attend` returns of a child; whatever ends us, and whenever, the child has ended by then."""
    child = None
    try:  # around the postponing, too: what comes as it ends finds the child here
        with _postponed() as came:
            child = make()
        for number in came:
            os.kill(os.getpid(), number)
        return attend(child)
    finally:
        if child is not None:
            end(child)


@contextlib.contextmanager
def _postponed() -> Iterator[list[int]]:
    """While a child is being started, what would end us only writes itself down: nobody could end the child yet."""
    came: list[int] = []

    def write_down(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)

    # One that is ignored stays so, for the child too; a handler is never inherited.
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    ours = {each: handler for each, handler in before.items() if callable(handler)}
    for each in ours:
        signal.signal(each, write_down)
    try:
        yield came
    finally:
        for each, handler in ours.items():
            signal.signal(each, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    """Ignores a signal, but only here: a child inherits SIG_IGN, and never a handler."""
    del number, frame


def _end(child: Child) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_END_SECONDS)
    child.kill()
    child.wait()


def _end_group(child: Child) -> None:
    if child.returncode is not None:
        return
    with contextlib.suppress(OSError):
        os.killpg(child.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_END_SECONDS)
    _kill_group(child)
