"""The guard at the real API server: what a person reads, and what the server was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.checkout import Result
from tests.cluster.danger import READS, asked, is_planted, marker, plant, pretending, remade, share, verbs
from tests.cluster.stack import Stack
from tests.cluster.terminal import converse

VERBS = (("up",), ("down", "--yes"), ("status", "--format", "json"))


def refused(done: Result, sign: str) -> str:
    """The sentences and the cure of a run that the guard ended, as one line."""
    assert (done.code, done.out) == (2, ""), done
    assert "Traceback" not in done.err
    assert not sign or f"[{sign}]\n" in done.err, done.err
    return " ".join(done.err.split())


@pytest.fixture
def used(stack: Stack) -> Stack:
    """A cluster that was agreed to, with something in the namespace that could go."""
    plant(stack)
    stack.agree()
    return stack


@pytest.fixture
def cloud_node(stack: Stack) -> Iterator[str]:
    """A second node, which is a cloud's."""
    name = f"ip-10-0-1-7-{stack.namespace}"
    stack.cluster.add_node(name, "aws:///eu-west-1a/i-0a1b2c3d4e5f60718")
    yield name
    stack.cluster.kube.delete(f"/api/v1/nodes/{name}")


@pytest.mark.full
def test_with_an_empty_list_nothing_is_sent_and_following_the_cure_helps(used: Stack) -> None:
    used.checkout.configure("contexts = []")
    with asked(used.cluster) as requests:
        for words in VERBS:
            said = refused(used.run(*words), "allow-list")
            assert "context 'kind-bed' is not among the contexts that [tool.devkit] allows" in said
            assert 'allow this one in pyproject.toml, under [tool.devkit]: contexts = ["kind-bed"]' in said
    assert requests == []
    used.checkout.configure('contexts = ["kind-bed"]')
    with asked(used.cluster) as requests:
        assert used.run("status").code == 1
    assert verbs(requests) == READS


@pytest.mark.full
def test_an_allowed_name_with_a_node_elsewhere_is_only_looked_at(used: Stack, cloud_node: str) -> None:
    for words in VERBS:
        with asked(used.cluster) as requests:
            said = refused(used.run(*words), "cloud-node")
        assert f"node {cloud_node} belongs to Amazon: aws:///eu-west-1a/i-0a1b2c3d4e5f60718" in said
        assert f'[[tool.devkit.cluster]] context = "kind-bed" server = "{used.cluster.server}" uid = "" #' in said
        assert verbs(requests) == READS, words
    assert is_planted(used)


@pytest.mark.full
@pytest.mark.parametrize(
    ("crooked", "sign", "option"),
    [
        ({"insecure-skip-tls-verify": True}, "shared-tls", "--insecure-skip-tls-verify=false"),
        ({"tls-server-name": "kubernetes.default.svc"}, "shared-tls", "--tls-server-name="),
        ({"proxy-url": "socks5://127.0.0.1:1"}, "shared-proxy", "--proxy-url="),
    ],
    ids=["unchecked", "by another name", "through a proxy"],
)
def test_a_shared_cluster_that_anybody_may_answer_for_is_sent_nothing(
    stack: Stack, crooked: dict[str, object], sign: str, option: str
) -> None:
    share(stack)
    stack.cluster.write_kubeconfig(stack.kubeconfig, context="team-bed")
    config = json.loads(stack.kubeconfig.read_text())
    config["clusters"][0]["cluster"].update(crooked)
    stack.kubeconfig.write_text(json.dumps(config))
    with asked(stack.cluster) as requests:
        said = refused(stack.run("down", "--yes"), sign)
    assert f"with its certificate checked: kubectl config set-cluster kind-bed {option}" in said
    assert requests == []


@pytest.mark.full
def test_what_answers_and_is_no_cluster_is_refused(used: Stack) -> None:
    with pretending(used.cluster) as server:
        used.cluster.write_kubeconfig(used.kubeconfig, server=server)
        said = refused(used.run("down", "--yes"), "no-uid")
    assert "the cluster of context 'kind-bed' tells no UID of namespace kube-system" in said


def test_down_is_refused_before_anything_was_agreed_to(stack: Stack) -> None:
    plant(stack)
    with asked(stack.cluster) as requests:
        said = refused(stack.run("down", "--yes"), "uid-changed")
    assert f"was never confirmed here: its UID is {stack.cluster.uid}" in said
    assert "confirm it: ./inv up --context kind-bed (it shows the cluster, asks, writes the marker)" in said
    assert verbs(requests) == READS
    assert is_planted(stack)


