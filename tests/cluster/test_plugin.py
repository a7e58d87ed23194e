"""Credential plugins at the real API server: none is run before it is allowed, and the allowed one logs in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cluster.danger import READS, asked, share, verbs
from tests.cluster.stack import Stack
from tests.cluster.terminal import converse
from tests.everyday import first

API = "client.authentication.k8s.io/v1"
SECRET = "s3cr3t-0a1b2c"


def plugin(stack: Stack, body: str, *, context: str = "") -> Path:
    """Have the kubeconfig's user log in by a script that does `body`; where it writes down that it ran."""
    script, ran = stack.home / "login", stack.home / "ran"
    script.write_text(f"#!/bin/sh\necho ran >>{ran}\n{body}\n")
    script.chmod(0o755)
    stack.cluster.write_kubeconfig(stack.kubeconfig, context=context)
    config = json.loads(stack.kubeconfig.read_text())
    config["users"][0]["user"] = {"exec": {"apiVersion": API, "command": str(script), "interactiveMode": "IfAvailable"}}
    stack.kubeconfig.write_text(json.dumps(config))
    return ran


def credential(**status: str) -> str:
    return json.dumps({"apiVersion": API, "kind": "ExecCredential", "status": status})


@pytest.mark.parametrize("words", first(1, [["down", "--yes"], ["up"], ["status"]]), ids=lambda words: words[0])
def test_a_plugin_of_a_local_cluster_is_not_run_and_nothing_is_sent(stack: Stack, words: list[str]) -> None:
    ran = plugin(stack, f"echo '{credential(token=SECRET)}'")
    with asked(stack.cluster) as requests:
        done = stack.run(*words)
    assert (done.code, done.out, requests, ran.exists()) == (2, "", [], False)
    assert f"logs in by running {stack.home}/login, which no local cluster needs [credential-plugin]" in done.err
    assert f'    exec = "{stack.home}/login"' in done.err


@pytest.mark.full
def test_another_plugin_than_the_one_of_a_shared_cluster_is_not_run(stack: Stack) -> None:
    ran = plugin(stack, f"echo '{credential(token=SECRET)}'", context="team-bed")
    share(stack, login="aws")
    with asked(stack.cluster) as requests:
        done = stack.run("status")
    assert (done.code, requests, ran.exists()) == (2, [], False)
    assert "which is not the exec of [[tool.devkit.cluster]] [shared-exec]" in done.err
    assert "put this in the place of its entry in pyproject.toml" in done.err


@pytest.mark.full
def test_the_plugin_of_a_shared_cluster_logs_in_by_a_token(stack: Stack) -> None:
    token = stack.cluster.token(stack.namespace)
    ran = plugin(stack, f"echo '{credential(token=token)}'", context="team-bed")
    share(stack, login=stack.home / "login")
    with asked(stack.cluster) as requests:
        done = stack.run("status", "--format", "json")
    assert (done.code, done.report()["cluster"]["uid"]) == (1, stack.cluster.uid), done.err
    assert (ran.read_text(), verbs(requests)) == ("ran\n", READS)
    assert {each.code for each in requests} <= {200, 404}
    assert token not in f"{done.out}{done.err}"


@pytest.mark.full
def test_the_plugin_of_a_shared_cluster_logs_in_by_a_certificate_and_its_stack_can_go(stack: Stack) -> None:
    certificate, key = (
        file.read_text() for file in stack.cluster.authority.issue(stack.namespace, "/O=system:masters/CN=anna")
    )
    answer = stack.home / "answer"
    answer.write_text(credential(clientCertificateData=certificate, clientKeyData=key))
    plugin(stack, f"cat {answer}", context="team-bed")
    share(stack, login=stack.home / "login")
    (stack.checkout.root / "Tiltfile").unlink()
    agreed = stack.run("up", "--yes", "--context", "team-bed")
    assert "Tiltfile" in agreed.err, agreed.err
    done = stack.run("down", "--yes")
    assert (done.code, "nothing is up" in done.err) == (0, True), done.err
    assert key not in f"{agreed.err}{done.err}"


@pytest.mark.full
def test_the_plugin_of_another_machine_with_the_same_names_meets_the_uid(stack: Stack) -> None:
    token = stack.cluster.token(stack.namespace)
    plugin(stack, f"echo '{credential(token=token)}'", context="team-bed")
    share(stack, login=stack.home / "login")
    file = stack.checkout.root / "pyproject.toml"
    file.write_text(file.read_text().replace(stack.cluster.uid, "0f1a8e52-5c1f-4a57-9d3b-64a1c1de0001"))
    with asked(stack.cluster) as requests:
        done = stack.run("down", "--yes")
    assert (done.code, verbs(requests)) == (2, READS)
    assert f"has the UID {stack.cluster.uid}, not that of its [[tool.devkit.cluster]] [shared-uid]" in done.err


@pytest.mark.full
def test_a_plugin_without_a_session_says_so_with_and_without_a_terminal(stack: Stack) -> None:
    plugin(stack, f"echo '{credential(token=SECRET)}'; echo 'your session has expired' >&2; exit 1", context="team-bed")
    share(stack, login=stack.home / "login")
    with asked(stack.cluster) as requests:
        done = stack.run("status")
        seen = converse(stack, "status", question="session has expired", answer="")
    assert (done.code, seen.code, requests) == (2, 2, [])
    failure = f"team-bed: its credential plugin {stack.home}/login gave no login"
    assert f"{failure}: process returned 1. your session has expired\n" in done.err
    assert f"{failure}: it failed, and said why above\n" in seen.err
    for each in (done, seen):
        assert "log in with it by hand until this works: kubectl --context team-bed get nodes" in each.err
        assert SECRET not in each.err
