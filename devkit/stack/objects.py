"""What this checkout's stack consists of: its manifests as they are applied, without what a developer switched off."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from devkit.cluster.documents import Document
from devkit.cluster.personal import read_personal
from devkit.cluster.rendered import rendered
from devkit.config import Project
from devkit.images.folder import read_manifests


def stack_objects(project: Project, manifests: Path) -> tuple[Document, ...]:
    """The objects of the folder `manifests`; DevkitError for one that is not usable, with its place."""
    found = read_manifests(manifests, project.settings.manifests)
    return rendered(found, project.settings, read_personal(project.root, project.settings))


def services_left_out(project: Project, manifests: Path) -> frozenset[str]:
    """The names of the Services that a developer switched off: nobody need answer for them."""
    found = read_manifests(manifests, project.settings.manifests)
    everything = rendered(found, project.settings, frozenset())
    return _services(everything) - _services(stack_objects(project, manifests))


def _services(objects: Iterable[Document]) -> frozenset[str]:
    return frozenset(each.name for each in objects if each.kind == "Service")
