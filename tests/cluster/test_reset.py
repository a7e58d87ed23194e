"""Reset: what was there is gone, what comes is verified; whatever ended the last one, the next one completes."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from devkit.postgres.cache import Cache
from tests.cluster.danger import is_planted, plant
from tests.cluster.living import Living, living
from tests.cluster.stack import Stack

PHASES = ["delete", "tilt", "services", "database", "migrate", "seed", "verify"]


@pytest.fixture
def alive(stack: Stack, found: Cache, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """The sample with servers behind its pods: a PostgreSQL for each database pod, and one of each service."""
    with living(stack, found, tmp_path_factory.mktemp("services")) as alive:
        yield alive


def reset(stack: Stack, *words: str) -> Any:  # noqa: ANN401 - JSON
    """A reset that ends well; its report."""
    done = stack.run("reset", "--yes", "--context", stack.cluster.context, "--format", "json", *words)
    assert done.code == 0, done.out[-6000:] + done.err[-3000:]
    return done.report()


def is_verified(report: Any) -> bool:  # noqa: ANN401 - JSON
    living = {"services": 5, "answering": 5, "objects": report["verified"]["living"]["objects"], "applied": 18}
    unpinned = {"running": [], "nodes": ["linux/amd64"]}  # nothing is held against a lock while there is none
    return bool(
        report["verified"]["summary"]["errors"] == 0
        and report["verified"]["living"] == {**living, "ready": living["objects"], **unpinned}
        and report["migrated"]["summary"] == {"applied": 18}
        and len(report["seeded"]) == 3
    )


@pytest.mark.full
def test_a_reset_is_real_and_ends_verified(alive: Living) -> None:
    stack = alive.stack
    first = reset(stack)
    assert is_verified(first)
    assert [each["name"] for each in first["phases"]] == PHASES
    volumes = alive.volumes()
    before = alive.identifier()
    with alive.database() as admin:
        admin.execute("CREATE TABLE public.planted (id int)")

    killed_in(alive, "delete", random.uniform(0, 0.2))  # --full kills in every phase
    second = reset(stack)
    assert is_verified(second)
    assert [each["name"] for each in second["phases"] if each["name"] != "stop tilt"] == PHASES
    assert all(each["is_done"] for each in second["phases"])
    assert alive.identifier() != before
    assert alive.volumes().isdisjoint(volumes)
    with alive.database() as admin:
        assert admin.execute("SELECT to_regclass('public.planted')").fetchall() == [(None,)]
        assert admin.execute("SELECT count(*) FROM public.tenants").fetchall() == [(2,)]
    assert (len(alive.tilts()), alive.strays()) == (1, [])


@pytest.mark.full
def test_it_says_what_goes_and_what_came_of_it(alive: Living) -> None:
    stack = alive.stack
    reset(stack)  # so that there is something to go
    again = reset(stack)
    assert [each["name"] for each in again["phases"]] == ["stop tilt", *PHASES]
    text = stack.run("reset", "--yes")
    assert text.code == 0, text.err
    for word in ("phases", "delete", "migrate", "is anew and verified", "5 of 5 services answer"):
        assert word in text.out
    for word in (stack.cluster.server, f"namespace {stack.namespace} with all in it", "5 volumes", "stops   Tilt"):
        assert word in text.err


@pytest.mark.full
def test_without_a_terminal_and_without_yes_nothing_goes(alive: Living) -> None:
    stack = alive.stack
    stack.agree()
    reset(stack)
    before = alive.identifier()
    asked = stack.run("reset")
    assert (asked.code, "there is no terminal to ask on" in asked.err) == (2, True)
    assert f"deletes namespace {stack.namespace}" in asked.err
    assert alive.identifier() == before


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_twenty_resets_in_a_row_leave_nothing_behind(alive: Living) -> None:
    reset(alive.stack)
    seen = {alive.identifier()}
    for _ in range(20):
        assert is_verified(reset(alive.stack))
        seen.add(alive.identifier())
        assert len(alive.tilts()) == 1
    assert len(seen) == 21
    assert alive.strays() == []


def killed_in(alive: Living, phase: str, after: float) -> str:
    """Kill a reset with SIGKILL, `after` seconds into a phase; returns the phase that it really was in."""
    stack = alive.stack
    argv = stack.checkout.argv("reset", "--yes", "--context", stack.cluster.context)
    environment = stack.checkout.environment(**stack.environment())
    with subprocess.Popen(
        argv, env=environment, cwd=stack.checkout.root, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        now = ""
        for line in running.stderr:
            if line.startswith("  phase: "):
                now = line.removeprefix("  phase: ").strip()
            if now == phase:
                break
        time.sleep(after)
        running.send_signal(signal.SIGKILL)
        rest = running.stderr.read()
        running.wait()
    later = [line.removeprefix("  phase: ").strip() for line in rest.splitlines() if line.startswith("  phase: ")]
    return (later or [now])[-1]


@pytest.mark.full
@pytest.mark.parametrize("phase", ["stop tilt", *PHASES])
def test_after_a_kill_in_any_phase_the_next_reset_completes(alive: Living, phase: str) -> None:
    reset(alive.stack)
    moment = random.uniform(0, 0.2) if phase != "seed" else 0.0  # which is over in a tenth of a second
    assert killed_in(alive, phase, moment) == phase
    assert is_verified(reset(alive.stack))
    assert len(alive.tilts()) == 1
    assert alive.strays() == []


@pytest.mark.full
def test_a_second_reset_an_up_and_a_down_meanwhile_are_refused_and_harm_nothing(alive: Living) -> None:
    stack = alive.stack
    reset(stack)
    argv = stack.checkout.argv("reset", "--yes")
    with subprocess.Popen(
        argv, env=stack.checkout.environment(**stack.environment()), cwd=stack.checkout.root,
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    ) as running:  # fmt: skip
        assert running.stderr is not None
        next(line for line in running.stderr if line.startswith("  phase: delete"))
        with ThreadPoolExecutor() as pool:
            others = list(pool.map(lambda words: stack.run(*words), (("reset", "--yes"), ("up",), ("down", "--yes"))))
        running.stderr.read()
        assert running.wait() == 0
    for other in others:
        assert other.code == 2
        assert f"./inv reset, process {running.pid} works on namespace {stack.namespace}" in other.err


@pytest.mark.full
def test_what_is_wrong_with_the_files_is_said_before_anything_goes(stack: Stack) -> None:
    stack.agree()
    plant(stack)
    (stack.checkout.migrations / "V19__bad.sql").write_text("CREATE TABEL t ();\n")
    done = stack.run("reset", "--yes", "--format", "json")
    assert (done.code, [each["rule"] for each in done.report()["refused"]]) == (1, ["syntax-error"])
    assert done.report()["cluster"] is None
    assert "nothing was deleted" in stack.run("reset", "--yes").out
    for option in ("--migrations", "--manifests"):
        assert f"nowhere{option}" in stack.run("reset", "--yes", option, f"nowhere{option}").err
    (stack.checkout.root / "infra/seed/04_bad.sql").write_bytes(b"\xff")
    (stack.checkout.migrations / "V19__bad.sql").unlink()
    assert "04_bad.sql is not UTF-8" in stack.run("reset", "--yes").err
    assert is_planted(stack)
