"""What a cluster's nodes say of themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from http import HTTPStatus

from devkit.cluster.api import Api, Object
from devkit.cluster.failures import RefusedError
from devkit.cluster.readiness.raw import name_of, part, text


@dataclasses.dataclass(frozen=True, slots=True)
class Nodes:
    """os/arch of each node by its name (None: nodes may not be read), and the kubelets' versions, each once."""

    platforms: Mapping[str, str] | None
    kubelets: tuple[str, ...] = ()


def read_nodes(api: Api) -> Nodes:
    """The nodes of the cluster behind `api`; RefusedError or UnreachableError."""
    try:
        nodes = api.items("/api/v1/nodes")
    except RefusedError as refused:
        if refused.code == HTTPStatus.FORBIDDEN:
            return Nodes(None)  # as on a cluster that is shared
        raise
    infos: dict[str, Object] = {name_of(each): part(each, "status", "nodeInfo") for each in nodes}
    infos = {name: info for name, info in infos.items() if info}  # a node that was made a moment ago says nothing
    platforms = {name: f"{info['operatingSystem']}/{info['architecture']}" for name, info in infos.items()}
    return Nodes(platforms, tuple(sorted({text(info, "kubeletVersion") for info in infos.values()})))


def read_version(api: Api) -> str:
    """The version of Kubernetes behind `api`; "" where it may not be read. UnreachableError."""
    try:
        return text(api.get("/version"), "gitVersion")
    except RefusedError:
        return ""
