"""Two reports in, every difference out. Each is named once: what only follows from another one is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from devkit.compare.difference import Difference, Group, of_list, of_table, of_value
from devkit.compare.findings import of_findings
from devkit.compare.report import Machine, Report
from devkit.verify.identity import Child, Cluster, Identity, Image, Schema

_NOT_PINNED = "not pinned"


def compare(there: Report, here: Report) -> tuple[Difference, ...]:
    """Every difference between two reports, by group and then by name."""
    found = [
        *_of_images(there.stack.images, here.stack.images),
        *_of_schema(there.stack.schema, here.stack.schema),
        *of_table(Group.SETTINGS, "{}", there.stack.settings, here.stack.settings),
        *_of_versions(there.stack, here.stack),
        *of_list(
            Group.NODE_IMAGE, "kind's nodes", there.stack.node_images, here.stack.node_images, "kind's own choice"
        ),
        *of_table(Group.MIGRATIONS, "{}", there.stack.migrations, here.stack.migrations),
    ]
    if not found:  # a difference of contents makes one of digests
        found += of_value(Group.REPORT, "the identity that is written in it", there.identity, here.identity)
    found += of_findings(there.findings, here.findings)
    found += _of_machines(there.machine, here.machine)
    order = list(Group)
    return tuple(sorted(found, key=lambda each: order.index(each.group)))


def _of_images(there: Mapping[str, Image], here: Mapping[str, Image]) -> Iterator[Difference]:
    for name in sorted(there.keys() | here.keys()):
        old, new = there.get(name), here.get(name)
        if old is None or new is None:
            yield Difference(Group.IMAGES, name, _pinned(old), _pinned(new))
            continue
        yield from of_value(Group.IMAGES, name, _pinned(old), _pinned(new))
        if old.digest == new.digest:  # another digest has other platforms
            for platform in sorted(old.platforms.keys() | new.platforms.keys()):
                yield from _of_children(
                    f"{name} on {platform}", old.platforms.get(platform), new.platforms.get(platform)
                )
        yield from of_list(Group.PLATFORMS, f"{name}, emulated", old.emulated, new.emulated, "nowhere")


def _pinned(image: Image | None) -> str | None:
    return None if image is None else image.digest or _NOT_PINNED


def _of_children(what: str, old: Child | None, new: Child | None) -> Iterator[Difference]:
    if old is None or new is None or old.manifest != new.manifest:
        yield Difference(Group.PLATFORMS, what, old.manifest if old else None, new.manifest if new else None)
    elif old.config != new.config:  # another manifest may well have another configuration
        yield Difference(Group.PLATFORMS, f"{what}, configuration", old.config, new.config)


def _of_schema(there: Schema | None, here: Schema | None) -> Iterator[Difference]:
    if there is None or here is None:
        yield from of_value(Group.SCHEMA, "what the migrations make", _said(there), _said(here))
        return
    objects = list(of_table(Group.SCHEMA, "{}", there.objects, here.objects))
    yield from objects
    if not objects:
        yield from of_value(Group.SCHEMA, "its fingerprint", there.fingerprint, here.fingerprint)


def _said(schema: Schema | None) -> str:
    return "not all of them ran" if schema is None else schema.fingerprint


def _of_versions(there: Identity, here: Identity) -> Iterator[Difference]:
    yield from of_value(Group.VERSIONS, "engine", there.engine, here.engine)
    yield from of_value(Group.VERSIONS, "PostgreSQL", there.postgres, here.postgres)
    yield from of_value(Group.VERSIONS, "citus", there.citus or "none", here.citus or "none")
    yield from of_table(Group.VERSIONS, "{}", there.versions, here.versions)
    old, new = there.cluster, here.cluster
    if old is None or new is None:
        yield from of_value(Group.VERSIONS, "cluster", _asked(old), _asked(new))
        return
    yield from of_value(Group.VERSIONS, "Kubernetes", old.kubernetes, new.kubernetes)
    yield from of_list(Group.VERSIONS, "kubelets", old.kubelets, new.kubelets, "may not be read")
    yield from of_table(Group.IMAGES, "containers that run something else: {}", old.unlike, new.unlike)


def _asked(cluster: Cluster | None) -> str:
    return "not asked" if cluster is None else f"asked, Kubernetes {cluster.kubernetes or 'of unknown version'}"


def _of_machines(there: Machine, here: Machine) -> Iterator[Difference]:
    yield from of_value(Group.MACHINE, "system", there.system, here.system)
    yield from of_value(Group.MACHINE, "architecture", there.architecture, here.architecture)
    yield from of_value(Group.MACHINE, "Python", there.python, here.python)
    yield from of_list(Group.MACHINE, "platforms of nodes", there.nodes, here.nodes, "not seen")
    yield from of_table(Group.MACHINE, "containers by what they run: {}", there.running, here.running)
