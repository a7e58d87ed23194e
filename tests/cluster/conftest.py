"""A cluster a session, a namespace a test, a checkout that is meant for both."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devkit.postgres.cache import Cache
from tests.checkout import Checkout
from tests.cluster.pinned import Pinned
from tests.cluster.stack import Stack
from tests.need import missing, need
from tests.testbed.cluster import Cluster
from tests.testbed.named import VARIABLE, NamedCluster
from tests.testbed.stores import Stores, serving
from tests.testbed.tools import build


@pytest.fixture(scope="session")
def programs() -> dict[str, Path]:
    """The bed's programs; ./inv test builds them."""
    found = build.programs()
    if found is None:
        missing("the test bed is not built: python -m tests.testbed.tools.build (it needs Go)")
    return found


@pytest.fixture(scope="session")
def cluster(programs: dict[str, Path]) -> Iterator[Cluster]:
    """The bed's cluster, one a session."""
    need("openssl")
    folder = Path(tempfile.mkdtemp(prefix="devkit-bed-"))
    cluster = Cluster(folder, programs, "bed")
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stores(found: Cache, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The servers behind pods."""
    with serving(found, tmp_path_factory.mktemp("stores")) as stores:
        yield stores


@pytest.fixture
def make_stack(
    checkout: Checkout, programs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Cluster], Stack]]:
    """Makes the sample stack of a test, not yet up; whatever is left of it afterwards is taken away."""
    made: list[Stack] = []

    def make(cluster: Cluster) -> Stack:
        made.append(Stack(checkout, cluster, programs["tilt"], tmp_path_factory.mktemp("home")))
        return made[-1]

    yield make
    for stack in made:
        stack.clear()


@pytest.fixture
def stack(cluster: Cluster, make_stack: Callable[[Cluster], Stack]) -> Stack:
    """The sample stack in a namespace of this test's own, on the bed."""
    return make_stack(cluster)


@pytest.fixture
def any_stack(request: pytest.FixtureRequest, make_stack: Callable[[Cluster], Stack]) -> Stack:
    """The same on the cluster that DEVKIT_TEST_KUBECONFIG names, where there is one: its pods are real."""
    named = os.environ.get(VARIABLE)
    return make_stack(NamedCluster(Path(named)) if named else request.getfixturevalue("cluster"))


@pytest.fixture
def pinned(stack: Stack, stores: Stores) -> Pinned:
    """A small stack whose images are pinned, not yet applied, with a database behind its pods."""
    stores.serve(stack.cluster, stack.namespace)
    return Pinned(stack)
