"""lock-out-of-date: a lock that speaks of more than the manifests do, or that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Place, Severity
from devkit.images.pins import Pins
from devkit.rules.rule import Judged, Rule, Subject, locked, pod_file


def out_of_date(pins: Pins) -> Iterator[Finding]:
    """What is wrong with the lock itself."""
    if pins.trouble is not None:
        yield _finding(*pins.trouble, Place(pins.lock_shown))
    if pins.interrupted:
        yield _finding(
            f"./inv pin was killed while it wrote the manifests and {pins.lock_shown}",
            "./inv pin --check carries it on, and then looks",
            Place(pins.lock_shown),
        )
    if pins.lock is None:
        return
    held = {pins.key(use): found for use, name in pins.named() if (found := pins.held(use, name))}
    used = {each.name for each in held.values()}
    tags = {(name.image, name.tag) for _, name in pins.named()}  # another digest than the lock's: image-not-in-lock
    for image in pins.lock.images:
        place = pins.place(image)
        if image.name not in used and (image.name.image, image.name.tag) not in tags:
            message = f"{pins.lock_shown} has {image.name}, which no manifest runs"
            yield _finding(message, "./inv pin takes it out", place, str(image.name))
            continue
        gone = [each for each in image.by_hand if held.get(each) is not image]
        if gone:
            message = f"{pins.lock_shown} says that {image.name} was written by hand at {gone[0]}, where it is not"
            yield _finding(message, "./inv pin takes that out", place, str(image.name))


def _finding(message: str, cure: str, place: Place, about: str | None = None) -> Finding:
    return Finding(RULE.id, RULE.severity, message, cure, place, object=about)


def _check(judged: Judged) -> Iterator[Finding]:
    return out_of_date(judged.pins)


_REDIS = pod_file("redis:8.2.2@sha256:" + "a" * 64)

RULE = Rule(
    id="lock-out-of-date",
    severity=Severity.ERROR,
    subject=Subject.PROJECT,
    summary="infra/images.lock has the images of the manifests, and no other.",
    why="What is left over there hides that an image went, and comes back with the next merge.",
    bad=(
        f"{_REDIS}\n{locked('redis:8.2.2', 'redis:8.2.1')}",
        f"{_REDIS}\necho '<<<<<<< HEAD' > infra/images.lock",
        f"{_REDIS}\n{locked('redis:8.2.2')}\necho '[]' > infra/.images.lock.pin",
    ),
    good=(f"{_REDIS}\n{locked('redis:8.2.2')}",),
    check=_check,
    ignorable=False,
)
