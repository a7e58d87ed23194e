"""The image pins: what the manifests name is what the lock says, or nothing is brought up."""

from __future__ import annotations

from devkit.finding import Severity
from devkit.images.lock import lock_path
from devkit.onboard.ground import Ground
from devkit.onboard.step import Look, met, wrong
from devkit.pin.check import check
from devkit.pin.tree import read_tree
from devkit.words import plural


class Pins:
    """Met when ./inv pin --check finds no error. It asks nobody, and writes nothing."""

    name = "pins"
    changes = False

    def look(self, ground: Ground) -> Look:
        """What pin --check says."""
        request = ground.order.request
        tree = read_tree(request, lock_path(request.manifests).absolute())
        found = check(tree)
        errors = tuple(each for each in found if each.severity is Severity.ERROR)
        if errors:
            ground.findings = errors
            return wrong(f"{plural(len(errors), 'error')} in the image pins", "./inv pin writes them anew, and asks")
        pinned = sum("@" in use.reference for use in tree.pins.uses)
        return met(f"{pinned} of {plural(len(tree.pins.uses), 'image')} pinned by digest")

    def meet(self, ground: Ground) -> Look:
        """Pinning needs a network and a commit: a person does it."""
        return self.look(ground)
