"""The services: Tilt brings them up, and every one of them can be used."""

from __future__ import annotations

import contextlib

from devkit.cluster.tilt import our_tilt
from devkit.cluster.wanted import wanted_objects
from devkit.onboard.ground import Ground
from devkit.onboard.step import Look, later, met, needed, wrong
from devkit.stack.look import WORKLOADS, look
from devkit.stack.objects import stack_objects
from devkit.stack.up import Order, bring_up
from devkit.stack.version import versions_of
from devkit.words import plural


class Services:
    """Met when this checkout's Tilt runs and every object of the manifests is ready."""

    name = "up"
    changes = True

    def look(self, ground: Ground) -> Look:
        """How many are ready."""
        request = ground.order.request
        objects = stack_objects(request.project, request.manifests)
        wanted = wanted_objects(objects)
        services = sum(each.kind in WORKLOADS for each in wanted)
        plan = f"bring up {plural(services, 'service')} in {request.project.settings.namespace}, by Tilt"
        if ground.proven is None:
            return later(f"{plan}; images that are not there yet are downloaded")
        settings = request.project.settings
        context = ground.proven.target.context
        tilt = our_tilt(settings.tilt_port, ground.root / "Tiltfile", context, ground.environ)
        sight = look(ground.proven, wanted, tilt, versions_of(objects))
        if tilt is None:
            return needed(f"{plan}, which does not run yet")
        if not sight.is_ready:
            return needed(plan)
        return met(f"{plural(services, 'service')} ready, Tilt at {tilt.url}")

    def meet(self, ground: Ground) -> Look:
        """Start Tilt, unless it runs, and wait until all can be used."""
        request = ground.order.request
        order = Order(request.project, request.manifests, ground.cluster.target.context, ground.order.seconds)
        with ground.board() as board:
            ground.stack = bring_up(order, ground.cluster, ground.environ, board, lambda _: contextlib.nullcontext())
        stack = ground.stack
        if stack.exit_code:
            return wrong("not everything is ready", "mend what is said above")
        where = f", Tilt at {stack.tilt.url}" if stack.tilt is not None else ""
        return met(f"{plural(len(stack.services), 'service')} ready{where}")
