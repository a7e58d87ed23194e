"""The cluster of the current context as doctor sees it: what it is, or why nobody may look."""

from __future__ import annotations

import dataclasses
import enum
import re


class Hindrance(enum.StrEnum):
    """Why the cluster was not looked at."""

    NO_KUBECONFIG = "no kubeconfig"
    KUBECONFIG = "kubeconfig"
    REFUSED = "refused"
    SILENT = "silent"
    FORBIDDEN = "forbidden"


@dataclasses.dataclass(frozen=True, slots=True)
class Container:
    """The container that is a node: the program that can run something in it, and its name."""

    engine: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """`version` is the server's gitVersion, `platform` the first node's processor.

    `hindrance` with `problem` and `cure` says why the rest is empty. `product` is a name of cluster/products.py.
    """

    context: str = ""
    server: str = ""
    file: str = ""
    hindrance: Hindrance | None = None
    problem: str = ""
    cure: str = ""
    version: str = ""
    product: str = ""
    platform: str = ""
    provider_id: str = ""

    @property
    def container(self) -> Container | None:
        """The first node as a container of this machine; None where the product has it elsewhere."""
        if kind := re.fullmatch(r"kind://(docker|podman|nerdctl)/[^/]+/([\w.-]+)", self.provider_id):
            return Container(kind[1], kind[2])
        if self.product == "k3d" and (k3d := re.fullmatch(r"k3s://(k3d-[\w.-]+)", self.provider_id)):
            return Container("docker", k3d[1])
        return None

    @property
    def is_this_machine(self) -> bool:
        """Whether the node is this machine itself, which the guard has proven by its boot ID."""
        return self.product in {"k3s", "MicroK8s"}
