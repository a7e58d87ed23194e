"""What a stack consists of, and what a developer has switched off of it."""

from __future__ import annotations

from devkit.config import load_project
from devkit.stack.objects import services_left_out, stack_objects
from tests.checkout import Checkout


def test_services_of_a_group_that_is_switched_off_are_left_out(checkout: Checkout) -> None:
    project = load_project(checkout.root)
    assert services_left_out(project, checkout.manifests) == frozenset()
    (checkout.root / "tilt_config.json").write_text('{"observability": false}')
    assert services_left_out(project, checkout.manifests) == {"grafana", "loki"}
    names = {each.name for each in stack_objects(project, checkout.manifests) if each.kind == "Service"}
    assert names == {"citus-coordinator", "redis", "redpanda"}
