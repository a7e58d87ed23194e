"""What this machine remembers of clusters: broken or out of reach, it stops everything and says how to mend it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.danger import READS, asked, is_planted, marker, plant, verbs
from tests.cluster.stack import Stack
from tests.everyday import first

VERBS = (("up", "--yes", "--context", "kind-bed"), ("down", "--yes"), ("status",))


@pytest.fixture
def locked(small_disk: Callable[[int], Path], tmp_path: Path) -> Path:
    """A folder that nobody may write to, not even root."""
    if os.geteuid() != 0:
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o500)
        return folder
    folder = small_disk(1)
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    return folder


@pytest.mark.parametrize(
    "text", first(1, [b"", b"{", b"\xff\x00", b'{"context": "kind-bed"}', b'{"context": 1, "uid": 2}'])
)
def test_a_broken_file_says_how_to_forget_it(stack: Stack, text: bytes) -> None:
    stack.agree()
    (file,) = stack.home.glob("devkit_state/clusters/*.json")
    file.write_bytes(text)
    with asked(stack.cluster) as requests:
        done = stack.run("down", "--yes")
    assert (done.code, done.out, requests) == (2, "", [])
    assert f"inv: {file} is not what devkit wrote there" in done.err
    assert f"delete it: rm {file}; ./inv up then asks once more" in done.err


@pytest.mark.full
def test_no_verb_goes_on_with_a_broken_file_and_all_do_after_the_cure(stack: Stack) -> None:
    plant(stack)
    stack.agree()
    (stack.checkout.root / "Tiltfile").unlink()
    (file,) = stack.home.glob("devkit_state/clusters/*.json")
    file.write_text("{")
    for words in VERBS:
        done = stack.run(*words)
        assert (done.code, "is not what devkit wrote there" in done.err) == (2, True), done
    file.unlink()
    refused = stack.run("down", "--yes")
    assert (refused.code, "was never confirmed here" in refused.err, is_planted(stack)) == (2, True, True)
    assert "Tiltfile" in stack.run("up", "--yes", "--context", "kind-bed").err
    assert (stack.run("down", "--yes").code, is_planted(stack)) == (0, False)


@pytest.mark.full
def test_where_nothing_can_be_remembered_nothing_is_agreed_to(stack: Stack, locked: Path) -> None:
    with asked(stack.cluster) as requests:
        done = stack.run("up", "--yes", "--context", "kind-bed", env={"DEVKIT_STATE": str(locked)})
    assert done.code == 2
    assert f"{locked}/clusters" in done.err
    assert "cannot be written: " in done.err
    assert "allow it, or name a folder of yours: export DEVKIT_STATE=DIR" in done.err
    assert (verbs(requests), marker(stack)) == (READS, None)


@pytest.mark.full
def test_a_state_folder_that_is_a_file_is_said(stack: Stack) -> None:
    (stack.home / "file").write_text("")
    done = stack.run("status", env={"DEVKIT_STATE": str(stack.home / "file")})
    assert (done.code, "cannot be read: Not a directory" in done.err) == (2, True)
    assert "name a folder of yours: export DEVKIT_STATE=DIR" in done.err
