"""Onboard, from a machine without a cluster: kind and k3d on PATH start the bed; all else is the real thing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from devkit.postgres.cache import Cache
from tests.checkout import ROOT, Checkout
from tests.cluster.living import Living, living
from tests.cluster.newcomer import NAMESPACE, Newcomer, write_tool, write_tools
from tests.cluster.page import Page
from tests.cluster.stack import Stack
from tests.cluster.terminal import converse

STEPS = ["machine", "cluster", "node", "pins", "up", "migrate", "verify"]
CREATED = "kind create cluster --name dev --config kind.yaml --wait 5m"


@pytest.fixture
def newcomer(
    checkout: Checkout, programs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Newcomer]:
    """Somebody with a clone and the tools, and nothing else."""
    made = Newcomer(checkout, programs["tilt"], tmp_path_factory.mktemp("home"))
    yield made
    made.clear()


@pytest.mark.full
def test_from_nothing_to_a_verified_stack_and_nothing_to_do_the_next_time(newcomer: Newcomer) -> None:
    report = newcomer.home / "report.json"
    first = newcomer.onboard("--report", str(report))
    assert [each["name"] for each in first["steps"]] == STEPS
    assert {each["state"] for each in first["steps"]} == {"met"}
    assert [each["name"] for each in first["steps"] if not each["was_met"]] == ["cluster", "up", "migrate", "verify"]
    assert first["verified"]["living"]["answering"] == 5
    assert first["migrated"]["summary"] == {"applied": 18}
    assert first["identity"] == first["verified"]["identity"] == json.loads(report.read_text())["identity"]
    assert first["cluster"]["context"] == "kind-dev"
    assert [each["name"] for each in first["links"]] == ["tilt"]

    text = newcomer.run("onboard")  # without --yes: nothing is changed, so nobody is asked
    assert text.code == 0, text.err
    assert "dev-infra in kind-dev is up, migrated and verified" in text.out
    assert f"identity {first['identity'][:12]}" in text.out
    for word in ("look at", f"http://localhost:{newcomer.port}", "./inv seed", "18 migrations applied", "steps"):
        assert word in text.out
    assert "step: " not in text.err
    assert newcomer.asked() == [CREATED]


@pytest.mark.full
def test_what_is_there_as_it_was_before_an_edit_is_brought_up(newcomer: Newcomer) -> None:
    newcomer.onboard()
    kube, path = newcomer.kube(), f"/api/v1/namespaces/{NAMESPACE}/services/redis"
    applied = kube.get(path)["metadata"]["annotations"]["devkit/version"]
    kube.merge(path, {"metadata": {"annotations": {"devkit/version": "before"}}})  # and all is ready
    again = newcomer.onboard()
    assert [each["name"] for each in again["steps"] if not each["was_met"]] == ["up", "verify"]
    assert kube.get(path)["metadata"]["annotations"]["devkit/version"] == applied


@pytest.mark.full
def test_killed_in_every_step_one_after_the_other_the_next_run_goes_on_each_time(newcomer: Newcomer) -> None:
    for step in STEPS[:-1]:
        killed_in(newcomer, step, random.uniform(0, 6 if step == "cluster" else 0.5))
    killed_in(newcomer, "verify", random.uniform(0, 0.5), "  verify: ")  # whatever was left to do before it
    report = newcomer.onboard()
    assert [each["name"] for each in report["steps"]] == STEPS
    assert [each["name"] for each in report["steps"] if not each["was_met"]] == ["verify"]
    assert report["verified"]["summary"]["errors"] == 0
    assert report["verified"]["living"]["answering"] == 5
    assert report["verified"]["living"]["applied"] == 18
    assert [each.name for each in (newcomer.home / "bed/kind").iterdir()] == ["dev"]
    assert list((newcomer.home / "devkit_state/making").glob("*")) == []


def killed_in(newcomer: Newcomer, step: str, after: float, said: str = "") -> None:
    """Kill an onboarding with SIGKILL, `after` seconds into a step, or after it has `said` something."""
    with subprocess.Popen(
        newcomer.checkout.argv("onboard", "--yes"), env=newcomer.environment(), cwd=newcomer.checkout.root,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stderr is not None
        heard: list[str] = []
        while not (heard and heard[-1].startswith(said or f"step: {step}")):
            heard.append(running.stderr.readline())
            assert heard[-1], f"it ended before {step}: {''.join(heard)}"
        time.sleep(after)
        running.send_signal(signal.SIGKILL)
        running.stderr.read()


@pytest.mark.full
def test_a_half_made_cluster_of_a_killed_run_is_named_and_made_anew(newcomer: Newcomer) -> None:
    killed_in(newcomer, "cluster", 0.0, " • Starting control-plane")
    subprocess.run(["kill", "-9", (newcomer.home / "bed/kind/dev/pid").read_text()], check=True)  # kind gives up then
    said = newcomer.run("onboard")
    assert said.code == 2
    assert "delete the half-made cluster dev of a run that was killed, and make kind's cluster dev" in said.err
    newcomer.onboard()
    assert "kind delete cluster --name dev" in newcomer.asked()


@pytest.mark.full
def test_a_cluster_that_is_stopped_or_of_somebody_else_is_left_alone(newcomer: Newcomer) -> None:
    newcomer.onboard()
    pid = int((newcomer.home / "bed/kind/dev/pid").read_text())
    subprocess.run(["kill", str(pid)], check=True)
    stopped = wait_for(newcomer, "the cluster dev of kind is there, and does not answer")
    assert "docker start dev-control-plane" in stopped
    assert newcomer.asked() == [CREATED]


def wait_for(newcomer: Newcomer, words: str) -> str:
    """What onboard says once it says `words`: a server takes its time to go."""
    deadline = time.monotonic() + 60
    while words not in (said := newcomer.run("onboard", "--yes").err):
        assert time.monotonic() < deadline, said
    return said


@pytest.mark.full
def test_a_cluster_whose_context_is_lost_gets_it_back_and_is_agreed_to_anew(newcomer: Newcomer) -> None:
    newcomer.onboard()
    newcomer.kubeconfig.unlink()
    for file in (newcomer.home / "devkit_state/clusters").iterdir():
        file.unlink()  # as on another person's account
    said = newcomer.run("onboard", "--yes")
    assert said.code == 2
    assert "write the context kind-dev of kind's cluster" in said.err
    assert "name it: --context" in said.err  # --yes alone agrees to no cluster that was there before
    report = newcomer.onboard("--context", "kind-dev")
    assert report["steps"][1]["said"].startswith("agreed to kind-dev")
    assert newcomer.asked() == [CREATED, "kind export kubeconfig --name dev"]


@pytest.mark.full
def test_two_at_once_make_one_cluster(newcomer: Newcomer) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: newcomer.run("onboard", "--yes"), range(2)))
    assert sorted(each.code for each in done) in ([0, 0], [0, 2])
    for each in done:
        if each.code == 2:
            assert "another ./inv onboard is making the cluster" in each.err or "works on namespace" in each.err
    assert newcomer.asked() == [CREATED]
    newcomer.onboard()


def listed() -> dict[int, tuple[int, str]]:
    """Each process that runs, its parent and its command line."""
    words = ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="]
    lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    return {int(pid): (int(parent), args) for pid, parent, args in (line.split(None, 2) for line in lines)}


@pytest.mark.full
def test_ctrl_c_while_the_cluster_is_being_made_ends_kind_too(newcomer: Newcomer) -> None:
    with subprocess.Popen(
        newcomer.checkout.argv("onboard", "--yes"), env=newcomer.environment(), cwd=newcomer.checkout.root,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stderr is not None
        next(line for line in running.stderr if "Starting control-plane" in line)
        (kind,) = (pid for pid, (parent, words) in listed().items() if parent == running.pid and "kind create" in words)
        running.send_signal(signal.SIGINT)
        running.stderr.read()
        assert running.wait() == 130
    assert kind not in listed()
    newcomer.onboard()


@pytest.mark.full
@pytest.mark.parametrize("product", ["kind", "k3s"])
def test_the_script_of_ci_runs_the_whole_of_it_and_leaves_nothing(newcomer: Newcomer, product: str) -> None:
    (newcomer.checkout.root / ".ci").mkdir()
    (newcomer.checkout.root / ".ci/stack").write_bytes((ROOT / ".ci/stack").read_bytes())
    report = newcomer.home / "report.json"
    done = newcomer.command(["bash", str(newcomer.checkout.root / ".ci/stack"), product, str(report)])
    assert done.code == 0, done.out[-4000:] + done.err[-4000:]
    assert "is up, migrated and verified" in done.out
    stack = json.loads(report.read_text())["stack"]
    assert stack["cluster"]["kubernetes"].startswith("v1.")
    tool = {"kind": "kind", "k3s": "k3d"}[product]
    assert list((newcomer.home / "bed" / tool).iterdir()) == []
    created = [line for line in newcomer.asked() if " create " in line]
    assert [line.split()[0] for line in created] == [tool]


@pytest.fixture
def alive(stack: Stack, found: Cache, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """A cluster that is there, with servers behind its pods."""
    with living(stack, found, tmp_path_factory.mktemp("services")) as alive:
        yield alive


@pytest.fixture
def tools(alive: Living) -> dict[str, str]:
    """The tools on PATH; kind knows of no cluster and has nowhere to make one."""
    folder = alive.stack.home / "bin"
    folder.mkdir()
    write_tools(folder)
    path = f"{folder}{os.pathsep}{alive.stack.environment()['PATH']}"
    return {"PATH": path, "BED_HOME": str(folder)}


@pytest.mark.full
def test_a_cluster_that_is_there_is_taken_as_it_is_once_it_is_agreed_to(alive: Living, tools: dict[str, str]) -> None:
    stack = alive.stack
    words = ("onboard", "--yes", "--format", "json")
    refused = stack.run(*words, env=tools)
    assert refused.code == 2
    assert "agree to kind-bed at" in refused.err
    done = stack.run(*words, "--context", "kind-bed", env=tools)
    assert done.code == 0, done.err[-3000:]
    assert done.report()["steps"][1]["said"].startswith("agreed to kind-bed")

    page = Page(stack)  # from Tilt's page, too
    clicked = page.click("onboard")
    assert page.ended("onboard", clicked, 180) == 0
    assert len(alive.tilts()) == 1


@pytest.mark.full
def test_a_service_that_does_not_come_up_ends_it_and_mended_it_goes_on(alive: Living, tools: dict[str, str]) -> None:
    stack = alive.stack
    manifest = stack.checkout.manifests / "grafana.yaml"
    good = manifest.read_bytes()
    stack.annotate("grafana", "crash-loop")
    words = ("onboard", "--yes", "--context", "kind-bed")
    first = stack.run(*words, "--timeout", "90", env=tools)
    assert first.code == 1, first.err[-2000:]
    assert "✘ up: not everything is ready" in first.out
    assert "deployment/grafana             failed" in first.out
    assert "migrate" not in first.out.partition("steps\n")[2]  # it was not come to
    manifest.write_bytes(good)
    second = stack.run(*words, env=tools)
    assert second.code == 0, second.out[-2000:] + second.err[-2000:]


@pytest.mark.full
def test_a_person_who_says_no_changes_nothing(newcomer: Newcomer) -> None:
    said = converse(newcomer, "onboard", question="go on? [y/N]", answer="n")
    assert said.code == 2
    assert "make kind's cluster dev with infra/kind.yaml" in said.err
    assert "nothing was changed" in said.err
    assert newcomer.asked() == []


@pytest.mark.full
def test_what_is_wrong_with_the_machine_is_said_with_its_cure_and_may_be_passed_over(newcomer: Newcomer) -> None:
    write_tool(newcomer.bin, "kubectl", "#!/bin/sh\necho none\n")
    write_tool(
        newcomer.bin, "kind", "#!/bin/sh\n[ $1 = get ] || echo 'kind v0.33.0 go1.26.4 linux/amd64'\n[ $1 != create ]\n"
    )
    stopped = newcomer.run("onboard", "--yes")
    assert stopped.code == 1
    assert "✘ machine: 1 problem: kubectl" in stopped.out
    assert "./inv onboard --despite kubectl" in stopped.out
    assert stopped.out.count("sudo") == 1  # doctor's cure
    passed = newcomer.run("onboard", "--yes", "--despite", "kubectl")
    assert "in spite of kubectl" in passed.err
    assert passed.code == 2
    assert "kind could not make the cluster dev" in passed.err
    wrong = newcomer.run("onboard", "--despite", "kubctl")
    assert (wrong.code, "--despite kubctl: there is no such check" in wrong.err) == (2, True)


@pytest.mark.full
def test_what_is_wrong_with_the_files_is_said_before_anything_is_made(newcomer: Newcomer) -> None:
    checkout = newcomer.checkout
    (checkout.migrations / "V19__bad.sql").write_text("CREATE TABEL t ();\n")
    done = newcomer.run("onboard", "--yes", "--format", "json")
    report = done.report()
    assert done.code == 1
    assert [each["rule"] for each in report["findings"]] == ["syntax-error"]
    assert report["steps"][-1]["name"] == "migrate"
    assert report["steps"][-1]["state"] == "wrong"
    assert "verify refuses them" in newcomer.run("onboard", "--yes").out
    (checkout.migrations / "V19__bad.sql").unlink()
    (checkout.root / "infra/images.lock").write_text("{}")
    pins = newcomer.run("onboard", "--yes")
    assert pins.code == 1
    assert "./inv pin writes them anew" in pins.out
    (checkout.root / "infra/images.lock").unlink()
    for option in ("--migrations", "--manifests"):
        assert f"nowhere{option}" in newcomer.run("onboard", "--yes", option, f"nowhere{option}").err
    for words in (("--timeout", "never"), ("--format", "xml")):
        assert newcomer.run("onboard", *words).code == 2
    assert newcomer.asked() == []
