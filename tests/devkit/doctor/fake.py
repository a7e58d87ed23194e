"""A machine that answers what a test has planned, and fails on any other question to a program that it has."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from devkit.config import Project, load_project
from devkit.doctor.host import Doors, Host, Manager
from devkit.doctor.place import Cluster, Hindrance
from devkit.images.folder import Manifest
from devkit.process import Answer
from tests.checkout import ROOT

FOLDER = Path("/home/ada/shop")
HOME = "/home/ada"
SETTINGS = load_project(ROOT).settings
KIND_YAML = (ROOT / "infra/kind.yaml").read_text("utf-8")
MANIFESTS = (
    Manifest(
        "infra/k8s/stack.yaml",
        b"""\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: citus-coordinator}
spec:
  template:
    spec:
      containers:
        - name: citus
          image: citusdata/citus:13.0
          resources: {requests: {memory: 1536Mi}, limits: {memory: 2Gi}}
  volumeClaimTemplates:
    - spec: {resources: {requests: {storage: 10Gi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: redis}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - {name: redis, image: 'redis:8.2.2', resources: {requests: {memory: 128Mi}, limits: {memory: 512Mi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: redis}
spec: {resources: {requests: {storage: 4Gi}}}
""",
    ),
)
NOW = 1_800_000_000.0
MANAGERS: tuple[Manager, ...] = ("brew", "apt", "dnf", "pacman")
SLOW = Answer(None, "", "")

NO_CLUSTER = Cluster(hindrance=Hindrance.NO_KUBECONFIG, problem="no kubeconfig was found (looked at: ~/.kube/config)")
KIND = Cluster(
    "kind-dev",
    "https://127.0.0.1:41234",
    f"{HOME}/.kube/config",
    version="v1.36.4",
    product="kind",
    platform="amd64",
    provider_id="kind://docker/dev/dev-control-plane",
)
K3S = Cluster(
    "default", "https://127.0.0.1:6443", f"{HOME}/.kube/config", version="v1.36.1+k3s1", product="k3s",
    platform="amd64", provider_id="k3s://ada-laptop",
)  # fmt: skip
ORBSTACK = dataclasses.replace(KIND, context="orbstack", product="OrbStack", provider_id="k3s://orbstack")

HINDERED = Cluster("kind-dev", "https://127.0.0.1:41234", f"{HOME}/.kube/config")
BAD_KUBECONFIG = dataclasses.replace(
    HINDERED,
    hindrance=Hindrance.KUBECONFIG,
    problem="/home/ada/.kube/config: line 3 is not YAML",
    cure="write YAML there, or move the file away: mv /home/ada/.kube/config /home/ada/.kube/config.away",
)
REFUSED = dataclasses.replace(
    HINDERED,
    context="prod",
    hindrance=Hindrance.REFUSED,
    problem="'prod' in context 'prod' means production [denied-name]",
    cure="take a local cluster: kubectl config use-context kind-dev (or --context NAME)",
)
SILENT = dataclasses.replace(
    HINDERED,
    hindrance=Hindrance.SILENT,
    problem="the API server of kind-dev refuses connections",
    cure="start the cluster (docker start dev-control-plane), then run the same command again",
)
FORBIDDEN = dataclasses.replace(
    HINDERED, hindrance=Hindrance.FORBIDDEN, problem="kind-dev: GET /api: forbidden", cure="ask for the right"
)

DOCKER_VERSION = json.dumps({"Client": {"Version": "29.1.0", "ApiVersion": "1.52"}, "Server": {"Version": "29.1.0"}})
INFO = {
    "MemTotal": 8 * 1024**3,
    "CgroupVersion": "2",
    "Architecture": "x86_64",
    "DockerRootDir": "/var/lib/docker",
    "OperatingSystem": "Debian GNU/Linux 13 (trixie)",
}
VERSION = "docker version --format {{json .}}"
DOCKER_INFO = "docker info --format {{json .}}"


def docker(**info: object) -> dict[str, str | Answer | None]:
    """A Docker whose server answers, with these words in its info."""
    return {VERSION: DOCKER_VERSION, DOCKER_INFO: json.dumps({**INFO, **info})}


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a machine is like. `programs`: what a command line says; a program that no line begins with is missing."""

    programs: Mapping[str, str | Answer | None] = dataclasses.field(default_factory=dict)
    files: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    environ: Mapping[str, str] = dataclasses.field(default_factory=dict)
    cluster: Cluster = NO_CLUSTER
    taken: tuple[int, ...] = ()
    free: int | None = 100 * 1024**3
    ours: bool = False
    python: str = "3.12.3"
    machine: str = "x86_64"
    now: float = NOW

    def host(self, manager: Manager) -> Host:
        """The machine with a package manager, and thereby its system."""
        project = Project(FOLDER, SETTINGS, b"")
        system = "Darwin" if manager == "brew" else "Linux"
        environ = {"HOME": HOME, **self.environ}
        return Host(system, self.machine, manager, self.python, project, environ, Fake(self), lambda: self.now)


class Fake(Doors):
    """The doors of a planned machine."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def run(self, argv: tuple[str, ...]) -> Answer | None:
        line = " ".join(argv)
        if line in self._plan.programs:
            said = self._plan.programs[line]
            return Answer(0, said, "") if isinstance(said, str) else said
        assert not any(each.split()[0] == argv[0] for each in self._plan.programs), f"nobody planned: {line}"
        return None

    def read(self, path: str) -> str | None:
        if path.startswith(f"{FOLDER}/"):
            path = path.removeprefix(f"{FOLDER}/")
            return {"infra/kind.yaml": KIND_YAML, **self._plan.files}.get(path)
        return self._plan.files.get(path)

    def exists(self, path: str) -> bool:
        return path.removeprefix(f"{FOLDER}/") in self._plan.files

    def free(self, path: str) -> int | None:
        del path
        return self._plan.free

    def is_taken(self, port: int) -> bool:
        return port in self._plan.taken

    def tilt_is_ours(self) -> bool:
        return self._plan.ours

    def manifests(self) -> tuple[Manifest, ...]:
        return MANIFESTS

    def cluster(self) -> Cluster:
        return self._plan.cluster
