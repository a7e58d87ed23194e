"""What changes between a plan and its delete stops the delete: all signs are looked at again, at the last moment."""

from __future__ import annotations

import contextlib

import pytest

from tests.cluster.danger import READS, asked, is_planted, marker, plant, remade, verbs
from tests.cluster.stack import Stack
from tests.cluster.terminal import converse
from tests.everyday import first
from tests.testbed.programs import free_port

QUESTION = "go on? [y/N] "


@pytest.fixture
def used(stack: Stack) -> Stack:
    """A cluster that was agreed to, with something in the namespace that could go."""
    plant(stack)
    stack.agree()
    return stack


@pytest.mark.full
def test_a_yes_deletes_and_anything_else_does_not(used: Stack) -> None:
    with asked(used.cluster) as requests:
        kept = converse(used, "down", question=QUESTION, answer="")
    assert (kept.code, is_planted(used), verbs(requests)) == (2, True, READS)
    assert "deletes ConfigMap planted" in kept.err
    assert "nothing was changed: you did not say yes" in kept.err
    with asked(used.cluster) as requests:
        gone = converse(used, "down", question=QUESTION, answer="y")
    assert (gone.code, is_planted(used), verbs(requests)) == (0, False, READS | {"delete"})
    assert [each.uri for each in requests if each.verb == "delete"] == [
        f"/api/v1/namespaces/{used.namespace}/configmaps/planted"
    ]


@pytest.mark.parametrize("agreed", first(1, [False, True]), ids=["", "and is agreed to elsewhere"])
def test_a_uid_that_changes_while_one_is_asked_stops_the_delete(used: Stack, agreed: bool) -> None:
    before = used.cluster.uid
    with contextlib.ExitStack() as changed, asked(used.cluster) as requests:

        def change() -> str:
            changed.enter_context(remade(used.cluster))
            if agreed:
                used.agree()
            return "y"

        done = converse(used, "down", question=QUESTION, answer=change)
        uid = used.cluster.uid
        assert uid != before
        assert is_planted(used)
    assert done.code == 2
    assert f"leads to another cluster now: its UID is {uid}, not {before} as before: nothing was deleted" in done.err
    assert "delete" not in verbs(requests)
    assert agreed or verbs(requests) == READS


@pytest.mark.full
@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("localhost:{here}", "points to {server} now, not to {before} as before: nothing was deleted"),
        ("127.0.0.1:{nowhere}", "at {server} refuses connections"),
        ("203.0.113.9:{here}", "the API server's address 203.0.113.9 is not an address of this machine [address]"),
    ],
    ids=["another name of it", "another port", "another machine"],
)
def test_a_kubeconfig_that_changes_while_one_is_asked_stops_the_delete(used: Stack, host: str, said: str) -> None:
    server = f"https://{host.format(here=used.cluster.port, nowhere=free_port())}"

    def change() -> str:
        used.cluster.write_kubeconfig(used.kubeconfig, server=server)
        return "y"

    with asked(used.cluster) as requests:
        done = converse(used, "down", question=QUESTION, answer=change)
    assert done.code == 2
    assert said.format(server=server, before=used.cluster.server) in done.err
    assert verbs(requests) == READS
    assert is_planted(used)


@pytest.mark.full
def test_the_context_of_the_plan_is_kept_when_the_current_one_changes(used: Stack) -> None:
    def change() -> str:
        used.cluster.write_kubeconfig(used.kubeconfig)
        text = used.kubeconfig.read_text()
        assert text.count('"current-context": "kind-bed"') == 1
        used.kubeconfig.write_text(text.replace('"current-context": "kind-bed"', '"current-context": "production"'))
        return "y"

    done = converse(used, "down", question=QUESTION, answer=change)
    assert (done.code, is_planted(used)) == (0, False), done.err


@pytest.mark.full
def test_a_uid_that_changes_while_the_namespaces_name_is_typed_is_not_agreed_to(stack: Stack) -> None:
    (stack.checkout.root / "Tiltfile").unlink()  # what is agreed to is not brought up here
    with contextlib.ExitStack() as changed, asked(stack.cluster) as requests:

        def change() -> str:
            changed.enter_context(remade(stack.cluster))
            return stack.namespace

        done = converse(stack, "up", question=f"type {stack.namespace} to go on: ", answer=change)
    assert done.code == 2
    assert "leads to another cluster now" in done.err
    assert "nothing was changed" in done.err
    assert verbs(requests) == READS
    assert marker(stack) is None
    assert not list(stack.home.glob("devkit_state/clusters/*"))
