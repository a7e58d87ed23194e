"""Which cluster is meant, from kubeconfigs and what kind lists; nothing answers behind these addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.onboard.making import making
from devkit.onboard.place import Way, find_place
from tests.testbed.programs import free_port

SETTINGS = Settings(contexts=("kind-*", "minikube"))


class Desk:
    """A kubeconfig, a kind that lists `listed`, and kind.yaml."""

    def __init__(self, folder: Path, *contexts: str, listed: str = "", config: str | None = "name: dev\n") -> None:
        self.config = folder / "kind.yaml"
        if config is not None:
            self.config.write_text(config)
        (folder / "kind").write_text(f"#!/bin/sh\necho '{listed}'\n")
        (folder / "kind").chmod(0o755)
        kubeconfig = folder / "kubeconfig"
        server = f"https://127.0.0.1:{free_port()}"
        kubeconfig.write_text(
            json.dumps(
                {
                    "clusters": [{"name": each, "cluster": {"server": server}} for each in contexts],
                    "users": [],
                    "contexts": [{"name": each, "context": {"cluster": each}} for each in contexts],
                    "current-context": contexts[0] if contexts else "",
                }
            )
        )
        self.environ = {
            "PATH": f"{folder}:/usr/bin:/bin", "KUBECONFIG": str(kubeconfig), "DEVKIT_STATE": str(folder / "state"),
        }  # fmt: skip

    def place(self, named: str = "") -> tuple[str, Way, str]:
        found = find_place(SETTINGS, self.environ, named, self.config)
        return found.context, found.way, found.instead_of


def test_without_any_cluster_the_one_of_kind_yaml_is_made(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.place() == ("kind-dev", Way.MAKE, "")
    (tmp_path / "kubeconfig").unlink()
    assert desk.place() == ("kind-dev", Way.MAKE, "")


def test_one_that_is_named_is_made_by_that_name(tmp_path: Path) -> None:
    assert Desk(tmp_path).place("kind-ci") == ("kind-ci", Way.MAKE, "")


def test_a_current_context_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    context, way, instead_of = Desk(tmp_path, "gke_shop-production").place()
    assert (context, way) == ("kind-dev", Way.MAKE)
    assert instead_of.startswith("gke_shop-production: ")


def test_a_context_whose_cluster_is_gone_is_made_anew(tmp_path: Path) -> None:
    assert Desk(tmp_path, "kind-dev").place() == ("kind-dev", Way.MAKE, "")


def test_one_that_kind_lists_and_that_does_not_answer_is_started_by_a_person(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="is there, and does not answer") as told:
        Desk(tmp_path, "kind-dev", listed="dev").place()
    assert "docker start dev-control-plane" in told.value.cure


def test_one_that_kind_lists_without_a_context_gets_it_back(tmp_path: Path) -> None:
    assert Desk(tmp_path, listed="dev").place() == ("kind-dev", Way.EXPORT, "")


@pytest.mark.parametrize("contexts", [(), ("kind-dev",)])
def test_a_half_made_one_of_a_killed_run_is_made_anew(tmp_path: Path, contexts: tuple[str, ...]) -> None:
    desk = Desk(tmp_path, *contexts, listed="dev")
    with pytest.raises(RuntimeError), making("kind-dev", desk.environ):
        raise RuntimeError
    assert desk.place()[:2] == ("kind-dev", Way.REMAKE)


def test_what_is_none_of_kinds_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="there is no context k3d-dev") as told:
        Desk(tmp_path).place("k3d-dev")
    assert "--context kind-NAME" in told.value.cure
    with pytest.raises(DevkitError, match=r"minikube|127\.0\.0\.1"):
        Desk(tmp_path, "minikube").place("minikube")  # which does not answer


@pytest.mark.parametrize(("named", "sign"), [("kind-production", "kind-production"), ("kind-prod", "kind-prod")])
def test_a_name_that_the_guard_would_refuse_afterwards_is_refused_before(tmp_path: Path, named: str, sign: str) -> None:
    with pytest.raises(DevkitError, match=sign):
        Desk(tmp_path).place(named)


def test_a_name_that_is_not_on_the_allow_list_is_refused_before(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(DevkitError, match="allow-list"):
        find_place(Settings(contexts=("kind-ci",)), desk.environ, "", desk.config)


def test_without_kind_yaml_a_cluster_has_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match=r"kind\.yaml cannot be read"):
        Desk(tmp_path, config=None).place()
