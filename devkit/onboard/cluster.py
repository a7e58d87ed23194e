"""The cluster: one that is proven local is taken as it is; else kind makes it as infra/kind.yaml says."""

from __future__ import annotations

from pathlib import Path

from devkit.cluster.proof import Proven, agree, is_agreed, prove
from devkit.onboard.ground import Ground
from devkit.onboard.kind import find_kind
from devkit.onboard.making import is_making, making
from devkit.onboard.place import Place, Way, find_place
from devkit.onboard.step import Look, met, needed
from devkit.verify.node_images import kind_path, node_images


class Cluster:
    """Met when the cluster answers, every sign says that it may be used, and its user has agreed to it."""

    name = "cluster"
    changes = True

    def look(self, ground: Ground) -> Look:
        """The cluster that is there, or how it is made."""
        place = _place(ground)
        if place.proven is None:
            return needed(_plan(place, ground))
        ground.proven = place.proven
        if is_agreed(place.proven):
            return met(_there(place.proven))
        if is_making(place.context, ground.environ):
            return needed(f"go on with {_there(place.proven)}, which a run that was killed had made")
        return needed(f"agree to {_there(place.proven)}: namespace {place.proven.namespace} there becomes devkit's")

    def meet(self, ground: Ground) -> Look:
        """Make it, unless it is there, and agree to it."""
        place = _place(ground)
        if place.proven is not None and not is_making(place.context, ground.environ):
            agree(place.proven, ground.ask)
            ground.proven = prove(place.proven.settings, ground.environ, place.context)
            return met(f"agreed to {_there(ground.proven)}")
        if place.way is Way.EXPORT:
            find_kind(ground.environ).export(place.cluster, ground.said)
            ground.proven = _agreed(ground, place.context)
            return met(f"wrote the context of {_there(ground.proven)}")
        with making(place.context, ground.environ):
            if place.proven is None:
                _make(ground, place)
            # Nobody else can mean anything by it: it was made here, as the plan said, and is empty.
            ground.proven = prove(ground.order.request.project.settings, ground.environ, place.context)
            agree(ground.proven, lambda _plan, _word, _may_skip: None)
        return met(f"made {_there(ground.proven)}")


def _place(ground: Ground) -> Place:
    settings = ground.order.request.project.settings
    context = ground.proven.target.context if ground.proven is not None else ground.order.context
    return find_place(settings, ground.environ, context, _config(ground))


def _config(ground: Ground) -> Path:
    return kind_path(ground.order.request.manifests)


def _make(ground: Ground, place: Place) -> None:
    kind = find_kind(ground.environ)
    if place.way is Way.REMAKE:
        kind.delete(place.cluster, ground.said)
    kind.create(place.cluster, _config(ground), ground.said)


def _agreed(ground: Ground, context: str) -> Proven:
    proven = prove(ground.order.request.project.settings, ground.environ, context)
    agree(proven, ground.ask)
    return proven


def _there(proven: Proven) -> str:
    return f"{proven.target.context} at {proven.target.server}"


def _plan(place: Place, ground: Ground) -> str:
    instead = f" (the current context cannot be used: {place.instead_of})" if place.instead_of else ""
    if place.way is Way.EXPORT:
        return f"write the context {place.context} of kind's cluster, and make it the current one{instead}"
    first = f"delete the half-made cluster {place.cluster} of a run that was killed, and " * (place.way is Way.REMAKE)
    config = _config(ground)
    image = " and ".join(node_images(config.read_bytes())) or "kind's own choice"
    return (
        f"{first}make kind's cluster {place.cluster} with {config.parent.name}/{config.name} "
        f"({image.partition('@')[0]}, downloaded if it is not there; a minute or more); "
        f"{place.context} becomes the current context{instead}"
    )
