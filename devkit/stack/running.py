"""What the stack's pods run, beside the manifests and the lock of images."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from devkit.cluster.api import Api, Object
from devkit.cluster.documents import Document
from devkit.cluster.failures import RefusedError
from devkit.cluster.observe import collection
from devkit.cluster.proof import Proven
from devkit.cluster.readiness.owners import newest_set
from devkit.cluster.readiness.raw import flag, name_of, part, parts, text
from devkit.cluster.readiness.values import Seen
from devkit.finding import Finding, Place
from devkit.images.lock import ImagesLock
from devkit.images.pins import Pins
from devkit.images.running import Likeness, Running, running
from devkit.rules.live import image_differs, pod_is_leaving, pod_of_nobody, running_is_pinned
from devkit.verify.inputs import Request, gather
from devkit.verify.pins import read_pins


@dataclasses.dataclass(frozen=True, slots=True)
class Owned:
    """A pod, and the object of the manifests that it is there for; None for one that no manifest asks for.

    `leaving` says why it does not count: it is being deleted, or is of an older version; "" where it does. `unread`
    names what makes it where that may not be read, so that nobody knows whose it is.
    """

    pod: Object
    document: Document | None
    leaving: str = ""
    unread: str = ""

    @property
    def named(self) -> Mapping[str, str]:
        """The image of each container that the manifest names; empty where it names none (a custom resource)."""
        return dict(_containers(self.document.body)) if self.document else {}


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """What runs, held against the lock, and what there is to say of it. Empty without a lock."""

    running: tuple[Running, ...] = ()
    findings: tuple[Finding, ...] = ()


def owned_pods(api: Api, objects: Iterable[Document], seen: Seen, namespace: str) -> tuple[Owned, ...]:
    """Every pod of `namespace` that was seen, with what it is there for; RefusedError or UnreachableError."""
    wanted = {(each.kind, each.name): each for each in objects}
    there = {(text(each, "kind"), name_of(each)): each for each in seen.objects}
    known = {text(each, "metadata", "uid"): each for each in seen.replica_sets}
    owners = _Owners(api, namespace, known)
    return tuple(_owned(each, wanted, there, owners, seen) for each in seen.pods)


def differing_images(objects: Iterable[Document], pods: Iterable[Owned], seen: Seen) -> Iterator[Finding]:
    """What runs beside what the manifests name: in the workloads as they are, and in the pods that they made."""
    there = {(text(each, "kind"), name_of(each)): each for each in seen.objects}
    made = [each for each in pods if not each.leaving]
    for wanted in objects:
        live = there.get((wanted.kind, wanted.name))
        if live is None:
            continue
        asked = [live, *(each.pod for each in made if each.document is wanted)]
        for container, image in _containers(wanted.body):
            running_images = (found for each in asked for name, found in _containers(each) if name == container)
            other = next((found for found in running_images if found != image), None)
            if other is not None:
                name = f"{wanted.kind}/{wanted.name} container {container}"
                yield image_differs(name, other, image, wanted.place)


def hold(request: Request, proven: Proven, pods: Iterable[Owned], platforms: Mapping[str, str] | None) -> Held:
    """The containers of `pods` held against the lock beside the manifests; nothing at all while there is none.

    `platforms` are the nodes', by name (None: they may not be read). A lock that cannot be read is a finding of the
    files already.
    """
    pins, _ = read_pins(gather(request), request)
    if pins.lock is None:
        return Held()
    against = _Against(pins.lock, pins, platforms, proven.kubectl)
    judged = [(each, _running(each, against)) for each in pods]
    findings = (finding for each, ran in judged for finding in _findings(each, ran, against))
    return Held(tuple(each for _, ran in judged for each in ran), tuple(findings))


@dataclasses.dataclass(frozen=True, slots=True)
class _Against:
    """What pods are held against: the lock, and the nodes' platforms by name (None: they may not be read)."""

    lock: ImagesLock
    pins: Pins
    platforms: Mapping[str, str] | None
    kubectl: str

    def unseen(self, node: str) -> str:
        """Why nobody knows the platform of a node, where that is so."""
        return "you may not list nodes" if self.platforms is None else f"node {node} is not there"


