"""image-place-unknown: a key called image of a kind that is not Kubernetes' own."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.images.pins import Pins
from devkit.rules.rule import Judged, Rule, Subject


def unknown_places(pins: Pins) -> Iterator[Finding]:
    """Information about each key that looks as if it named an image, and that nobody has declared."""
    for each in pins.unknown:
        path = each.path.partition(":")[2]
        kind = each.kind or "a document without a kind"
        declare = f'[tool.devkit.image-paths] {each.kind} = ["{path}"]' if each.kind else "move it to another folder"
        yield Finding(
            RULE.id,
            Severity.INFO,
            f"{path} of {kind} looks like an image: it is neither judged nor pinned",
            f"if it is one: {declare}",
            each.place,
            object=f"{each.kind} {path}",
        )


def _check(judged: Judged) -> Iterator[Finding]:
    return unknown_places(judged.pins)


_CLUSTER = "apiVersion: example.org/v1\nkind: Cluster\nmetadata: {name: a}\nspec: {%s: redis:8.2.2}\n"

RULE = Rule(
    id="image-place-unknown",
    severity=Severity.INFO,
    subject=Subject.MANIFEST,
    summary="Every key that is called image is known to name one, or not.",
    why="An operator's image that nobody pins floats although every other one stands still.",
    bad=(_CLUSTER % "image",),
    good=(_CLUSTER % "version",),
    check=_check,
)
