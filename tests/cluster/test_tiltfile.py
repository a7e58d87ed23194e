"""The Tiltfile, read by the real Tilt: what it makes of the stack, and whom it refuses."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from devkit.postgres.cache import Cache
from tests.cluster.living import living
from tests.cluster.stack import Stack


def tilt(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Tilt in the checkout as a person would, without ./inv."""
    return subprocess.run(
        [str(stack.tilt), *words],
        cwd=stack.checkout.root,
        env=stack.checkout.environment(**stack.environment()),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def read(stack: Stack) -> Any:  # noqa: ANN401 - JSON
    """What Tilt reads out of the Tiltfile."""
    done = tilt(stack, "alpha", "tiltfile-result")
    assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-3000:])
    return json.loads(done.stdout)


def manifests(result: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {each["Name"]: each for each in result["Manifests"]}


def test_namespace_stores_migrate_verify_in_this_order_with_labels_links_and_ports(stack: Stack) -> None:
    stack.settle()
    result = read(stack)
    found = manifests(result)
    stores = {"citus-coordinator", "redis", "redpanda", "loki", "grafana"}
    assert set(found) == {"namespace", "volumes", *stores, "migrate", "verify"}
    assert all(set(found[name]["ResourceDependencies"]) == {"namespace", "volumes"} for name in stores)
    assert set(found["migrate"]["ResourceDependencies"]) == stores
    assert found["verify"]["ResourceDependencies"] == ["migrate"]
    assert {name: list(each["Labels"]) for name, each in found.items()} == {
        **{key: ["stack"] for key in ("namespace", "volumes", "migrate", "verify")},
        **{key: ["stores"] for key in ("citus-coordinator", "redis", "redpanda")},
        **{key: ["observability"] for key in ("loki", "grafana")},
    }
    forwards = [port for name in stores for port in found[name]["DeployTarget"]["portForwardTemplateSpec"]["forwards"]]
    assert {each["host"] for each in forwards} == {"127.0.0.1"}
    assert {each["localPort"]: each.get("path", "") for each in forwards} == {
        5432: "", 6379: "", 19092: "", 9644: "v1/cluster/health_overview", 3100: "ready", 3000: "explore",
    }  # fmt: skip


def test_a_tilt_that_is_too_old_is_named(stack: Stack) -> None:
    file = stack.checkout.root / "Tiltfile"
    file.write_text(file.read_text().replace("constraint='>=0.37.0'", "constraint='>=99.0.0'"))
    done = tilt(stack, "alpha", "tiltfile-result")
    assert (done.returncode, ">=99.0.0" in done.stdout + done.stderr) == (5, True)


def test_what_is_run_is_an_argument_list_with_absolute_paths(stack: Stack) -> None:
    found = manifests(read(stack))
    for name in ("migrate", "verify"):
        argv = found[name]["DeployTarget"]["UpdateCmdSpec"]["args"]
        assert argv[0].startswith("/"), argv
        assert argv[2].startswith("/"), argv
        assert argv[3:] == [name, "--engine", "cluster", "--context", stack.cluster.context]


@pytest.mark.full
@pytest.mark.parametrize(
    ("settings", "gone"), [({"observability": False}, {"loki", "grafana", "volumes"}), ({"forwards": False}, set())]
)
def test_a_developers_own_settings_switch_parts_off(stack: Stack, settings: dict[str, bool], gone: set[str]) -> None:
    stack.settle(**settings)
    found = manifests(read(stack))
    assert {"loki", "grafana", "volumes"} - set(found) == gone
    forwards = found["redis"]["DeployTarget"].get("portForwardTemplateSpec") or {}
    assert bool(forwards.get("forwards")) is settings.get("forwards", True)


def test_a_cluster_that_is_not_proven_local_ends_it_before_anything_is_read(stack: Stack) -> None:
    stack.cluster.write_kubeconfig(stack.kubeconfig, cluster="prod-eu")
    done = tilt(stack, "alpha", "tiltfile-result")
    assert done.returncode == 5
    assert "prod-eu" in done.stdout + done.stderr
    assert "Manifests" not in done.stdout


def test_a_key_that_nobody_knows_is_named(stack: Stack) -> None:
    stack.settle(observabilty=False)
    done = tilt(stack, "alpha", "tiltfile-result")
    assert done.returncode == 5
    assert "observabilty" in done.stdout + done.stderr


@pytest.mark.full
def test_tilt_ci_ends_with_everything_migrated_and_verified(
    stack: Stack, found: Cache, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stack.settle(forwards=False)
    with living(stack, found, tmp_path_factory.mktemp("services")) as alive:
        done = tilt(stack, "ci", "--port", str(stack.port))
        # the cluster was never agreed to, so devkit changes nothing in its database
        assert done.returncode == 1, done.stdout[-3000:]
        assert "./inv up" in done.stdout
        stack.agree()
        done = tilt(stack, "ci", "--port", str(stack.port))
        assert done.returncode == 0, done.stdout[-3000:]
        assert "SUCCESS. All workloads are healthy." in done.stdout
        assert "5 of 5 services answer" in done.stdout
        with alive.database() as admin:
            assert admin.execute("SELECT count(*) FROM devkit_ledger.migrations").fetchall() == [(18,)]
