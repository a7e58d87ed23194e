"""Texts are read as Kubernetes reads them, with the place of every scalar, in time, whatever stands in them."""

from __future__ import annotations

import pytest

from devkit.images import nodes
from devkit.images.nodes import Mapping, NotYamlError, Scalar, documents


def root(text: str) -> Mapping:
    (found,) = documents(text)
    assert isinstance(found, Mapping)
    return found


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("a: x\n", "x", "x"),
        ("a: &i x\n", "x", "x"),
        ("a: !!str &i 'x' # c\n", "'x'", "x"),
        ("a: &i\n  # & ! c\n  !!str\n  x\n", "x", "x"),
        ('a: "\\x78"\n', '"\\x78"', "x"),
        ("a: |-\n  x\nb: c\n", "|-\n  x\n", "x"),
        ("é🎈: {a: b}\na: x\n", "x", "x"),
    ],
)
def test_a_scalar_has_its_own_text_without_anchor_and_tag(text: str, span: str, value: str) -> None:
    found = root(text).get("a")
    assert isinstance(found, Scalar)
    assert (text[found.start : found.end], found.value) == (span, value)


def test_an_alias_is_the_same_node_and_is_counted() -> None:
    found = root("a: &i x\nb: *i\nc: [*i]\n")
    assert found.get("a") is found.get("b")
    assert isinstance(anchored := found.get("a"), Scalar)
    assert anchored.aliases == 2


def test_the_first_of_several_merged_mappings_wins_and_a_key_of_its_own_before_them() -> None:
    found = root("x: &x {a: 1, b: 1, c: 1}\ny: &y {b: 2, d: 2}\nz: {<<: [*y, *x], c: 3}\n").get("z")
    assert isinstance(found, Mapping)
    assert [getattr(found.get(key), "value", None) for key in "abcde"] == ["1", "2", "3", "2", None]


def test_empty_documents_are_counted() -> None:
    assert [each is None for each in documents("---\n---\n# c\n---\na: b\n...\n---\n''\n")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a: *b\n", 3),
        ("a: &a\n  b: *a\n", 11),
        ("a: &a x\n---\nb: *a\n", 15),
        ("é🎈: x\x01\n", 5),
        ("a: b: c\n", 4),
        ("[" * 1000 + "]" * 1000, 0),
        ("".join(f"{' ' * depth}a:\n" for depth in range(1000)), 0),
    ],
    ids=["names nothing", "names itself", "of another document", "control character", "no YAML", "flow", "block"],
)  # fmt: skip
def test_what_kubernetes_cannot_read_is_an_error_at_its_character(text: str, at: int) -> None:
    with pytest.raises(NotYamlError) as caught:
        documents(text)
    assert caught.value.start == at


@pytest.mark.timeout(10)
def test_aliases_of_aliases_end_quickly() -> None:
    lists = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 30))
    merges = "".join(f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}]}}\n" for n in range(1, 30))
    found = root(f"l0: &l0 x\nm0: &m0 {{image: x}}\n{lists}{merges}last: *m29\n").get("last")
    assert isinstance(found, Mapping)
    assert found.get("nothing") is None
    assert found.get("image") is not None


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("a: b # c\r\n", "a:   b\n", None),
        ("a: b\n", "a: 'b'\n", 4),
        ("a: b\n", "a: &x b\n", 4),
        ("a: b\n", "a: !!str b\n", 4),
        ("a: b\n", "a: c\n", 4),
        ("a: [b]\n", "a:\n- b\n", 4),
        ("a: {b: c}\n", "a:\n  b: c\n", 4),
        ("a: [b]\n", "a: {b: }\n", 4),
        ("a: b\n", "b: b\n", 3),
        ("a: b\n", "a: b\nc: d\n", 5),
        ("a: b\n", "--- \na: b\n", 1),
        ("a: b\n", "a: b\n...\n", 6),
        ("a: b\n", "%YAML 1.1\n---\na: b\n", 1),
        ("a: b\n", "a: b\n---\n", 7),
        ("a: [&x b, *x]\n", "a: [&x b, b]\n", 6),
        ("a: [&x b, &y c, *x]\n", "a: [&x b, &y c, *y]\n", 7),
    ],
)
def test_texts_differ_where_they_say_something_else(one: str, other: str, number: int | None) -> None:
    assert nodes.first_difference(one, other, {}) == number
    assert nodes.first_difference(one, one, {}) is None


def test_a_value_that_is_meant_is_no_difference_and_no_other_is_right() -> None:
    assert nodes.first_difference("a: b\n", "a: c\n", {4: "c"}) is None
    assert nodes.first_difference("a: b\n", "a: b\n", {4: "c"}) == 4
