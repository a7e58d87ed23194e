"""The real doors: thin, and each holds what it promises on this very machine."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from devkit.config import Project, Settings
from devkit.doctor.host import Manager, manager_of
from devkit.doctor.machine import Machine, look_cluster, this_machine
from devkit.doctor.place import Cluster, Container, Hindrance
from tests.devkit.doctor.fake import KIND
from tests.devkit.doctor.told import PATIENCE

CLUSTERS = """\
apiVersion: v1
kind: Config
current-context: {context}
contexts:
  - {{name: kind-dev, context: {{cluster: kind-dev, user: kind-dev}}}}
  - {{name: prod, context: {{cluster: prod, user: prod}}}}
clusters:
  - {{name: kind-dev, cluster: {{server: 'https://127.0.0.1:{port}'}}}}
  - {{name: prod, cluster: {{server: 'https://10.0.0.1'}}}}
users:
  - {{name: kind-dev, user: {{token: secret}}}}
  - {{name: prod, user: {{token: secret}}}}
"""


def machine(root: Path, **environ: str) -> Machine:
    return Machine(Project(root, Settings(contexts=("kind-*",)), b""), environ, threading.Event(), PATIENCE)


def script(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def test_a_program_is_asked_once_in_the_c_locale_without_colours(tmp_path: Path) -> None:
    script(tmp_path, "tool", f'echo "$LC_ALL $NO_COLOR $1"; echo asked >> {tmp_path}/log; echo warned >&2; exit 3')
    doors = machine(tmp_path, PATH=f"{tmp_path}")
    for _ in range(3):
        answer = doors.run(("tool", "a b"))
        assert answer is not None
        assert (answer.code, answer.out, answer.err) == (3, "C 1 a b\n", "warned\n")
    assert (tmp_path / "log").read_text() == "asked\n"


def test_a_program_that_is_none_is_no_surprise(tmp_path: Path) -> None:
    script(tmp_path, "tool", "exit 0")
    (tmp_path / "broken").write_text("#!/nowhere/interpreter\n")
    (tmp_path / "broken").chmod(0o755)
    doors = machine(tmp_path, PATH=f"{tmp_path}")
    assert doors.run(("missing",)) is None
    answer = doors.run(("broken",))
    assert answer is not None
    assert answer.code == 126
    assert "broken cannot be started" in answer.err
    assert machine(tmp_path).run(("sh",)) is None, "without a PATH there is none"


def test_files_and_disks_that_are_not_there_are_said_so(tmp_path: Path) -> None:
    doors = machine(tmp_path)
    (tmp_path / "a").write_bytes(b"\xff\xfea")
    assert doors.read(str(tmp_path / "a")) == "\ufffd\ufffda"
    assert doors.read(str(tmp_path / "b")) is None
    assert doors.read("\0") is None
    assert doors.exists(str(tmp_path / "a"))
    assert doors.free(str(tmp_path / "no/such/folder")) == doors.free(str(tmp_path))


def test_a_port_that_somebody_listens_on_is_taken(tmp_path: Path) -> None:
    doors = machine(tmp_path)
    for address in ("127.0.0.1", "0.0.0.0"):
        with socket.socket() as server:
            server.bind((address, 0))
            server.listen()
            port = server.getsockname()[1]
            assert doors.is_taken(port)
        assert not doors.is_taken(port)


def test_no_tilt_runs_for_a_folder_of_a_test(tmp_path: Path) -> None:
    assert not machine(tmp_path, HOME=str(tmp_path)).tilt_is_ours()
    assert not machine(tmp_path, HOME=str(tmp_path), TILT_PORT="web").tilt_is_ours()


@pytest.mark.parametrize(
    ("text", "hindrance", "problem"),
    [
        (None, Hindrance.NO_KUBECONFIG, "no kubeconfig was found"),
        ("apiVersion: v1\n", Hindrance.NO_KUBECONFIG, "no current-context"),
        ("a: [", Hindrance.KUBECONFIG, "is not YAML"),
        (CLUSTERS.format(context="gone", port=1), Hindrance.KUBECONFIG, "there is no context 'gone'"),
        (CLUSTERS.format(context="prod", port=1), Hindrance.REFUSED, "[denied-name]"),
        (CLUSTERS.format(context="kind-dev", port=1), Hindrance.SILENT, "refuses connections"),
    ],
)
def test_a_cluster_is_looked_at_no_further_than_the_guard_allows(
    tmp_path: Path, text: str | None, hindrance: Hindrance, problem: str
) -> None:
    file = tmp_path / "config"
    if text is not None:
        file.write_text(text)
    project = Project(tmp_path, Settings(contexts=("kind-*",)), b"")
    found = look_cluster(project, {"KUBECONFIG": str(file), "HOME": str(tmp_path)})
    assert found.hindrance is hindrance
    assert problem in found.problem
    assert found.cure
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("cluster", "container"),
    [
        (KIND, Container("docker", "dev-control-plane")),
        (Cluster(provider_id="kind://podman/dev/dev-control-plane"), Container("podman", "dev-control-plane")),
        (Cluster(product="k3d", provider_id="k3s://k3d-dev-server-0"), Container("docker", "k3d-dev-server-0")),
        (Cluster(product="k3s", provider_id="k3s://laptop"), None),
        (Cluster(provider_id="kind://sh -c x/dev/a b"), None),
        (Cluster(), None),
    ],
)
def test_the_container_of_a_node_is_found_by_what_the_node_says(cluster: Cluster, container: Container | None) -> None:
    assert cluster.container == container


@pytest.mark.parametrize(
    ("system", "release", "has_brew", "manager"),
    [
        ("Darwin", None, False, "brew"),
        ("Linux", "NAME=x\nID=debian\n", True, "apt"),
        ("Linux", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', False, "apt"),
        ("Linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', False, "dnf"),
        ("Linux", "ID=fedora\n", False, "dnf"),
        ("Linux", "ID=manjaro\nID_LIKE=arch\n", False, "pacman"),
        ("Linux", "ID=nixos\n", True, "brew"),
        ("Linux", "ID=alpine\n", False, ""),
        ("Linux", None, False, ""),
    ],
)
def test_the_package_manager_is_that_of_the_system(
    system: str, release: str | None, has_brew: bool, manager: Manager
) -> None:
    assert manager_of(system, release, has_brew=has_brew) == manager


def test_this_machine_is_some_machine(tmp_path: Path) -> None:
    host = this_machine(Project(tmp_path, Settings(), b""), {"HOME": "/home/ada"}, threading.Event())
    assert host.system in {"Linux", "Darwin"}
    assert host.python[0] == "3"
    assert "environ" not in repr(host)
