"""The checks side by side: one that hangs, one that breaks, one that raises; and what may be passed on of them."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from devkit.doctor.checks import CHECKS, chosen
from devkit.doctor.examine import examine, exit_code, redacted
from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Result, Said, State, ok, problem, unknown, warning
from devkit.errors import DevkitError
from tests.devkit.doctor.fake import Plan

HOST = Plan().host("apt")


def check(id_: str, said: Said) -> Check:
    return Check(id_, Group.TOOLS, id_, "why", lambda _: said)


def result(said: Said, *, failed: bool = False) -> Result:
    return Result(check("a", said), said, 1, failed)


def test_a_check_that_hangs_is_cut_off_and_the_others_are_told() -> None:
    called_off = threading.Event()

    def hang(_: Host) -> Said:
        called_off.wait()  # as a program does that is dropped when it is called off
        return ok("too late")

    checks = (Check("slow", Group.TOOLS, "slow", "why", hang), check("quick", ok("here")))
    slow, quick = examine(HOST, checks, called_off, limit=1)
    assert slow.said == unknown("it did not end within 1 s", "./inv doctor --only slow asks it alone")
    assert quick.said == ok("here")
    assert called_off.is_set()
    assert exit_code((slow, quick)) == 0


def test_a_check_that_breaks_is_said_and_ends_with_two() -> None:
    def broken(_: Host) -> Said:
        raise KeyError("spec")

    checks = (Check("broken", Group.TOOLS, "broken", "why", broken), check("bad", problem("a", "b")))
    found = examine(HOST, checks, threading.Event())
    assert found[0].said.state is State.UNKNOWN
    assert found[0].said.found == "the check itself failed: KeyError: 'spec'"
    assert found[1].said.state is State.PROBLEM
    assert exit_code(found) == 2


def test_what_cannot_be_looked_at_is_unknown_with_its_cure() -> None:
    def refused(_: Host) -> Said:
        raise DevkitError("infra/k8s/a.yaml: no YAML", "mend it")

    (found,) = examine(HOST, (Check("a", Group.TOOLS, "a", "why", refused),), threading.Event())
    assert found.said == unknown("infra/k8s/a.yaml: no YAML", "mend it")
    assert not found.failed


@pytest.mark.parametrize(
    ("said", "code"),
    [(ok("a"), 0), (warning("a", "b"), 0), (unknown("a"), 0), (problem("a", "b"), 1)],
)
def test_only_problems_make_the_exit_code_one(said: Said, code: int) -> None:
    assert exit_code([result(ok("a")), result(said)]) == code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/ada/.kube/config", "~/.kube/config"),
        ("cp '/home/ada/my certs/a.pem' x", "cp ~/'my certs/a.pem' x"),
        ("/home/adam/x", "/home/adam/x"),
        ("at /home/ada", "at ~"),
        ("http://ada:secret@proxy:1 and https://t@h/x", "http://***@proxy:1 and https://***@h/x"),
    ],
)
def test_nobody_learns_names_and_passwords(text: str, shown: str) -> None:
    assert redacted(text, HOST) == shown


@pytest.mark.parametrize("home", ["", "/"])
def test_without_a_home_of_one_s_own_nothing_is_replaced(home: str) -> None:
    host = dataclasses.replace(HOST, environ={"HOME": home})
    assert redacted("/etc/hosts", host) == "/etc/hosts"


def test_only_names_checks_in_their_own_order() -> None:
    assert [each.id for each in chosen("ports, kubectl,")] == ["kubectl", "ports"]
    assert chosen("") == CHECKS


@pytest.mark.parametrize(
    ("only", "problem_", "cure"),
    [
        ("kubectll", "--only kubectll: there is no such check", "did you mean kubectl?"),
        ("tilt,zzz", "--only zzz: there is no such check", "the checks are: python, kubectl"),
        (",", "--only names no check", "write one of: python, kubectl"),
    ],
)
def test_an_unknown_id_gives_the_nearest(only: str, problem_: str, cure: str) -> None:
    with pytest.raises(DevkitError) as caught:
        chosen(only)
    assert caught.value.problem == problem_
    assert caught.value.cure.startswith(cure)


def test_ids_are_stable() -> None:
    """Scripts go by them: one may be added, none renamed."""
    assert [each.id for each in CHECKS] == [
        "python", "kubectl", "tilt", "container-engine", "cluster-tool", "memory", "disk", "cgroup", "ports",
        "node-image", "kubeconfig", "guard", "kubernetes", "kubectl-skew", "inotify", "emulation", "node-dns",
        "node-clock", "proxy", "private-ca", "file-names-case", "file-names-unicode", "line-endings",
    ]  # fmt: skip
