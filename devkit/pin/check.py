"""What ./inv pin --check says: offline, and exact."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding
from devkit.pin.plan import Resolve
from devkit.pin.tree import Tree
from devkit.rules.floating_image import floating
from devkit.rules.image_not_in_lock import not_in_lock
from devkit.rules.image_not_pinned import not_pinned
from devkit.rules.image_place_unknown import unknown_places
from devkit.rules.live import tag_moved
from devkit.rules.lock_out_of_date import out_of_date
from devkit.rules.platform_missing import platforms_missing


def check(tree: Tree) -> tuple[Finding, ...]:
    """What is wrong with the images of the manifests and with their lock, without asking anybody."""
    pins = tree.pins
    found = [*tree.unreadable, *floating(pins.uses), *not_pinned(pins), *not_in_lock(pins)]
    found += [*platforms_missing(pins), *out_of_date(pins), *unknown_places(pins)]
    kept = (finding for finding in found if not (tree.ignores and tree.hides(finding)))
    return tuple(sorted(kept, key=lambda finding: (finding.place, finding.rule)))


def moved(tree: Tree, resolve: Resolve) -> Iterator[Finding]:
    """Information about each tag that names another image now than when it was pinned."""
    ours = {each.name: each for each in tree.lock.images if each.name.digest is None}
    answers = resolve(ours, {each.resolved.digest: each.resolved for each in ours.values()}) if ours else {}
    for name, locked in ours.items():
        if answers[name].digest != locked.resolved.digest:
            yield tag_moved(str(name), answers[name].digest, tree.pins.place(locked))
