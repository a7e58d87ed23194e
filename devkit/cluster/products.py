"""The local products: how their nodes are recognised, what their cluster entry is called, where they listen.

Sources: the providerIDs, labels and kubeconfigs that the products write; minikube's pkg/drivers/kic/oci and kvm for
its networks.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable

from devkit.cluster.evidence import Node


@dataclasses.dataclass(frozen=True, slots=True)
class Product:
    """`cluster_of` names the cluster that a node belongs to (None: not this product's node).

    `entries` are the names that the kubeconfig's cluster entry may have; none means any that no other product takes.
    `hosts` and `networks` are where it listens besides loopback. `is_here`: the product is installed on servers too, so
    its nodes must be this very machine.
    """

    name: str
    cluster_of: Callable[[Node], str | None]
    entries: Callable[[str], tuple[str, ...]]
    hosts: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    is_here: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Local:
    """A product and which of its clusters (kind's `dev`, minikube's profile) some nodes are."""

    product: Product
    cluster: str

    def may_be_called(self, entry: str) -> bool:
        """Whether the product, or a person who merged its kubeconfig, calls the cluster entry so."""
        names = self.product.entries(self.cluster)
        return entry in names if names else _TAKEN.fullmatch(entry) is None

    def is_machine(self, boot_id: str, nodes: tuple[Node, ...]) -> bool:
        """Whether the nodes are the machine with `boot_id`, where the product asks for that. "" is no machine."""
        return not self.product.is_here or (boot_id != "" and all(node.boot_id == boot_id for node in nodes))


def _by_provider(pattern: str) -> Callable[[Node], str | None]:
    expression = re.compile(pattern)

    def cluster_of(node: Node) -> str | None:
        found = expression.fullmatch(node.provider_id)
        return found["cluster"] if found else None

    return cluster_of


def _minikube(node: Node) -> str | None:
    return node.labels.get("minikube.k8s.io/name") if not node.provider_id else None


def _docker_desktop(node: Node) -> str | None:
    is_one = node.name == "docker-desktop" and node.os_image == "Docker Desktop" and not node.provider_id
    return "docker-desktop" if is_one else None


def _microk8s(node: Node) -> str | None:
    return "microk8s" if "microk8s.io/cluster" in node.labels and not node.provider_id else None


def _k3s(node: Node) -> str | None:
    return "k3s" if node.provider_id.startswith("k3s://") else None


def _kind_entries(cluster: str) -> tuple[str, ...]:
    # Docker Desktop's kind mode makes kind's cluster "desktop", and calls it by its own name.
    return (f"kind-{cluster}", *(("docker-desktop",) if cluster == "desktop" else ()))


def _as_is(cluster: str) -> tuple[str, ...]:
    return (cluster,)


# minikube takes the first free network: docker and podman go up by 9, kvm2 by 11 (five clusters of each are enough).
# The others are those of VirtualBox (now, and before 1.22), hyperkit and socket_vmnet.
_MINIKUBE = tuple(f"192.168.{third}.0/24" for third in (*range(49, 86, 9), *range(39, 84, 11), 59, 99, 64, 105))

PRODUCTS = (
    Product(
        "kind",
        _by_provider(r"kind://(docker|podman|nerdctl)/(?P<cluster>[^/]+)/[^/]+"),
        _kind_entries,
        hosts=("0.0.0.0", "kubernetes.docker.internal"),  # noqa: S104 - compared with, never listened on
    ),
    Product(
        "k3d",
        _by_provider(r"k3s://k3d-(?P<cluster>.+)-(server|agent)-\d+"),
        lambda cluster: (f"k3d-{cluster}",),
        hosts=("0.0.0.0", "host.docker.internal"),  # noqa: S104 - compared with, never listened on
    ),
    Product("Rancher Desktop", _by_provider(r"k3s://lima-(?P<cluster>rancher-desktop)"), _as_is),
    Product("Colima", _by_provider(r"k3s://(?P<cluster>colima(-[^/]+)?)"), _as_is),
    Product("OrbStack", _by_provider(r"k3s://(?P<cluster>orbstack)"), _as_is, hosts=("k8s.orb.local",)),
    Product("k3s", _k3s, lambda _: (), is_here=True),
    Product("minikube", _minikube, _as_is, networks=_MINIKUBE),
    Product("Docker Desktop", _docker_desktop, _as_is, hosts=("kubernetes.docker.internal",)),
    Product("MicroK8s", _microk8s, lambda _: ("microk8s-cluster",), is_here=True),
)
_TAKEN = re.compile(r"(kind|k3d)-.*|colima(-.*)?|minikube|docker-desktop|orbstack|microk8s-cluster")


def recognise(nodes: tuple[Node, ...]) -> Local | None:
    """The one cluster of one local product that every node belongs to; None when there is no such."""
    found = {_local(node) for node in nodes}
    return found.pop() if len(found) == 1 else None


def _local(node: Node) -> Local | None:
    clusters = ((product, product.cluster_of(node)) for product in PRODUCTS)
    return next((Local(product, cluster) for product, cluster in clusters if cluster), None)


def listens_at(host: str, product: Product | None) -> bool:
    """Whether `host` is loopback, or where `product` listens (None: any of them). No name is resolved by DNS."""
    products = PRODUCTS if product is None else (product,)
    if host == "localhost" or any(host in each.hosts for each in products):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    networks = (ipaddress.ip_network(each) for product in products for each in product.networks)
    return (address.is_loopback and "%" not in host) or any(address in network for network in networks)
