"""One namespace for everything: what is put there, what lives in none, and who names it."""

from __future__ import annotations

from typing import Any

import pytest

from devkit.cluster.documents import Document
from devkit.cluster.one_namespace import in_one_namespace
from devkit.errors import DevkitError
from devkit.finding import Place

OLD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "old", "labels": {"part-of": "old"}},
}


def placed(*bodies: dict[str, Any]) -> list[dict[str, Any]]:
    found = (Document(body, Place("k8s/a.yaml", number)) for number, body in enumerate(bodies, 1))
    return [each.body for each in in_one_namespace(found, "mine")]


def thing(kind: str, version: str = "v1", **more: object) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, **more}


def test_the_namespace_is_renamed_and_first_and_its_labels_stay() -> None:
    first, second = placed(thing("Secret"), OLD)
    assert first == {**OLD, "metadata": {"name": "mine", "labels": {"part-of": "old"}}}
    assert second["metadata"] == {"name": "a", "namespace": "mine"}


@pytest.mark.parametrize("there", ["old", "mine", "", None])
def test_whoever_names_ours_or_none_goes_there(there: str | None) -> None:
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": there}}
    assert placed(OLD, body)[1]["metadata"] == {"name": "a", "namespace": "mine"}


@pytest.mark.parametrize(
    ("kind", "version", "lives_in_one"),
    [
        ("ClusterRole", "rbac.authorization.k8s.io/v1", False),
        ("StorageClass", "storage.k8s.io/v1", False),
        ("Node", "v1", False),
        ("Node", "longhorn.io/v1beta2", True),
        ("Role", "rbac.authorization.k8s.io/v1", True),
        ("Thing", "example.com/v1", True),
        ("Whole", "example.com/v1", False),
        ("Whole", "example.org/v1", True),
    ],
)
def test_a_kind_that_lives_in_none_gets_none(kind: str, version: str, *, lives_in_one: bool) -> None:
    spec = {"group": "example.com", "scope": "Cluster", "names": {"kind": "Whole"}}
    defined = thing("CustomResourceDefinition", "apiextensions.k8s.io/v1", spec=spec)
    *_, found = placed(OLD, defined, thing(kind, version))
    assert ("namespace" in found["metadata"]) is lives_in_one


SERVICE = {"name": "s", "namespace": "old"}


@pytest.mark.parametrize(
    "body",
    [
        thing(
            "RoleBinding", subjects=[{"kind": "User", "name": "u"}, SERVICE, {"name": "k", "namespace": "kube-system"}]
        ),
        thing("ClusterRoleBinding", subjects=[SERVICE]),
        thing("APIService", spec={"service": SERVICE}),
        thing("ValidatingWebhookConfiguration", webhooks=[{"clientConfig": {"service": SERVICE}}, {"name": "old"}]),
        thing("CustomResourceDefinition", spec={"conversion": {"webhook": {"clientConfig": {"service": SERVICE}}}}),
    ],
)
def test_a_reference_to_our_namespace_follows_it_and_no_other_does(body: dict[str, Any]) -> None:
    _, found = placed(OLD, body)
    rest = {key: value for key, value in found.items() if key != "metadata"}
    assert str(rest) == str({key: value for key, value in body.items() if key != "metadata"}).replace(
        "'namespace': 'old'", "'namespace': 'mine'"
    )


def test_what_is_meant_for_another_namespace_is_refused_with_its_place() -> None:
    there = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": "prod"}}
    with pytest.raises(DevkitError, match=r"k8s/a.yaml:2: Secret a is for namespace prod, and devkit fills mine alone"):
        placed(OLD, there)
    with pytest.raises(DevkitError, match=r"k8s/a.yaml:2 is a second Namespace \(k8s/a.yaml:1 is the first\)"):
        placed(OLD, thing("Namespace"))
