"""A real cluster that a person named (kind on a machine with Docker), in the place of the bed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from devkit.cluster.credentials import credentials_of
from devkit.cluster.kubeconfig import read_target
from tests.testbed.cluster import Cluster
from tests.testbed.kube import Kube

VARIABLE = "DEVKIT_TEST_KUBECONFIG"


class NamedCluster(Cluster):
    """The current context of `kubeconfig`. Its pods are real, and what only the bed allows fails here."""

    def __init__(self, kubeconfig: Path) -> None:
        target = read_target({"KUBECONFIG": str(kubeconfig)})
        self.kubeconfig = kubeconfig
        self.context = target.context
        self.server = target.server
        self.kube = Kube(target.server, credentials_of(target).context())

    def forward(self, namespace: str, ports: Mapping[int, int]) -> None:
        """The pods of `namespace` serve by themselves."""
