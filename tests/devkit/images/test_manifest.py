"""Images are found in every workload, with the place of the scalar; what looks like one is told, never guessed."""

from __future__ import annotations

import pytest

from devkit.finding import Place
from devkit.images.manifest import POD_SPECS, find_images
from devkit.images.rewrite import NotWritableError, rewrite
from tests.devkit.images.pinning import find, pin

POD = "kind: Pod\nspec:\n  containers:\n"
LAUGHS = "l0: &l0 {x: y}\n" + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 20))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("kind: Pod\nspec:\n  containers:\n  - image: redis:8.2.2\n", 4, 12),
        ('kind: Pod\nspec: {containers: [{image: "redis:8.2.2"}]}\n', 2, 29),
        ("kind: Deployment\nspec:\n  template:\n    spec:\n      initContainers:\n      - image: redis:8.2.2\n", 6, 16),
        ("kind: CronJob\nspec:\n jobTemplate:\n  spec:\n   template:\n    spec:\n     containers:\n"
         "     - image: redis:8.2.2\n", 8, 15),
        ("a: 1\n---\nkind: List\nitems:\n- kind: Pod\n  spec:\n    containers:\n    - image: redis:8.2.2\n", 8, 14),
        ("kind: Pod\r\nspec:\r\n  containers:\r\n  - image: redis:8.2.2 # é\r\n", 4, 12),
        (f"{POD}  - image: &i\n      !!str\n      redis:8.2.2\n", 6, 7),
        ("kind: Pod\nspec:\n  volumes:\n  - image: {reference: redis:8.2.2}\n", 4, 24),
    ],
)  # fmt: skip
def test_an_image_is_found_at_its_place(text: str, line: int, column: int) -> None:
    found = find_images(text, "f")
    (use,) = found.uses
    assert (use.reference, use.place.line, use.place.column) == ("redis:8.2.2", line, column)
    assert (found.unknown, found.findings) == ((), ())


@pytest.mark.parametrize("kind", POD_SPECS)
def test_every_kind_with_a_pod_has_its_images_found(kind: str) -> None:
    spec = "{initContainers: [{image: a}], containers: [{image: b}], ephemeralContainers: [{image: c}]}"
    for key in reversed(POD_SPECS[kind]):
        spec = f"{{{key}: {spec}}}"
    text = f"kind: {kind}\n{spec[1:-1]}\n"
    assert [use.reference for use in find(text).uses] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        f"{POD}  - image: &i redis:8\n  - image: *i\n",
        f"{POD}  - image: &i redis:8\n    image: *i\n",
        f"{POD}  - &c\n    image: redis:8\n  - *c\n  - <<: *c\n    name: b\n",
        "x: &c {image: redis:8}\nkind: Pod\nspec:\n  containers:\n  - <<: [*c]\n  - <<: *c\n",
    ],
)
def test_an_image_used_twice_through_an_alias_is_one_use_that_can_be_pinned(text: str) -> None:
    found = find(text)
    assert [(use.reference, use.blocked) for use in found.uses] == [("redis:8", "")]
    assert found.unknown == ()


@pytest.mark.parametrize(
    "text",
    [
        f"{POD}  - image: &i redis:8\n    env: [{{name: A, value: *i}}]\n",
        f"metadata: {{labels: {{version: &i redis:8}}}}\n{POD}  - image: *i\n",
        "kind: Cluster\nspec: &s {image: &i redis:8, name: *i}\n",
    ],
)
def test_an_image_whose_scalar_says_something_else_too_is_blocked(text: str) -> None:
    (use,) = find(text, {"Cluster": [(("spec", "image"), ())]}).uses
    assert "through its anchor" in use.blocked
    with pytest.raises(NotWritableError, match="through its anchor"):
        rewrite(text, {use: "sha256:" + "0" * 64})


@pytest.mark.parametrize(
    "value", ["", "~", "null", '""', "''", "'  '", "[redis]", "{a: b}"], ids=lambda value: value or "nothing"
)
def test_a_container_without_an_image_has_none(value: str) -> None:
    found = find(f"{POD}  - image: {value}\n    name: a\n")
    assert (found.uses, found.unknown, found.findings) == ((), (), ())


def test_both_of_two_image_keys_are_uses_for_readers_take_one_or_the_other() -> None:
    assert [use.reference for use in find(f"{POD}  - image: a:1\n    image: b:1\n").uses] == ["a:1", "b:1"]


@pytest.mark.parametrize("written", ["' redis:8 '", '" redis:8\\n"', "|\n      redis:8\n"])
def test_blanks_around_an_image_are_no_part_of_it(written: str) -> None:
    (use,) = find(f"{POD}  - image: {written}\n    name: a\n").uses
    assert use.reference == "redis:8"


def test_a_digest_that_is_written_with_escapes_cannot_be_replaced() -> None:
    text = f'{POD}  - image: "redis@sha256\\x3aaa"\n'
    with pytest.raises(NotWritableError, match="escapes"):
        rewrite(text, {find(text).uses[0]: None})


def test_text_in_a_config_map_is_no_image() -> None:
    found = find_images("kind: ConfigMap\ndata:\n  image: redis:latest\n  a: |\n    image: redis\n", "f")
    assert (found.uses, found.unknown, found.findings) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind: Pod\nspec: [\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("kind: Pod\nspec:\n  a: b: c\n", 3),
        (f"{POD}  - image: *nothing\n", 4),
        ("a: b\nc: &c\n  d: *c\n", 3),
        ("é: 🎈\n日本: a\n# c\nb: \x01\n", 4),
    ],
)
def test_what_is_no_yaml_is_a_finding_at_its_line(text: str, line: int) -> None:
    found = find_images(text, "f")
    (finding,) = found.findings
    assert (found.uses, finding.rule, finding.place.line) == ((), "manifest-unreadable", line)
    assert isinstance(finding.place, Place)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [f"{LAUGHS}{POD}  - image: a\n", f"{LAUGHS}kind: List\nitems: *l19\n", f"{LAUGHS}kind: Cluster\nspec: *l19\n"],
)
def test_aliases_of_aliases_end_quickly(text: str) -> None:
    assert find(text, {"Cluster": [(("spec", *["*"] * 20), ())]}).findings == ()


@pytest.mark.parametrize("depth", [100, 300, 450])
def test_a_deep_manifest_is_read_and_pinned(depth: int) -> None:
    text = f"{POD}  - image: a\nx: {'[' * depth}{']' * depth}\n"
    assert "image: a@sha256" in pin(text)


def test_a_manifest_deeper_than_any_is_a_finding() -> None:
    text = f"{POD}  - image: a\nx: {'{a: ' * 1500}1{'}' * 1500}\n"
    assert [each.rule for each in find(text).findings] == ["manifest-unreadable"]
