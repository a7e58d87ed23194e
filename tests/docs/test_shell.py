"""Commands run as in one terminal: what they export and where they go stays, and questions are answered."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.docs.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "notes").mkdir()
    (tmp_path / "here").mkdir()
    env = {"PATH": os.environ["PATH"], "GIVEN": "by us"}
    return Shell(tmp_path / "here", tmp_path / "notes", env, threading.Event())


def test_stdout_and_stderr_come_as_a_person_sees_them(shell: Shell) -> None:
    done = shell.run("echo one; echo two >&2; echo three; exit 3")
    assert (done.code, done.said) == (3, "one\ntwo\nthree\n")


def test_the_first_command_that_fails_ends_it(shell: Shell) -> None:
    assert shell.run("false\necho on").said == ""
    assert shell.run("echo $NOBODY_HAS_SET_THIS").code not in {0, None}


def test_what_is_exported_and_the_folder_stay(shell: Shell) -> None:
    shell.run("export SAID='a \"b\"\nc'; mine=1; mkdir below; cd below")
    assert shell.run('pwd; echo "$SAID"; echo ${mine-gone}').said.splitlines() == [
        f"{shell.folder}",
        'a "b"',
        "c",
        "gone",
    ]
    assert shell.folder.name == "below"
    shell.run("export GIVEN=by-the-page; unset SAID")
    assert shell.run("echo $GIVEN ${SAID-gone}").said == "by-the-page gone\n"


def test_it_stays_also_after_a_command_that_failed(shell: Shell) -> None:
    assert shell.run("export KEPT=1; false").code == 1
    assert shell.run("echo $KEPT").said == "1\n"


def test_what_is_for_one_command_alone_is_gone_afterwards(shell: Shell) -> None:
    assert shell.run("echo $CLUSTER; export OTHER=1", more={"CLUSTER": "yes"}).said == "yes\n"
    assert shell.run("echo ${CLUSTER-no} $OTHER").said == "no 1\n"


def test_a_question_is_answered_where_the_person_saw_it(shell: Shell) -> None:
    ask = "test -t 0; printf 'go on? [y/N] '; read a; echo \"got $a\"; printf 'name: '; read b; echo \"got $b\""
    done = shell.run(ask, types=["y", "dev"])
    assert (done.code, done.said, done.left) == (0, "go on? [y/N] y\ngot y\nname: dev\ngot dev\n", ())


def test_an_answer_that_nobody_asked_for_is_told(shell: Shell) -> None:
    done = shell.run("echo fine", types=["y"])
    assert (done.code, done.said, done.left) == (0, "fine\n", ("y",))
    assert shell.run("test -t 0").code == 1, "without an answer to give there is no terminal"


def test_what_stays_in_the_background_is_not_waited_for_and_ends_with_the_page(shell: Shell) -> None:
    pid = int(shell.run("sleep 600 & echo $!").said)
    os.kill(pid, 0)
    shell.end()
    deadline = time.monotonic() + 10
    while _is_running(pid):
        assert time.monotonic() < deadline, "it runs on"
        time.sleep(0.01)


def test_a_run_that_is_called_off_ends_at_once(shell: Shell, tmp_path: Path) -> None:
    off = threading.Event()
    off.set()
    assert Shell(tmp_path, tmp_path / "notes", shell.env, off).run("sleep 600").code is None


def _is_running(pid: int) -> bool:
    """Whether it has not ended; in a container nobody may fetch its end."""
    state = Path(f"/proc/{pid}/stat")
    if state.exists():
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()
