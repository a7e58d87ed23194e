"""YAML as Kubernetes reads it. The values expected here are what sigs.k8s.io/yaml 1.6.0 gives for the same text."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.cluster.yaml_values import Items, read_values
from devkit.errors import DevkitError


def read(text: str) -> Any:  # noqa: ANN401 - JSON
    (found,) = read_values(text, "k8s/a.yaml")
    return found.value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", True), ("No", False), ("n", False), ("nO", "nO"), ("NULL", None), ("nULL", "nULL"), ("", None),
        ("0777", 511), ("08", 8), ("-0x1F", -31), ("+0b11", 3), ("0_7", 7), ("0x", "0x"), ("1__0", 10), ("_1", "_1"),
        ("18446744073709551615", 2**64 - 1), ("0xFFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFFF"),
        ("1e3", 1000), ("1.", 1), (".5", 0.5), (".1e5_0", 1e49), (".5_", ".5_"), ("1e-7", 1e-7), ("1e999", "1e999"),
        ("2024-01-01", "2024-01-01"), ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"), ("1:30", "1:30"),
        ("=", "="), ("v25.2.11", "v25.2.11"), ("13.0", 13), ("1.10", 1.1), ("'13.0'", "13.0"), ('"yes"', "yes"),
        ("!!str 1", "1"), ("!!str yes", "yes"), ("!!int '3'", 3), ("! 1", "1"), ("!mine x", "x"),
        ("|\n  yes\n", "yes\n"), (">-\n  a\n  b\n", "a b"), ('"\\u00e4\\N"', "ä\x85"),
    ],
)  # fmt: skip
def test_a_scalar_is_what_kubernetes_makes_of_it(written: str, value: object) -> None:
    found = read(f"a: {written}\n")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: 1\n2: 3\n'4': 5\n", {"true": 1, "2": 3, "4": 5}),
        ("a: &a {x: 1, z: 2}\nb:\n  <<: *a\n  z: 3\n", {"a": {"x": 1, "z": 2}, "b": {"x": 1, "z": 3}}),
        ("a: &a {x: 1}\nb:\n  x: 3\n  <<: *a\n", {"a": {"x": 1}, "b": {"x": 1}}),
        ("a: &a {x: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b]}\n",
         {"a": {"x": 1}, "b": {"x": 2, "z": 2}, "c": {"x": 1, "z": 2}}),
        ('a: {"<<": 1}\n', {"a": {"<<": 1}}),
        ("a: &x [1, &x 2]\nb: *x\n", {"a": [1, 2], "b": 2}),
        ("a: !!set {p, q}\n", {"a": {"p": None, "q": None}}),
    ],
)  # fmt: skip
def test_keys_merges_and_anchors_are_what_kubernetes_makes_of_them(text: str, value: object) -> None:
    assert read(text) == value


def test_two_escapes_for_one_character_are_joined_as_in_json() -> None:
    assert read('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


def test_documents_and_items_have_the_line_of_their_first_key() -> None:
    text = "# why\n---\n\na: 1\n---\n---\n- b: 1\n-\n  # why\n  c: 1\n- {\n    d: 1}\n- &e\n  f: 1\n- *e\n...\n"
    found = read_values(text, "k8s/a.yaml")
    assert [(each.value, each.line) for each in found] == [
        ({"a": 1}, 4), (None, 6), ([{"b": 1}, {"c": 1}, {"d": 1}, {"f": 1}, {"f": 1}], 7),
    ]  # fmt: skip
    items = found[2].value
    assert isinstance(items, Items)
    assert items.lines == [7, 10, 12, 14, 15]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: hunter2\nb: [\n", "k8s/a.yaml is no YAML: "),
        ("a: \x00hunter2", "k8s/a.yaml is no YAML: "),
        ("a: hunter2\nb: *hunter2\n", "k8s/a.yaml:2: an alias (*NAME) has no anchor"),
        ("a: &a\n  b: *a\n", "k8s/a.yaml:2: an alias (*NAME) has no anchor"),
        ("a: &a 1\n---\nb: *a\n", "k8s/a.yaml:3: an alias (*NAME) has no anchor"),
        ("a: hunter2\nb: 1\na: hunter2\n", "k8s/a.yaml:3: the key a is there twice (line 1 too)"),
        ("b: 1\n<<: hunter2\n", "k8s/a.yaml:2: << is for something that is no mapping"),
        ("? [hunter2]\n: 1\n", "k8s/a.yaml:1: a key is no text"),
        ("~: 1\n", "k8s/a.yaml:1: a key is no text"),
        ("1.5: 1\n", "k8s/a.yaml:1: a key is no text"),
        ("9223372036854775808: 1\n", "k8s/a.yaml:1: a key is no text"),
        ("a: .nan\n", "k8s/a.yaml:1: .nan is a number that JSON does not know"),
        ("a: !!binary aHVudGVyMg==\n", "k8s/a.yaml:1: !!binary"),
        ('a: "\\ud83d"\n', "k8s/a.yaml:1: an escape is half a character"),
        ('a: "\\UFFFFFFFF"\n', "k8s/a.yaml is no YAML: it has an escape beyond Unicode"),
        ("[" * 700, "k8s/a.yaml is nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line_and_without_its_value(text: str, said: str) -> None:
    with pytest.raises(DevkitError, match=re.escape(said)) as raised:
        read_values(text, "k8s/a.yaml")
    assert "hunter2" not in f"{raised.value}{raised.value!r}{raised.value.__cause__}"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)
_ONE_LINE = re.compile(r"[a-z][a-z-]{5,}")
_LINES = re.compile(r"([!-~][ -~]*\n)+")


def block(value: Any, indent: str = "") -> str:  # noqa: ANN401 - JSON
    """`value` in the block style, as people write manifests."""
    if isinstance(value, dict) and value:
        return "".join(f"\n{indent}{json.dumps(key)}: {block(each, indent + '  ')}" for key, each in value.items())
    if isinstance(value, list) and value:
        return "".join(f"\n{indent}- {block(each, indent + '  ')}" for each in value)
    if isinstance(value, str) and _ONE_LINE.fullmatch(value):
        return value
    if isinstance(value, str) and indent and _LINES.fullmatch(value):
        return "|\n" + "\n".join(f"{indent}{line}" for line in value.splitlines())
    return json.dumps(value)


@given(_JSON)
def test_values_come_through_as_they_are_in_either_style(value: object) -> None:
    assert read(json.dumps(value)) == value
    assert read(f"{block({'a': value})}\n") == {"a": value}


@given(st.lists(st.from_regex(r"[!-~][ -~]{0,20}", fullmatch=True), min_size=1, max_size=4))
def test_blocks_of_text_come_through_as_they_are(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    assert read(f"{block({'a': [text]})}\n") == {"a": [text]}
