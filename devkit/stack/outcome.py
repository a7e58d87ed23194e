"""What the verbs of the stack come to: the values that are shown as text and as JSON."""

from __future__ import annotations

import dataclasses

from devkit.cluster.proof import Proven
from devkit.cluster.readiness.values import Readiness, State
from devkit.migrate.outcome import Outcome


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Which cluster is meant: no two share a UID (that of kube-system). `is_ours`: it is marked as agreed to."""

    context: str
    server: str
    uid: str
    nodes: tuple[str, ...]
    namespace: str
    is_ours: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """A container that runs: the image that its pod asks for, and the ID that the node's runtime gives it.

    `is_named_here`: a manifest of this checkout names that very image.
    """

    pod: str
    container: str
    reference: str
    image_id: str
    is_named_here: bool


@dataclasses.dataclass(frozen=True, slots=True)
class TiltShown:
    """The Tilt of this checkout, and its resources as (name, update status, runtime status)."""

    pid: int
    url: str
    resources: tuple[tuple[str, str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Stack:
    """The stack at one moment. `database` is its ledger beside the files; `no_database` says why there is none."""

    identity: Identity
    services: tuple[Readiness, ...]
    tilt: TiltShown | None
    images: tuple[Image, ...] = ()
    database: Outcome | None = None
    no_database: str = ""
    done: str = ""

    @property
    def exit_code(self) -> int:
        """1 when a service is not ready, or a history cannot be read or has to be mended."""
        unready = any(each.state is not State.READY for each in self.services)
        bent = self.database is not None and self.database.exit_code != 0
        return int(unready or bent or bool(self.no_database))


def identity(proven: Proven) -> Identity:
    """The cluster that was proven."""
    target, evidence = proven.target, proven.evidence
    marker = evidence.marker
    is_ours = marker is not None and (marker.uid, marker.namespace) == (evidence.uid, proven.namespace)
    nodes = tuple(node.name for node in evidence.nodes)
    return Identity(target.context, target.server, evidence.uid, nodes, proven.namespace, is_ours)