@pytest.mark.full
def test_down_is_refused_without_a_marker_and_with_that_of_another_cluster(used: Stack) -> None:
    path = f"/api/v1/namespaces/default/configmaps/devkit-{used.namespace}"
    for data, sign in (({"cluster-uid": "another"}, "marker-cluster"), ({"namespace": "theirs"}, "marker-namespace")):
        before = marker(used)["data"]
        used.cluster.kube.merge(path, {"data": data})
        refused(used.run("down", "--yes"), sign)
        used.cluster.kube.merge(path, {"data": before})
    used.cluster.kube.delete(path)
    with asked(used.cluster) as requests:
        said = refused(used.run("down", "--yes"), "marker-missing")
    assert "the cluster of context 'kind-bed' does not carry devkit's marker" in said
    assert verbs(requests) == READS
    assert is_planted(used)


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "there is no terminal to ask on run it in a terminal, or add: --yes --context NAME"),
        (("--yes",), "there is no terminal to ask on (name it: --context) run it in a terminal, which asks"),
    ],
)
def test_up_takes_no_cluster_for_granted(words: tuple[str, ...], why: str, stack: Stack) -> None:
    with asked(stack.cluster) as requests:
        said = refused(stack.run("up", *words), "")
    assert f"devkit has not used context kind-bed yet. cluster kind-bed at {stack.cluster.server}" in said
    assert f"(UID {stack.cluster.uid}), from {stack.kubeconfig}" in said
    assert f"nothing was changed: {why}" in said
    assert verbs(requests) == READS
    assert marker(stack) is None


@pytest.mark.full
def test_only_the_namespaces_name_agrees_to_a_cluster(stack: Stack) -> None:
    (stack.checkout.root / "Tiltfile").unlink()  # what is agreed to is not brought up here
    for word in ("y", "yes", "dev-infra", stack.namespace[:-1], ""):
        with asked(stack.cluster) as requests:
            refused_at = converse(stack, "up", question=f"type {stack.namespace} to go on: ", answer=word)
        assert refused_at.code == 2
        assert "nothing was changed: that was another word" in refused_at.err
        assert verbs(requests) == READS
    with asked(stack.cluster) as requests:
        agreed = converse(stack, "up", question=f"type {stack.namespace} to go on: ", answer=stack.namespace)
    assert (agreed.code, "nothing was changed" in agreed.err) == (2, False)
    assert [(each.verb, each.uri) for each in requests if each.verb not in READS] == [
        ("create", "/api/v1/namespaces/default/configmaps")
    ]
    assert marker(stack)["data"] == {"cluster-uid": stack.cluster.uid, "namespace": stack.namespace}
    assert "Tiltfile" in refused(stack.run("up"), "")  # nothing is asked a second time


@pytest.mark.full
def test_a_cluster_with_another_uid_is_asked_about_again_and_yes_does_not_answer(used: Stack) -> None:
    (used.checkout.root / "Tiltfile").unlink()
    before = used.cluster.uid
    with remade(used.cluster) as uid:
        with asked(used.cluster) as requests:
            said = refused(used.run("down", "--yes"), "uid-changed")
            assert f"is not the one with UID {before}: its UID is {uid}" in said
            said = refused(used.run("up", "--yes", "--context", "kind-bed"), "")
            assert "This is not the cluster that context kind-bed was before: it has another UID." in said
            assert "no terminal to ask on (it is another cluster than before)" in said
        assert verbs(requests) == READS
        assert is_planted(used)
        converse(used, "up", "--yes", "--context", "kind-bed", question="to go on: ", answer=used.namespace)
        assert marker(used)["data"]["cluster-uid"] == uid
        done = used.run("down", "--yes")
        assert (done.code, is_planted(used)) == (0, False), done.err


@pytest.mark.full
def test_two_people_agree_to_a_cluster_each_for_themselves(used: Stack) -> None:
    (used.checkout.root / "Tiltfile").unlink()
    other = {"DEVKIT_STATE": str(used.home / "other")}
    with asked(used.cluster) as requests:
        refused(used.run("down", "--yes", env=other), "uid-changed")
        assert "Tiltfile" in refused(used.run("up", "--yes", "--context", "kind-bed", env=other), "")
    assert verbs(requests) == READS  # the marker is there already
    assert is_planted(used)
    assert used.run("down", "--yes", env=other).code == 0
    assert not is_planted(used)
