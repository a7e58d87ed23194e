"""What people and programs see of the stack: golden text, and a contract."""

from __future__ import annotations

import dataclasses
import json

import jsonschema

from devkit.cluster.readiness.values import Readiness, State
from devkit.finding import Place
from devkit.migrate.outcome import Outcome, Server
from devkit.migrations.history import read_history
from devkit.report.stack import stack_json, stack_schema, stack_text
from devkit.schema.snapshot import Difference
from devkit.stack.outcome import Identity, Image, Stack, TiltShown
from tests.histories import file, row

UID = "9f0c4c0e-0d0b-4a43-9d2c-3f1f5a3f7a51"
IDENTITY = Identity("kind-dev", "https://127.0.0.1:6443", UID, ("dev-control-plane",), "dev-infra", is_ours=True)
READY = Readiness("StatefulSet", "redis", State.READY, "AllReady", "1 of 1 pod ready")
WAITING = Readiness("Deployment", "grafana", State.WAITING, "Pulling", "0 of 1 pod ready: pulling grafana")
FAILED = Readiness("StatefulSet", "loki", State.FAILED, "CrashLoopBackOff", "it ends at once", "kubectl logs loki-0")
MISSING = Readiness("Secret", "citus", State.MISSING, "NotFound", "it is not in the cluster", "./inv up applies it")
DIGEST = "docker.io/library/redis@sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
HISTORY = Outcome(
    Server("app@127.0.0.1:5432/app", "17.11", "13.0"),
    read_history([file(1, "SELECT 1;\n", "a"), file(2, "SELECT 2;\n", "b")], [row(file(1, "SELECT 1;\n", "a"))], "m"),
)
GOOD = Stack(
    IDENTITY,
    (READY,),
    TiltShown(4242, "http://localhost:10350", (("redis", "ok", "ok"), ("verify", "error", "not_applicable"))),
    (Image("redis-0", "redis", "redis:8.2.2", DIGEST, True), Image("x-0", "x", "x:latest", "", False)),
    HISTORY,
)
BAD = Stack(
    dataclasses.replace(IDENTITY, is_ours=False), (READY, WAITING, FAILED, MISSING), None, no_database="nobody answers"
)

GOLDEN_GOOD = """\
✔ statefulset/redis  ready    1 of 1 pod ready

images
  redis-0/redis  redis:8.2.2  sha256:0a1b2c3d4e5f
  x-0/x          x:latest    ✘ no manifest here names this image

migrations
✔ 1 applied, 1 pending
  app@127.0.0.1:5432/app: PostgreSQL 17.11, citus 13.0

tilt
  http://localhost:10350 (process 4242)
  verify: update error, runtime not_applicable

cluster
  kind-dev at https://127.0.0.1:6443, namespace dev-infra
  UID 9f0c4c0e-0d0b-4a43-9d2c-3f1f5a3f7a51, 1 node: dev-control-plane

✔ 1 of 1 service ready
"""
GOLDEN_BAD = """\
✔ statefulset/redis   ready    1 of 1 pod ready
… deployment/grafana  waiting  0 of 1 pod ready: pulling grafana
✘ statefulset/loki    failed   it ends at once
  → kubectl logs loki-0
✘ secret/citus        missing  it is not in the cluster
  → ./inv up applies it

migrations
  the ledger cannot be read: nobody answers

tilt
  does not run for this checkout; ./inv up starts it

cluster
  kind-dev at https://127.0.0.1:6443, namespace dev-infra
  UID 9f0c4c0e-0d0b-4a43-9d2c-3f1f5a3f7a51, 1 node: dev-control-plane
  not agreed to yet: ./inv up asks before it changes anything there

✘ 1 of 4 services ready
"""


def read_line(place: Place) -> str | None:
    del place
    return None


def text(stack: Stack) -> str:
    return "".join(piece for piece, _ in stack_text(stack, read_line))


def test_people_see_a_stack_that_is_up() -> None:
    assert text(GOOD) == GOLDEN_GOOD
    assert GOOD.exit_code == 0


def test_people_see_what_is_missing_and_what_to_do() -> None:
    assert text(BAD) == GOLDEN_BAD
    assert BAD.exit_code == 1


def test_nodes_that_may_not_be_listed_are_said_so() -> None:
    shared = dataclasses.replace(GOOD, identity=dataclasses.replace(IDENTITY, nodes=()))
    assert f"UID {UID}, whose nodes this login may not list\n" in text(shared)


def test_a_stack_of_which_nothing_is_there_is_one_line() -> None:
    nothing = dataclasses.replace(BAD, services=(MISSING, dataclasses.replace(MISSING, name="redis")))
    assert text(nothing).startswith(
        "✘ nothing is up: none of the 2 objects of the manifests is there\n  → ./inv up\n\nmigrations\n"
    )


def test_after_up_the_next_verbs_are_named() -> None:
    assert text(dataclasses.replace(GOOD, done="up")).endswith(
        "next: ./inv status shows all of it, ./inv down stops it\n"
    )
    assert "next:" not in text(dataclasses.replace(BAD, done="up"))


def test_a_history_that_cannot_be_read_or_is_bent_fails_the_stack() -> None:
    assert dataclasses.replace(GOOD, database=None, no_database="no").exit_code == 1
    bent = dataclasses.replace(HISTORY, differences=(Difference("table public.bets", "", "table"),))
    assert dataclasses.replace(GOOD, database=bent).exit_code == 1


def test_the_json_keeps_the_schema() -> None:
    good, bad = (json.loads(stack_json("status", stack)) for stack in (GOOD, BAD))
    for report in (good, bad):
        jsonschema.validate(report, json.loads(stack_schema()))
    assert bad["summary"] == {"failed": 1, "missing": 1, "ready": 1, "waiting": 1}
