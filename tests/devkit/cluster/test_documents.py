"""Manifests read as kubectl reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.cluster.documents import read_documents
from devkit.errors import DevkitError
from devkit.images.folder import Manifest


def read(text: str) -> list[Any]:
    return [(each.body, each.place.line) for each in read_documents(Manifest("k8s/a.yaml", text.encode()))]


def data(text: str) -> Any:  # noqa: ANN401 - JSON
    ((body, _),) = read(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {text}}}\n")
    return body["data"]["a"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0400", 256),  # a mode, as in defaultMode: kubectl speaks YAML 1.1
        ("yes", True),
        ("y", True),
        ("'yes'", "yes"),
        ("2024-01-01", "2024-01-01"),
        ("22:30", "22:30"),
        ("1:30.5", "1:30.5"),
        ("1_000", 1000),
        ("1.50", 1.5),
        ("1e3", 1000),
        ("0o17", 15),
        ("'0400'", "0400"),
        ("~", None),
        ("redis:8.2.2", "redis:8.2.2"),
    ],
)
def test_values_are_kubectls(written: str, value: object) -> None:
    assert data(written) == value


def test_each_document_and_each_item_of_a_list_has_its_line() -> None:
    item = "{apiVersion: v1, kind: Secret, metadata: {name: %s}}"
    text = f"# first\n{item % 'a'}\n---\n---\napiVersion: v1\nkind: List\nitems:\n- {item % 'b'}\n- {item % 'c'}\n"
    assert [(body["metadata"]["name"], line) for body, line in read(text)] == [("a", 2), ("b", 8), ("c", 9)]


def test_what_an_anchor_shares_is_each_ones_own() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: &m {name: a, labels: {x: a}}\nspec: {copy: *m, more: {<<: *m, name: b}}\n"
    )
    ((body, _),) = read(text)
    body["metadata"]["labels"]["x"] = "z"
    assert body["spec"] == {"copy": {"name": "a", "labels": {"x": "a"}}, "more": {"name": "b", "labels": {"x": "a"}}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n- 1\n", "k8s/a.yaml:2: what begins here is no object of Kubernetes: it is a text, a number or a list"),
        ("kind: Pod\nmetadata: {name: a}\n", "lacks kind or apiVersion"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {generateName: a}\n", "lacks metadata.name"),
        ("a: [\n", "k8s/a.yaml is no YAML"),
        (f'{{"apiVersion": "v1",\n"{"k" * 1025}": 1}}\n', "k8s/a.yaml is no YAML: .* \\(line 2\\)"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nx: .nan\ny: !!binary aGk=\n", "JSON does not know"),
    ],
)
def test_what_is_no_object_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(DevkitError, match=said):
        read(text)


_KEYS = st.text(max_size=80)  # YAML 1.2.2, 7.4.2: a key has at most 1024 characters, and a letter may be written in 12
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(_JSON)
def test_json_comes_through_as_it_is(value: object) -> None:
    """JSON is YAML; in the ASCII that json.dumps writes, no text can be taken for anything else."""
    body = {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": value}
    assert read(json.dumps(body)) == [(body, 1)]
