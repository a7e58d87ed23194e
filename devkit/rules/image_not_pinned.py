"""image-not-pinned: an image by its tag alone, which may be another one tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Place, Severity
from devkit.images.manifest import ImageUse
from devkit.images.name import BadReferenceError, normal
from devkit.images.pins import Pins
from devkit.rules.rule import Judged, Rule, Subject, locked, pod_file
from devkit.words import plural


def not_pinned(pins: Pins) -> Iterator[Finding]:
    """One line of information while there is no lock; with one, an error for each image without a digest."""
    open_uses = [use for use in pins.uses if "@" not in use.reference]
    if pins.lock is not None:
        yield from (_finding(use) for use in open_uses)
    elif open_uses and pins.trouble is None:
        yield Finding(
            RULE.id,
            Severity.INFO,
            f"{plural(len(open_uses), 'image')} by tag alone, and no {pins.lock_shown}: a tag can be pushed again",
            "run ./inv pin once, on a machine with network, and commit what it writes",
            Place(pins.lock_shown),
        )


def _finding(use: ImageUse) -> Finding:
    try:
        normal(use.reference)
        why = f"{use.reference} has no digest: another push of its tag makes two machines differ"
        cure = "./inv pin"
    except BadReferenceError as error:
        why, cure = f"{use.reference} names no image: {error}", "write NAME:TAG, and then: ./inv pin"
    if use.blocked:
        cure = f"{use.blocked}: write the image out here, without the anchor, and then: ./inv pin"
    return Finding(RULE.id, RULE.severity, why, cure, use.place, object=use.reference)


def _check(judged: Judged) -> Iterator[Finding]:
    return not_pinned(judged.pins)


RULE = Rule(
    id="image-not-pinned",
    severity=Severity.ERROR,
    subject=Subject.PROJECT,
    summary="Every image has the digest that infra/images.lock has of it.",
    why="A tag can be pushed again: the same manifest then runs two builds on two machines.",
    bad=(
        f"{pod_file('redis:8.2.2')}\n{locked('redis:8.2.2')}",
        f"{pod_file('${REDIS}')}\n{locked()}",
        pod_file("redis:8.2.2"),
    ),
    good=(f"{pod_file('redis:8.2.2@sha256:' + 'a' * 64)}\n{locked('redis:8.2.2')}",),
    check=_check,
)
