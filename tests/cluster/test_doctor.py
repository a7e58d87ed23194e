"""Doctor at the real API server: only reads, and a look inside the node only where the guard agrees."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import Result
from tests.cluster.danger import READS, asked, verbs
from tests.cluster.stack import Stack

CLUSTER = "kubeconfig,guard,kubernetes,node-clock,inotify"
# Docker as far as doctor asks it: what runs in the node runs here, and every word is written down.
DOCKER = """\
#!/bin/sh
echo "$@" >> {log}
case $1 in
  exec) shift 2; exec "$@" ;;
  version) echo '{{"Client": {{"Version": "29.1.0"}}, "Server": {{"Version": "29.1.0"}}}}' ;;
  info) echo '{{}}' ;;
esac
"""


@pytest.fixture
def log(stack: Stack) -> Path:
    """What Docker was asked for."""
    folder = stack.home / "bin"
    folder.mkdir()
    file = folder / "docker"
    file.write_text(DOCKER.format(log=folder / "log"))
    file.chmod(0o755)
    return folder / "log"


def doctor(stack: Stack, log: Path) -> Result:
    path = f"{log.parent}{os.pathsep}{os.environ['PATH']}"
    return stack.run("doctor", "--format", "json", "--timeout", "60", "--only", CLUSTER, env={"PATH": path})


def checks(result: Result) -> dict[str, Any]:
    return {each["id"]: each for each in result.report()["checks"]}


@pytest.mark.full
def test_a_proven_cluster_is_read_and_its_node_looked_into(stack: Stack, log: Path) -> None:
    with asked(stack.cluster) as requests:
        found = checks(doctor(stack, log))
    assert verbs(requests) == READS
    assert found["guard"]["found"] == "kind-bed is proven to be kind"
    assert "Kubernetes 1." in found["kubernetes"]["found"]
    assert found["kubernetes"]["state"] in {"ok", "warning"}, "the bed need not be the pinned one"
    assert found["node-clock"]["state"] == "ok"
    assert found["inotify"]["state"] in {"ok", "warning", "problem"}
    execs = [line for line in log.read_text().splitlines() if line.startswith("exec ")]
    assert {line.split()[2] for line in execs} == {"date", "cat"}
    assert {line.split()[1] for line in execs} == {"bed-control-plane"}


@pytest.mark.full
def test_a_cluster_that_is_refused_is_sent_nothing_and_its_node_left_alone(stack: Stack, log: Path) -> None:
    stack.checkout.configure("contexts = []")
    with asked(stack.cluster) as requests:
        result = doctor(stack, log)
    found = checks(result)
    assert result.code == 1
    assert requests == []
    assert "[allow-list]" in found["guard"]["found"]
    assert found["kubernetes"]["state"] == found["node-clock"]["state"] == "unknown"
    assert not log.exists() or "exec" not in log.read_text()
