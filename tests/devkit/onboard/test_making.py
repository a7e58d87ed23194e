"""What is written down while a cluster is being made."""

from __future__ import annotations

from pathlib import Path

import pytest

from devkit.cluster.memory import remember, remembered
from devkit.errors import DevkitError
from devkit.onboard.making import is_making, making


def test_it_is_known_until_it_is_done_and_what_was_agreed_to_before_is_forgotten(tmp_path: Path) -> None:
    environ = {"DEVKIT_STATE": str(tmp_path)}
    remember("kind-dev", "uid-of-the-cluster-before", environ)
    assert not is_making("kind-dev", environ)
    with making("kind-dev", environ):
        assert is_making("kind-dev", environ)
        assert not is_making("kind-other", environ)
        assert remembered("kind-dev", environ) is None
    assert not is_making("kind-dev", environ)


def test_what_a_killed_run_left_stays_known_until_the_cluster_is_agreed_to(tmp_path: Path) -> None:
    environ = {"DEVKIT_STATE": str(tmp_path)}
    with pytest.raises(RuntimeError, match="killed"), making("kind-dev", environ):
        raise RuntimeError("killed")
    assert is_making("kind-dev", environ)
    remember("kind-dev", "uid", environ)  # made whole and agreed to: it must never be taken for a half-made one
    assert not is_making("kind-dev", environ)


def test_only_one_makes_it(tmp_path: Path) -> None:
    environ = {"DEVKIT_STATE": str(tmp_path)}
    with (
        making("kind-dev", environ),
        pytest.raises(DevkitError, match=r"another \./inv onboard is making the cluster of kind-dev"),
        making("kind-dev", environ),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "making").write_text("")
    with pytest.raises(DevkitError, match="cannot be written"), making("kind-dev", {"DEVKIT_STATE": str(tmp_path)}):
        pass
