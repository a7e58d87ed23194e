"""The Kubernetes that answers: new enough, and the one that kind.yaml pins."""

from __future__ import annotations

from devkit.doctor import cures
from devkit.doctor.host import Host
from devkit.doctor.node_image import config_name, pinned_version
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.version import version_in
from devkit.doctor.wanted import KUBERNETES_KIND, KUBERNETES_OTHER


def _run(host: Host) -> Said:
    cluster = host.doors.cluster()
    found = version_in(cluster.version)
    if found is None:
        return unknown("no server says its version")
    oldest = KUBERNETES_KIND if cluster.product == "kind" else KUBERNETES_OTHER
    if found < oldest:
        said = f"{cluster.product} runs Kubernetes {found}, and the stack needs {oldest.major}.{oldest.minor}"
        return problem(said, _anew(host))
    pinned = pinned_version(host)
    if cluster.product == "kind" and pinned is not None and pinned != found:
        return warning(f"kind runs Kubernetes {found}, and {config_name(host)} pins {pinned}", _anew(host))
    return ok(f"Kubernetes {found}, {cluster.product}")


def _anew(host: Host) -> str:
    cluster = host.doors.cluster()
    if cluster.product != "kind":
        return f"upgrade {cluster.product}, or take kind: {cures.new_cluster(config_name(host))}"
    name = cluster.context.removeprefix("kind-")
    return f"kind delete cluster --name {name} (its data goes), then {cures.new_cluster(config_name(host))}"


CHECK = Check(
    "kubernetes",
    Group.CLUSTER,
    "Kubernetes",
    "another minor version has other defaults and other refusals: the same manifests behave differently",
    _run,
)