def _running(owned: Owned, against: _Against) -> tuple[Running, ...]:
    named = owned.named or (None if owned.document else ())
    platform = (against.platforms or {}).get(_node(owned), "")
    emulated_on = against.pins.emulated_on
    return tuple(running(owned.pod, named, against.lock, platform, emulated_on, is_leaving=bool(owned.leaving)))


def _node(owned: Owned) -> str:
    return text(owned.pod, "spec", "nodeName")


def _findings(owned: Owned, ran: Iterable[Running], against: _Against) -> Iterator[Finding]:
    if owned.document is None:
        yield pod_of_nobody(name_of(owned.pod), owned.unread, against.kubectl, Place(against.pins.folder))
        return
    place = owned.document.place
    if owned.leaving:
        yield pod_is_leaving(name_of(owned.pod), owned.leaving, place)
        return
    for each in ran:
        if each.verdict is Likeness.NOT_PINNED and owned.named.get(each.container, each.image) != each.image:
            continue  # image-differs says it
        finding = running_is_pinned(each, against.pins.lock_shown, against.kubectl, against.unseen(_node(owned)), place)
        if finding is not None:
            yield finding


def _owned(
    pod: Object,
    wanted: Mapping[tuple[str, str], Document],
    there: Mapping[tuple[str, str], Object],
    owners: _Owners,
    seen: Seen,
) -> Owned:
    document, thing, ref, unread = wanted.get(("Pod", name_of(pod))), pod, _controller(pod), ""
    while document is None and ref:
        document = wanted.get((text(ref, "kind"), text(ref, "name")))
        if document is None:
            found = owners.find(ref)
            unread = "" if found is not None else f"{text(ref, 'kind')}/{text(ref, 'name')}"
            thing = found or {}
            ref = _controller(thing)
    leaving = "is being deleted" if text(pod, "metadata", "deletionTimestamp") else ""
    if document is not None and document.kind == "Deployment" and not leaving:
        newest = newest_set(there.get((document.kind, document.name), {}), seen)
        if newest and text(newest, "metadata", "uid") != text(thing, "metadata", "uid"):
            leaving = f"is of an older version of Deployment/{document.name}"
    return Owned(pod, document, leaving, unread)


class _Owners:
    """The objects that others are owned by: the ReplicaSets that were seen, and what is asked for once."""

    def __init__(self, api: Api, namespace: str, known: Mapping[str, Object]) -> None:
        self._api = api
        self._namespace = namespace
        self._known: dict[str, Object | None] = dict(known)

    def find(self, ref: Object) -> Object | None:
        """The object that an ownerReference means: an empty one where it is gone, None where it may not be read."""
        uid = text(ref, "uid")
        if uid not in self._known:
            self._known[uid] = self._ask(ref)
        return self._known[uid]

    def _ask(self, ref: Object) -> Object | None:
        try:
            path = collection(self._api, text(ref, "apiVersion"), text(ref, "kind"), self._namespace)
            return (self._api.find(f"{path}/{text(ref, 'name')}") if path else None) or {}
        except RefusedError as refused:
            if refused.code == HTTPStatus.FORBIDDEN:
                return None
            raise


def _controller(thing: Object) -> Object:
    """The ownerReference of what makes it and would make it again."""
    return next((each for each in parts(thing, "metadata", "ownerReferences") if flag(each, "controller")), {})


def _containers(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The containers of a workload or a pod, as (name, image)."""
    spec = part(body, "spec")
    spec = part(spec, "jobTemplate", "spec") or spec
    spec = part(spec, "template", "spec") or spec
    for group in ("initContainers", "containers"):
        for each in parts(spec, group):
            yield text(each, "name"), text(each, "image")
