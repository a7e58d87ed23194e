"""Every key that is called image is accounted for: as a use, as text of its own, or as unknown."""

from __future__ import annotations

import pytest

from tests.devkit.images.pinning import find


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind: Cluster\nspec: {image: a:1}\n", [("0:spec.image", "a:1")]),
        ("kind: Cluster\nspec: {proxyImage: a:1, list: [{image: b}]}\n",
         [("0:spec.proxyImage", "a:1"), ("0:spec.list.0.image", "b")]),
        ("kind: Cluster\nspec: {image: {repository: a, tag: '1'}}\n", [("0:spec.image.repository", "a")]),
        ("kind: Service\nspec: {template: {spec: {containers: [{image: a}]}}}\n",
         [("0:spec.template.spec.containers.0.image", "a")]),
        ("kind: List\nitems: [{kind: Cluster, spec: {image: a}}]\n", [("0:items.0.spec.image", "a")]),
        ("x-base: {image: a}\nkind: Pod\nspec: {}\n", [("0:x-base.image", "a")]),
        ("image: a\n", [("0:image", "a")]),
    ],
)  # fmt: skip
def test_an_image_key_that_no_kind_has_is_told_with_its_path(text: str, told: list[tuple[str, str]]) -> None:
    found = find(text)
    assert ([(each.path, each.value) for each in found.unknown], found.uses) == (told, ())


@pytest.mark.parametrize(
    "text",
    [
        "kind: ConfigMap\ndata: {image: a}\n",
        "kind: Secret\nstringData: {image: a}\n",
        "kind: CustomResourceDefinition\nspec: {versions: [{schema: {image: {type: string}}}], image: a}\n",
        "kind: PersistentVolume\nspec: {rbd: {image: foo}}\n---\nkind: Pod\nspec: {volumes: [{rbd: {image: foo}}]}\n",
        "kind: Cluster\nmetadata: {annotations: {image: a}}\nstatus: {image: a}\n",
        "kind: Cluster\nspec: {image: true, a: {image: 5}, b: {image: 1.5}, c: {image: ~}, d: {image: a b}}\n",
        "kind: Cluster\nspec: {imagePullPolicy: Always, imagePullSecrets: [{name: a}], images: a}\n",
    ],
)
def test_texts_schemas_and_values_that_can_be_no_image_are_not_told(text: str) -> None:
    found = find(text)
    assert (found.unknown, found.uses, found.findings) == ((), (), ())


def test_the_kind_and_the_place_are_told() -> None:
    (unknown,) = find("a: b\n---\nkind: Cluster\nspec:\n  image: &i 'a:1'\n").unknown
    assert (unknown.kind, unknown.place.line, unknown.place.column) == ("Cluster", 5, 13)
