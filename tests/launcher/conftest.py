"""Fixtures: a fresh clone for each shell."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.launcher.clone import SHELLS, Clone, make_clone


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The everyday run has the launcher under one shell, CI under each."""
    for item in items:
        if item.path.parent.name == "launcher" and any(f"[{shell}" in item.name for shell in SHELLS if shell != "dash"):
            item.add_marker(pytest.mark.full)


@pytest.fixture(params=SHELLS)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Clone:
    """A clone on a machine with neither Python nor uv."""
    return make_clone(tmp_path, request.param)


@pytest.fixture
def with_uv(bare: Clone) -> Clone:
    """A clone on a machine with uv."""
    bare.offer("uv")
    return bare


@pytest.fixture
def with_python(bare: Clone) -> Clone:
    """A clone on a machine with Python alone."""
    bare.offer("python3")
    return bare


@pytest.fixture
def ready(with_uv: Clone) -> Clone:
    """A clone whose environment is made."""
    assert with_uv.run().code == 0
    with_uv.forget()
    return with_uv


@pytest.fixture(params=SHELLS)
def public(request: pytest.FixtureRequest) -> Iterator[Clone]:
    """A clone where every user may enter, with uv."""
    place = Path(tempfile.mkdtemp(prefix="devkit-launcher-", dir="/var/tmp"))
    place.chmod(0o755)
    try:
        clone = make_clone(place, request.param)
        clone.offer("uv")
        yield clone
    finally:
        shutil.rmtree(place)
