"""Fixtures: a cache a worker, a checkout a test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import Checkout, make_checkout


@pytest.fixture(scope="session")
def cache() -> Iterator[Path]:
    """A cache of this worker's own, where the server's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="devkit-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def checkout(tmp_path: Path, cache: Path) -> Checkout:
    """A copy of the repository, with the sample stack."""
    return make_checkout(tmp_path, cache)


@pytest.fixture
def empty(checkout: Checkout) -> Checkout:
    """A copy of the repository without migrations and manifests."""
    checkout.clear()
    return checkout
