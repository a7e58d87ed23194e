"""What is waited for: every object that is applied."""

from __future__ import annotations

from collections.abc import Iterable

from devkit.cluster.documents import Document
from devkit.cluster.readiness.values import Wanted
from devkit.finding import Place


def wanted_objects(objects: Iterable[Document]) -> tuple[Wanted, ...]:
    """`objects` as readiness is asked for."""
    return tuple(Wanted(str(each.body["apiVersion"]), each.kind, each.namespace, each.name) for each in objects)


def places(objects: Iterable[Document]) -> dict[tuple[str, str], Place]:
    """Where each object stands in its manifest, by kind and name."""
    return {(each.kind, each.name): each.place for each in objects}
