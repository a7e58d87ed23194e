"""Two clusters held against each other: what a look at a living stack adds to its identity."""

from __future__ import annotations

import json

import pytest

from tests.cluster.pinned import AMD, BUSYBOX, OTHER, Pinned, child_of
from tests.cluster.stack import Stack


@pytest.mark.full
def test_what_a_cluster_runs_and_is_belongs_to_the_identity(pinned: Pinned) -> None:
    pinned.apply(app=OTHER, wait=child_of(BUSYBOX, AMD))
    file = pinned.stack.checkout.root / "there.json"
    done = pinned.stack.run("verify", "--engine", "cluster", "--report", "there.json")
    assert (done.code, file.is_file()) == (1, True), done
    written = json.loads(file.read_text())
    nodes = pinned.stack.cluster.kube.get("/api/v1/nodes")["items"]
    infos = [each["status"]["nodeInfo"] for each in nodes if "nodeInfo" in each["status"]]
    assert written["stack"]["engine"] == "embedded"  # its database does not answer: the files were judged without it
    assert written["stack"]["cluster"] == {
        "kubernetes": pinned.stack.cluster.kube.get("/version")["gitVersion"],
        "kubelets": sorted({each["kubeletVersion"] for each in infos}),
        "unlike": {"different": 1},
    }
    assert written["machine"]["nodes"] == sorted(
        {f"{each['operatingSystem']}/{each['architecture']}" for each in infos}
    )
    assert written["machine"]["running"]["match-by-child"] == 1
    words = ("compare", "there.json", "--engine", "cluster")
    same = pinned.stack.run(*words, "--context", pinned.stack.cluster.context)
    assert (same.code, same.out) == (0, f"✔ the same stack: identity {written['identity'][:12]}\n"), same
    written["stack"]["cluster"].update(unlike={}, kubernetes="v1.0.0")
    file.write_text(json.dumps(written))
    other = pinned.stack.run(*words)
    assert other.code == 1, other
    assert "✘ not the same stack, by 2 differences" in other.out
    assert "  containers that run something else: different  —" in other.out
    files_alone = pinned.stack.run("compare", "there.json")
    assert [line.split() for line in files_alone.out.splitlines() if line.startswith("  cluster ")] == [
        ["cluster", "asked,", "Kubernetes", "v1.0.0", "not", "asked"]
    ], files_alone.out


@pytest.mark.full
def test_a_context_that_is_not_there_is_said(stack: Stack) -> None:
    stack.run("verify", "--report", "there.json")
    done = stack.run("compare", "there.json", "--engine", "cluster", "--context", "nowhere")
    assert (done.code, "nowhere" in done.err) == (2, True), done
