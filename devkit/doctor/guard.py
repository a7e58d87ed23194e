"""The guard: whether every sign says that the cluster is local, before anything else is asked of it."""

from __future__ import annotations

from devkit.doctor.host import Host
from devkit.doctor.place import Hindrance
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning


def _run(host: Host) -> Said:
    cluster = host.doors.cluster()
    match cluster.hindrance:
        case None:
            return ok(f"{cluster.context} is proven to be {cluster.product or 'the cluster that pyproject.toml names'}")
        case Hindrance.REFUSED:
            return problem(cluster.problem, cluster.cure)
        case Hindrance.SILENT:
            return warning(cluster.problem, cluster.cure)
        case Hindrance.FORBIDDEN:
            return unknown(cluster.problem, cluster.cure)
        case Hindrance.NO_KUBECONFIG | Hindrance.KUBECONFIG:
            return unknown("there is no cluster to judge")


CHECK = Check(
    "guard",
    Group.CLUSTER,
    "the guard",
    "devkit deletes a whole namespace: it touches no cluster that is not proven to be local, or named with its UID",
    _run,
)
