"""What a cluster says of itself: read once, judged by the guard."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """One node, as the API server has it: `spec.providerID`, `status.nodeInfo`, its labels ("" where it has none)."""

    name: str
    provider_id: str = ""
    os_image: str = ""
    boot_id: str = ""
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Marker:
    """What `up` wrote down in the cluster after it was confirmed: the cluster's UID, and the namespace that is ours."""

    uid: str
    namespace: str


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """A cluster's identity (`uid`: that of its namespace kube-system), its nodes, and our marker if it is there."""

    uid: str
    nodes: tuple[Node, ...]
    marker: Marker | None = None
