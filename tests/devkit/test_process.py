"""Asking programs: for so long and no longer, and nothing of what they start stays."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from devkit.process import Answer, ask

FOREVER = 600


def python(text: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", text)


def asked(text: str, *, seconds: float = 60, longest: int = 1000, called_off: threading.Event | None = None) -> Answer:
    return ask(
        python(text), env=dict(os.environ), seconds=seconds, longest=longest, called_off=called_off or threading.Event()
    )


def test_what_it_says_is_kept_apart_and_its_code_is_told() -> None:
    said = asked("import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")
    assert said == Answer(7, "out\n", "err\n")


def test_it_has_no_input() -> None:
    assert asked("import sys; print(repr(sys.stdin.read()))") == Answer(0, "''\n", "")


def test_only_the_beginning_of_much_is_kept_and_it_still_ends() -> None:
    said = asked("import sys; sys.stdout.write('x' * 5_000_000); sys.stderr.write('y' * 5_000_000)", longest=10)
    assert said == Answer(0, "x" * 10, "y" * 10)


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert asked("import sys; sys.stdout.buffer.write(b'a\\xffb')").out == "a\ufffdb"


@pytest.mark.parametrize("how", ["time.sleep(600)", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"])
def test_one_that_hangs_is_cut_off_with_all_that_it_started(how: str, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    child = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep({FOREVER})"
    text = (
        f"import signal, subprocess, sys, time, os; print('begun', flush=True); "
        f"subprocess.Popen([sys.executable, '-S', '-c', {child!r}])\n"
        f"while not (os.path.exists({str(file)!r}) and open({str(file)!r}).read()): time.sleep(0.01)\n{how}"
    )
    called_off = threading.Event()
    found: list[Answer] = []
    asking = threading.Thread(target=lambda: found.append(asked(text, seconds=FOREVER, called_off=called_off)))
    asking.start()
    while not (file.exists() and file.read_text()):
        time.sleep(0.01)
    called_off.set()
    asking.join()
    assert found == [Answer(None, "begun\n", "")]
    _wait_until_gone(int(file.read_text()))


def test_time_that_is_up_cuts_off_too() -> None:
    assert asked("import time; time.sleep(600)", seconds=0.1).code is None


def test_a_child_that_keeps_the_pipes_open_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    child = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep({FOREVER})"
    text = (
        f"import os, subprocess, sys, time; subprocess.Popen([sys.executable, '-S', '-c', {child!r}])\n"
        f"while not (os.path.exists({str(file)!r}) and open({str(file)!r}).read()): time.sleep(0.01)\nprint('done')"
    )
    assert asked(text, seconds=FOREVER) == Answer(0, "done\n", "")
    os.kill(int(file.read_text()), signal.SIGKILL)  # it is left alone, as a daemon would be


def test_what_cannot_be_started_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ask((tmp_path / "none",), env={}, seconds=1, longest=1, called_off=threading.Event())


def _wait_until_gone(pid: int) -> None:
    """Killed it is at once; only then whoever inherits it has to take note."""
    while _runs(pid):
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # a zombie that nobody has collected yet has ended, too
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
