"""The kubeconfig: whether it can be read, and which context is the current one."""

from __future__ import annotations

from devkit.doctor import cures
from devkit.doctor.host import Host
from devkit.doctor.node_image import config_name
from devkit.doctor.place import Hindrance
from devkit.doctor.result import Check, Group, Said, ok, problem, warning


def _run(host: Host) -> Said:
    cluster = host.doors.cluster()
    if cluster.hindrance is Hindrance.NO_KUBECONFIG:
        return warning(f"{cluster.problem}: there is no cluster yet", cures.new_cluster(config_name(host)))
    if cluster.hindrance is Hindrance.KUBECONFIG:
        return problem(cluster.problem, cluster.cure)
    return ok(f"context {cluster.context} at {cluster.server}, from {cluster.file}")


CHECK = Check(
    "kubeconfig",
    Group.CLUSTER,
    "the kubeconfig",
    "it says which cluster kubectl, Tilt and devkit mean; with several files the first that names something counts",
    _run,
)
