"""Service and Ingress."""

from __future__ import annotations

from datetime import datetime

from devkit.cluster.readiness.raw import Raw, name_of, parts, text
from devkit.cluster.readiness.values import Answer, Seen, ready, waiting


def service(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """Ready once accepted; one of type LoadBalancer once it has an address."""
    del seen, now
    kind = text(raw, "spec", "type") or "ClusterIP"
    if kind != "LoadBalancer":
        return ready("Accepted", f"accepted ({kind})")
    address = _address(raw)
    if address:
        return ready("AddressAssigned", f"reached at {address}")
    return waiting(
        "AddressPending",
        "no load balancer has given it an address yet",
        f"start one (on kind: cloud-provider-kind), or write type: ClusterIP in the manifest of Service {name_of(raw)}",
    )


def ingress(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """Ready once accepted, as in kstatus: many controllers never publish an address."""
    del seen, now
    address = _address(raw)
    return ready("Accepted", f"reached at {address}" if address else "accepted; no controller has given it an address")


def _address(raw: Raw) -> str:
    addresses = (text(each, "ip") or text(each, "hostname") for each in parts(raw, "status", "loadBalancer", "ingress"))
    return ", ".join(address for address in addresses if address)
