"""./inv psql: what psql is started with, what becomes of its exit code, and who gets Ctrl-C."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invoke import Collection, Context, task

from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.process import foreground
from devkit.program import DevkitProgram, remainder
from devkit.stack import psql as module
from devkit.stack.psql import environment, psql
from tests.checkout import ROOT
from tests.processes import command_lines

SETTINGS = Settings(owner="own er", database="app", database_service="db")


@dataclasses.dataclass
class Stack:
    """Stands for a stack in a proven cluster, whose forward leads to `port`."""

    settings: Settings
    kubectl: str = "kubectl --context kind-dev -n ours"
    port: int = 4711
    problem: str = ""


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The stack that psql() finds."""
    found = Stack(SETTINGS)

    @contextlib.contextmanager
    def server(proven: Stack) -> Iterator[tuple[str, Stack]]:
        assert proven is found
        yield "pass word", found

    monkeypatch.setattr(module, "prove", lambda _settings, _environ, _context: found)
    monkeypatch.setattr(module, "stack_server", server)
    return found


@pytest.fixture
def fake(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Puts a psql that runs some sh on a PATH of its own; the value is the environment with that PATH."""

    def make(script: str) -> dict[str, str]:
        program = tmp_path / "psql"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}

    return make


def test_psql_sees_the_server_and_the_password_in_its_environment() -> None:
    tastes = {"PGOPTIONS": "-c x=1", "PGTZ": "UTC", "PGCLIENTENCODING": "UTF8", "PGDATESTYLE": "ISO"}
    kept = {"PATH": "/bin", "PSQLRC": "/rc", "PAGER": "less", "LANG": "C", **tastes}
    hosts = dict.fromkeys(("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE", "PGSERVICEFILE", "PGCLUSTER"), "another")
    rest = {"PGPASSFILE": "/pass", "PGPASSWORD": "x", "PGSSLMODE": "require", "PGTARGETSESSIONATTRS": "standby"}
    assert environment(SETTINGS, {**kept, **hosts, **rest}, "pass word", 4711) == {
        **kept,
        "PGHOST": "127.0.0.1",
        "PGPORT": "4711",
        "PGUSER": "own er",
        "PGDATABASE": "app",
        "PGPASSWORD": "pass word",
        "PGSSLMODE": "disable",
    }


def test_words_arrive_as_they_are_and_the_exit_code_comes_back(
    stack: Stack, fake: Callable[[str], dict[str, str]], capfd: pytest.CaptureFixture[str]
) -> None:
    environ = fake("""printf '<%s>' "$PGPORT" "$PGPASSWORD" "$@"; exit 3""")
    words = ("-c", "select 'it''s'", "", "a  b", "$HOME `id` \\")
    assert psql(SETTINGS, environ, "", words) == 3
    assert capfd.readouterr().out == f"<{stack.port}><pass word>" + "".join(f"<{word}>" for word in words)


def test_a_forward_that_came_to_nothing_is_the_reason_of_code_2(
    stack: Stack, fake: Callable[[str], dict[str, str]]
) -> None:
    assert psql(SETTINGS, fake("exit 2"), "", ()) == 2
    stack.problem = "service db cannot be reached: connection refused"
    with pytest.raises(DevkitError) as raised:
        psql(SETTINGS, fake("exit 2"), "", ())
    assert (raised.value.problem, raised.value.cure) == (stack.problem, "./inv status shows what is up")
    assert psql(SETTINGS, fake("exit 1"), "", ()) == 1


@pytest.mark.usefixtures("stack")
def test_without_a_psql_there_are_two_ways_to_one(tmp_path: Path) -> None:
    for environ in ({}, {"PATH": str(tmp_path)}):
        with pytest.raises(DevkitError, match="psql is not on PATH") as raised:
            psql(SETTINGS, environ, "", ())
        for words in (
            "brew install libpq",
            "apt install postgresql-client",
            "kubectl --context kind-dev -n ours exec -it service/db -- psql -U 'own er' -d app",
        ):
            assert words in raised.value.cure


@pytest.mark.usefixtures("stack")
def test_a_psql_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    (tmp_path / "psql").write_bytes(b"\x7fELF")
    (tmp_path / "psql").chmod(0o755)
    with pytest.raises(DevkitError, match=f"{tmp_path}/psql cannot be started: Exec format error"):
        psql(SETTINGS, {"PATH": str(tmp_path)}, "", ())


@pytest.mark.parametrize(
    "words", [[], ["-c", "select 'it''s'"], ["", "a  b"], ["--", "--help"], ["$HOME", "`id`", '"', "\\"]]
)
def test_words_after_the_dashes_keep_their_ends(words: list[str]) -> None:
    assert shlex.split(remainder(["./inv", "psql", "--context", "c", "--", *words])) == words
    seen: list[str] = []

    @task
    def verb(context: Context) -> None:
        seen.extend(shlex.split(context.remainder))

    DevkitProgram(namespace=Collection(verb), name="inv", binary="./inv").go(["./inv", "verb", "--", *words])
    assert seen == words


def test_without_dashes_nothing_remains() -> None:
    assert remainder(["./inv", "psql"]) == ""


# -- the foreground


def test_a_signal_that_ends_the_child_is_told_as_a_shell_tells_it(tmp_path: Path) -> None:
    assert foreground(["sh", "-c", "kill -TERM $$"], cwd=tmp_path, env=dict(os.environ)) == 128 + signal.SIGTERM
    assert foreground(["sh", "-c", "pwd; exit 7"], cwd=tmp_path, env=dict(os.environ)) == 7


def test_ctrl_c_is_ours_again_afterwards(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    foreground(["true"], cwd=tmp_path, env=dict(os.environ))
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(FileNotFoundError):
        foreground([tmp_path / "none"], cwd=tmp_path, env=dict(os.environ))
    assert signal.getsignal(signal.SIGINT) is before


# What ./inv does around it: its own signals as devkit/program.py has them, and a line of its own at the end.
_PARENT = """
import os, sys
from pathlib import Path
from devkit import process, program
from devkit.process import foreground
process._END_SECONDS = 2.0
def go(self, argv):
    print("code", foreground(argv, cwd=Path.cwd(), env=dict(os.environ)), flush=True)
program.DevkitProgram.go = go
sys.exit(program.run(sys.argv[1:]))
"""


@contextlib.contextmanager
def running(script: str) -> Iterator[subprocess.Popen[str]]:
    """A parent in a process group of its own, as a terminal's, once its child has said that it is there."""
    words = [sys.executable, "-c", _PARENT, "sh", "-c", script]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as parent:
        assert parent.stdout is not None
        try:
            assert parent.stdout.readline() == "there\n"
            yield parent
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(parent.pid, signal.SIGKILL)


# The shell's trap on a signal, which it minds however early the signal comes.
_MINDING = "got=; trap 'got=yes' {}; echo there; while [ -z \"$got\" ]; do sleep 0.05; done; echo minded; exit 5"


def test_ctrl_c_reaches_the_child_and_does_not_end_us() -> None:
    with running(_MINDING.format("INT")) as parent:
        os.killpg(parent.pid, signal.SIGINT)
        out, _ = parent.communicate(timeout=20)
        assert (parent.returncode, out) == (0, "minded\ncode 5\n")


def test_ctrl_c_ends_a_child_that_does_not_mind_it() -> None:
    with running("echo there; exec sleep 60") as parent:
        os.killpg(parent.pid, signal.SIGINT)
        out, _ = parent.communicate(timeout=20)
        assert (parent.returncode, out) == (0, "code 130\n")


def test_whoever_ends_us_ends_the_child_which_may_clean_up() -> None:
    with running(_MINDING.format("TERM")) as parent:
        parent.send_signal(signal.SIGTERM)
        out, _ = parent.communicate(timeout=20)
        assert (parent.returncode, out) == (128 + signal.SIGTERM, "minded\n")


_IN_BETWEEN = """
import os, signal, subprocess
start = subprocess.Popen
def popen(*words, **how):
    child = start(*words, **how)
    os.kill(os.getpid(), signal.SIGTERM)
    return child
subprocess.Popen = popen
"""

_AS_SIGNALS_ARE_OURS_AGAIN = """
import os, signal
put, seen = signal.signal, []
def putting(number, handler):
    was = put(number, handler)
    seen.append((number, handler))
    if seen[-1] == (signal.SIGTERM, program._stop) and seen.count(seen[-1]) == 2:
        os.kill(os.getpid(), signal.SIGTERM)
    return was
signal.signal = putting
"""


_FOREGROUND = "foreground(argv, cwd=Path.cwd(), env=dict(os.environ))"
_NARRATED = "process.narrated(argv, cwd=Path.cwd(), env=dict(os.environ), said=print)"


@pytest.mark.parametrize("door", [_FOREGROUND, _NARRATED])
@pytest.mark.parametrize("moment", [_IN_BETWEEN, _AS_SIGNALS_ARE_OURS_AGAIN])
def test_a_child_whose_start_we_are_stopped_in_ends_too(moment: str, door: str) -> None:
    script = _PARENT.replace("def go", f"{moment}def go").replace(_FOREGROUND, door)
    nap = f"60.{random.randrange(10**12)}"
    done = subprocess.run(
        [sys.executable, "-c", script, "sleep", nap], cwd=ROOT, stdout=subprocess.PIPE, timeout=20, check=False
    )
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, b"")
    assert [line for line in command_lines() if nap in line] == []


@pytest.mark.full
def test_a_child_that_does_not_end_is_killed() -> None:
    with running("trap '' TERM; echo there; while :; do sleep 0.05; done") as parent:
        parent.send_signal(signal.SIGTERM)
        out, _ = parent.communicate(timeout=20)
        assert (parent.returncode, out) == (128 + signal.SIGTERM, "")
