"""image-not-in-lock: a digest that the lock does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.images.lock import ImagesLock
from devkit.images.name import Name
from devkit.images.pins import Pins
from devkit.rules.rule import Judged, Rule, Subject, locked, pod_file


def not_in_lock(pins: Pins) -> Iterator[Finding]:
    """An error for each digest in the manifests that is not the one in the lock; none while there is no lock."""
    if pins.lock is None:
        return
    for use, name in pins.named():
        if name.digest is not None and pins.held(use, name) is None:
            unknown = ("nobody has looked at what this digest is, and for which platforms", "./inv pin")
            why, cure = contradiction(pins.lock, name) or unknown
            message = f"{use.reference} is not what {pins.lock_shown} has: {why}"
            yield Finding(RULE.id, RULE.severity, message, cure, use.place, object=use.reference)


def contradiction(lock: ImagesLock, name: Name) -> tuple[str, str] | None:
    """Why the digest of `name` cannot be what a person meant, and the cure; None when the lock knows nothing of it."""
    of_tag = lock.tagged(name)
    if of_tag is not None and of_tag.resolved.digest != name.digest:
        cure = "take the digest away here, and then: ./inv pin; it writes the one of the lock"
        return f"that is {of_tag.resolved.digest}", cure
    other = next((each for each in lock.images if each.resolved.digest == name.digest), None)
    if other is not None and other.name.digest is None and other is not of_tag:
        return f"this digest is that of {other.name}", "take the digest away here, and then: ./inv pin"
    return None


def _check(judged: Judged) -> Iterator[Finding]:
    return not_in_lock(judged.pins)


RULE = Rule(
    id="image-not-in-lock",
    severity=Severity.ERROR,
    subject=Subject.PROJECT,
    summary="Every digest of the manifests is in infra/images.lock.",
    why="A digest of one platform alone works on the machine that it was copied from, and breaks the others.",
    bad=(
        f"{pod_file('redis:8.2.2@sha256:' + 'b' * 64)}\n{locked('redis:8.2.2')}",
        f"{pod_file('redis:8.2.3@sha256:' + 'a' * 64)}\n{locked('redis:8.2.2')}",
        f"{pod_file('redis@sha256:' + 'b' * 64)}\n{locked()}",
    ),
    good=(f"{pod_file('redis:8.2.2@sha256:' + 'a' * 64)}\n{locked('redis:8.2.2')}",),
    check=_check,
)
