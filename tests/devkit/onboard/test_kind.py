"""kind: what it is asked, and what its answers mean; the real kind reads our words as far as it goes without Docker."""

from __future__ import annotations

from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.onboard.kind import Kind, find_kind, name_in
from tests.checkout import ROOT
from tests.need import missing
from tests.testbed.tools import build


def kind(folder: Path, script: str) -> Kind:
    """A program called kind that does what `script` says."""
    program = folder / "kind"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Kind(str(program), {"PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize(
    ("said", "found"),
    [("dev\nother", ("dev", "other")), ("No kind clusters found.", ()), ("", ())],
)
def test_its_clusters(tmp_path: Path, said: str, found: tuple[str, ...]) -> None:
    assert kind(tmp_path, f"echo '{said}'").clusters() == found


def test_what_it_cannot_do_is_told_in_its_own_words(tmp_path: Path) -> None:
    failing = kind(
        tmp_path, "echo 'Creating cluster'; echo 'ERROR: failed to create cluster: no disk' >&2; echo; exit 1"
    )
    said: list[str] = []
    with pytest.raises(DevkitError, match="could not make the cluster dev: failed to create cluster: no disk"):
        failing.create("dev", ROOT / "infra/kind.yaml", said.append)
    assert said[0] == "Creating cluster"
    with pytest.raises(DevkitError, match="cannot list its clusters: failed to create"):
        failing.clusters()
    with pytest.raises(DevkitError, match="could not delete the cluster dev") as told:
        failing.delete("dev", said.append)
    assert told.value.cure == "look at it: kind delete cluster --name dev"
    with pytest.raises(DevkitError, match="gives no kubeconfig for the cluster dev"):
        failing.export("dev", said.append)
    with pytest.raises(DevkitError, match="it said nothing"):
        kind(tmp_path, "exit 1").clusters()


def test_without_kind_the_cure_is_named(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="kind is not on PATH") as told:
        find_kind({"PATH": str(tmp_path)})
    assert "./inv doctor --only cluster-tool" in told.value.cure


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (b"kind: Cluster\nname: dev\n", "dev"),
        (b"kind: Cluster\n", "kind"),
        (b"name: [a]\n", "kind"),
        (b"name: ''\n", "kind"),
        (b"", "kind"),
        (b"- 1\n", "kind"),
        (b"a: [\n", "kind"),
        (b"\xff\xfe\x00", "kind"),
    ],
)
def test_the_name_in_its_configuration(config: bytes, name: str) -> None:
    assert name_in(config) == name


@pytest.mark.full
def test_the_real_kind_reads_our_words_and_then_misses_docker(tmp_path: Path) -> None:
    programs = build.programs_of_ci()
    if programs is None:
        missing("kind is not built: python -m tests.testbed.tools.build kind (it needs Go)")
    (tmp_path / "docker").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "docker").chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "KIND_EXPERIMENTAL_PROVIDER": "docker"}
    real = Kind(str(programs["kind"]), env)
    said: list[str] = []
    with pytest.raises(DevkitError, match="docker"):
        real.create("dev", ROOT / "infra/kind.yaml", said.append)
    for does in (real.delete, real.export):
        with pytest.raises(DevkitError):
            does("dev", said.append)
    assert "docker" in " ".join(said)
    assert not [line for line in said if "unknown" in line]
