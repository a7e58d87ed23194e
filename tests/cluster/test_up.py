"""Up, status and down on the sample, with the real Tilt."""

from __future__ import annotations

from tests.cluster.stack import Stack
from tests.testbed.stores import Stores


def test_the_sample_comes_up_is_shown_and_goes_down(stack: Stack, stores: Stores) -> None:
    stores.serve(stack.cluster, stack.namespace)
    up = stack.up("--timeout", "20")
    print(up.out, up.err)
    status = stack.run("status")
    print(status.out, status.err)
    down = stack.run("down", "--yes")
    print(down.out, down.err)
    assert 0
