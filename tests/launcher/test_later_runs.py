"""Later runs: the stamp decides, and the program gets what the person typed."""

from __future__ import annotations

import pytest

from tests.launcher.clone import Clone


def test_a_second_run_calls_no_installer(ready: Clone) -> None:
    result = ready.run("verify")
    assert (result.code, result.err) == (0, "")
    assert ready.calls() == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-postgres.lock"])
def test_a_changed_lock_is_synced_in_place(ready: Clone, lock: str) -> None:
    with (ready.root / lock).open("a") as file:
        file.write("# changed\n")
    result = ready.run()
    assert (result.code, result.err) == (0, "inv: the locks have changed: bringing the environment up to date\n")
    assert ready.calls() == ["sync", "postgres"]


def test_after_a_sync_the_environment_is_ready(ready: Clone) -> None:
    (ready.root / "requirements.lock").write_text("uv==1\n")
    ready.run()
    ready.forget()
    assert ready.run().err == ""


def test_a_sync_without_network_leaves_the_old_environment_usable(ready: Clone) -> None:
    lock = ready.root / "requirements.lock"
    before = lock.read_text()
    lock.write_text("uv==1\n")
    assert ready.run(FAIL_sync="error sending request for url").code == 2
    lock.write_text(before)
    assert ready.run().err == ""


def test_an_environment_that_cannot_be_synced_is_made_anew(ready: Clone) -> None:
    (ready.root / "requirements.lock").write_text("uv==1\n")
    (ready.venv / "bin/uv").write_text("#!/bin/sh\nexit 1\n")
    result = ready.run()
    assert result.code == 0
    assert ready.calls() == ["uv_venv", "sync", "postgres"]


def test_an_environment_whose_python_is_gone_is_made_anew(ready: Clone) -> None:
    python = ready.venv / "bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert ready.run().code == 0
    assert ready.calls() == ["uv_venv", "sync", "postgres"]


def test_what_a_half_made_environment_holds_is_thrown_away(with_uv: Clone) -> None:
    half = with_uv.venv / "lib/half"
    half.mkdir(parents=True)
    assert with_uv.run().code == 0
    assert not half.exists()


def test_arguments_arrive_verbatim(ready: Clone) -> None:
    words = ("new", "two words", "it's", 'a "b"', "", "*", "$HOME", "back\\slash", "line\nbreak", "-x", "--", "é")
    assert ready.run(*words).out.split("\n", 3)[3] == "".join(f"<{word}>\n" for word in words)


def test_the_exit_code_is_the_programs(ready: Clone) -> None:
    assert ready.run(FAKE_EXIT="3").code == 3


def test_the_current_folder_is_kept(ready: Clone) -> None:
    assert ready.run(cwd=ready.fake).out.splitlines()[0] == f"cwd {ready.fake}"


@pytest.mark.parametrize(("folder", "launcher"), [("", "inv"), ("", "./inv"), ("devkit", "../inv")])
def test_it_is_found_by_a_relative_name(ready: Clone, folder: str, launcher: str) -> None:
    result = ready.run(launcher=launcher, cwd=ready.root / folder)
    assert (result.code, result.err) == (0, "")


def test_it_is_found_through_relative_and_absolute_links(ready: Clone) -> None:
    links = ready.place / "links"
    links.mkdir()
    (links / "first").symlink_to("../second")
    (ready.place / "second").symlink_to(ready.root / "inv")
    result = ready.run(launcher=str(links / "first"))
    assert (result.code, result.err) == (0, "")


def test_it_runs_from_path(ready: Clone) -> None:
    (ready.path / "inv").symlink_to(ready.root / "inv")
    by_name = Clone(ready.place, (str(ready.path / "env"),))
    result = by_name.run(launcher="inv")
    assert (result.code, result.err) == (0, "")
