"""Interrupted set-ups and several at once: nothing is left that the next run trips over."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.launcher.clone import Clone, end, installer, is_running, result_of, until

MADE = ["uv_venv", "sync", "postgres"]


@pytest.fixture
def held(with_uv: Clone) -> Iterator[Clone]:
    """A clone whose installers wait until they are let go."""
    with_uv.hold()
    yield with_uv
    (with_uv.fake / "hold").unlink(missing_ok=True)


def dead_process() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_a_signal_ends_the_set_up_at_once_with_its_code(held: Clone, number: signal.Signals, code: int) -> None:
    process = held.start()
    child = installer(held)
    process.send_signal(number)
    assert result_of(process).code == code
    assert not is_running(child)


def test_after_a_signal_the_next_run_succeeds(held: Clone) -> None:
    process = held.start()
    installer(held)
    process.terminate()
    result_of(process)
    held.let_go()
    held.forget()
    assert held.run().code == 0
    assert held.calls() == MADE


@pytest.mark.full
def test_after_kill_9_the_next_run_succeeds(held: Clone) -> None:
    process = held.start()
    child = installer(held)
    process.kill()
    end(child)
    result_of(process)
    held.let_go()
    held.forget()
    assert held.run().code == 0
    assert held.calls() == MADE


@pytest.mark.full
def test_after_kill_9_an_installer_that_still_writes_is_waited_for(held: Clone) -> None:
    first = held.start()
    child = installer(held)
    first.kill()
    first.wait()
    second = held.start()
    assert second.stderr is not None
    assert "waiting for another ./inv" in second.stderr.readline()
    assert is_running(child)
    held.let_go()
    assert result_of(second).code == 0
    result_of(first)
    assert held.calls() == ["uv_venv", *MADE]


@pytest.mark.full
def test_kill_9_during_a_sync_makes_the_environment_anew(ready: Clone) -> None:
    (ready.root / "requirements.lock").write_text("uv==1\n")
    ready.hold()
    process = ready.start()
    until(lambda: ready.calls() == ["sync"])
    child = installer(ready)
    process.kill()
    end(child)
    result_of(process)
    ready.let_go()
    ready.forget()
    assert ready.run().code == 0
    assert ready.calls() == MADE


@pytest.mark.full
def test_two_first_runs_make_one_environment(held: Clone) -> None:
    first = held.start("first")
    installer(held)
    second = held.start("second")
    assert second.stderr is not None
    said = second.stderr.readline()
    held.let_go()
    assert said == f"inv: waiting for another ./inv (process {first.pid}) to set up {held.venv}\n"
    assert [result_of(process).out.split()[-1] for process in (first, second)] == ["<first>", "<second>"]
    assert held.calls() == MADE


def test_a_waiting_run_can_be_stopped_and_takes_no_lock_along(held: Clone) -> None:
    first = held.start()
    installer(held)
    second = held.start()
    assert second.stderr is not None
    second.stderr.readline()
    second.terminate()
    assert result_of(second).code == 143
    assert (held.venv / ".devkit.lock").is_symlink()
    held.let_go()
    assert result_of(first).code == 0


@pytest.mark.full
def test_two_runs_that_find_a_dead_owner_make_one_environment(with_uv: Clone) -> None:
    with_uv.venv.mkdir()
    (with_uv.venv / ".devkit.lock").symlink_to(str(dead_process()))
    both = [with_uv.start(), with_uv.start()]
    assert [result_of(process).code for process in both] == [0, 0]
    assert with_uv.calls() == MADE


@pytest.mark.full
def test_four_first_runs_at_the_same_moment_make_one_environment(with_uv: Clone) -> None:
    runs = [with_uv.start() for _ in range(4)]
    assert [result_of(process).code for process in runs] == [0] * 4
    assert with_uv.calls() == MADE


def test_another_users_set_up_is_waited_for(public: Clone) -> None:
    public.venv.mkdir()
    public.venv.chmod(0o777)
    (public.venv / ".devkit.lock").symlink_to("1")  # a process that lives and is not ours to signal
    with subprocess.Popen(
        [*public.shell, str(public.root / "inv")],
        env=public.environment(),
        user="nobody" if os.geteuid() == 0 else None,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.terminate()
    assert said == f"inv: waiting for another ./inv (process 1) to set up {public.venv}\n"


@pytest.mark.full
def test_where_no_link_can_be_made_it_gives_up_soon(with_uv: Clone) -> None:
    (with_uv.path / "ln").unlink()
    result = with_uv.run()
    assert (result.code, "cannot be written" in result.err) == (2, True)
