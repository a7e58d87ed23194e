"""Status: services, images, ledger, Tilt, and which cluster all of it is in. Changes nothing."""

from __future__ import annotations

import concurrent.futures
import dataclasses
from collections.abc import Iterator, Mapping

from devkit.cluster.proof import Proven, prove
from devkit.cluster.readiness.values import Seen
from devkit.cluster.tilt import Tilt, our_tilt
from devkit.cluster.wanted import wanted_objects
from devkit.errors import DevkitError
from devkit.images.folder import Manifest, read_manifests
from devkit.images.manifest import find_images
from devkit.migrate.outcome import Outcome
from devkit.migrate.status import status as history
from devkit.progress import Progress
from devkit.stack.database import stack_database
from devkit.stack.look import look
from devkit.stack.objects import stack_objects
from devkit.stack.outcome import Image, Stack, TiltShown, identity
from devkit.verify.inputs import Request


@dataclasses.dataclass(frozen=True, slots=True)
class _Ledger:
    """The ledger beside the files, or why nobody could read it."""

    outcome: Outcome | None
    problem: str


def status(request: Request, environ: Mapping[str, str], context: str, progress: Progress) -> Stack:
    """The stack as it is; DevkitError when the cluster may not be looked at, or does not let us."""
    settings = request.project.settings
    manifests = read_manifests(request.manifests, settings.manifests)
    wanted = wanted_objects(stack_objects(request.project, request.manifests))
    progress("looking at the cluster")
    proven = prove(settings, environ, context)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:  # each waits for servers most of the time
        reading = pool.submit(_ledger, request, proven, progress)
        tilt = our_tilt(settings.tilt_port, request.project.root / "Tiltfile", proven.target.context, environ)
        sight = look(proven, wanted, tilt)
        ledger = reading.result()
    return Stack(
        identity(proven),
        sight.services,
        shown_tilt(tilt) if tilt is not None else None,
        tuple(_images(sight.seen, frozenset(_named(manifests)))),
        ledger.outcome,
        ledger.problem,
    )


def shown_tilt(tilt: Tilt) -> TiltShown:
    """A running Tilt as it is shown."""
    resources = ((each.name, each.update, each.runtime) for each in tilt.resources)
    return TiltShown(tilt.pid, tilt.url, tuple(sorted(resources)))


def _ledger(request: Request, proven: Proven, progress: Progress) -> _Ledger:
    try:
        with stack_database(proven) as (dsn, forward):
            try:
                return _Ledger(history(request, dsn, progress), "")
            except DevkitError as error:
                return _Ledger(None, forward.problem or error.problem)
    except DevkitError as error:
        return _Ledger(None, error.problem)


def _named(manifests: tuple[Manifest, ...]) -> Iterator[str]:
    for manifest in manifests:
        text = manifest.text()
        if isinstance(text, str):
            yield from (use.reference for use in find_images(text, manifest.shown).uses)


def _images(seen: Seen, named: frozenset[str]) -> Iterator[Image]:
    for pod in seen.pods:
        statuses = {each["name"]: each for each in (pod.get("status") or {}).get("containerStatuses") or ()}
        for container in (pod.get("spec") or {}).get("containers") or ():
            reference = str(container.get("image", ""))
            found = statuses.get(container["name"], {})
            name = str(pod["metadata"]["name"])
            yield Image(name, str(container["name"]), reference, str(found.get("imageID", "")), reference in named)
