"""Which of Tilt's failures explain why an object is not applied."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from devkit.cluster.tilt import Resource, Tilt
from devkit.stack.look import why_lacking

MISSING = {"redis:secret"}


def failed(name: str, *objects: str, update: str = "error", is_enabled: bool = True) -> Resource:
    return Resource(name, update, "ok", "first line\nit is refused\n", objects, is_enabled, "1")


@pytest.mark.parametrize(
    ("resource", "explains"),
    [
        (failed("redis", "redis:secret", "redis:service"), True),
        (failed("(Tiltfile)"), True),
        (failed("loki", "loki:configmap"), False),
        (failed("redis"), True),
        (dataclasses.replace(failed("verify"), is_command=True), False),
        (failed("redis", "redis:secret", update="in_progress"), False),
        (failed("redis", "redis:secret", is_enabled=False), False),
        (Resource("redis", "ok", "ok", "", ("redis:secret",), True, "1"), False),
    ],
)
def test_only_what_should_have_made_it_explains_it(resource: Resource, explains: bool) -> None:
    found = list(why_lacking(Tilt(1, Path(), 10350, "kind-bed", (resource,)), MISSING))
    assert [(each.name, each.message) for each in found] == (
        [(resource.name, "Tilt could not apply it: it is refused")] if explains else []
    )
