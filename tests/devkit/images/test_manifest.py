"""Images are found in every workload, with the place of the scalar."""

from __future__ import annotations

import pytest

from devkit.finding import Place
from devkit.images.manifest import find_images

CONTAINERS = "containers:\n{0}- name: a\n{0}  image: redis:8.2.2\n"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("kind: Pod\nspec:\n  containers:\n  - image: redis:8.2.2\n", 4, 12),
        ('kind: Pod\nspec: {containers: [{image: "redis:8.2.2"}]}\n', 2, 29),
        ("kind: Deployment\nspec:\n  template:\n    spec:\n      initContainers:\n      - image: redis:8.2.2\n", 6, 16),
        ("kind: CronJob\nspec:\n jobTemplate:\n  spec:\n   template:\n    spec:\n     containers:\n"
         "     - image: redis:8.2.2\n", 8, 15),
        ("a: 1\n---\nkind: List\nitems:\n- kind: Pod\n  spec:\n    containers:\n    - image: redis:8.2.2\n", 8, 14),
        ("\ufeffkind: Pod\r\nspec:\r\n  containers:\r\n  - image: redis:8.2.2 # é\r\n", 4, 12),
    ],
)  # fmt: skip
def test_an_image_is_found_at_its_place(text: str, line: int, column: int) -> None:
    ((use,), unreadable) = find_images(text, "f")
    assert (use.reference, use.place.line, use.place.column, unreadable) == ("redis:8.2.2", line, column, ())


def test_an_image_used_twice_through_an_alias_is_one_use() -> None:
    text = "kind: Pod\nspec:\n  containers:\n  - image: &i redis:8.2.2\n  - image: *i\n"
    uses, _ = find_images(text, "f")
    assert len(uses) == 1


def test_text_in_a_config_map_is_no_image() -> None:
    assert find_images("kind: ConfigMap\ndata:\n  image: redis:latest\n  a: |\n    image: redis\n", "f") == ((), ())


@pytest.mark.parametrize(
    ("text", "line"), [("kind: Pod\nspec: [\n", 3), ("a: 1\n\tb: 2\n", 2), ("kind: Pod\nspec:\n  a: b: c\n", 3)]
)
def test_what_is_no_yaml_is_a_finding_at_its_line(text: str, line: int) -> None:
    uses, (finding,) = find_images(text, "f")
    assert (uses, finding.rule, finding.place.line) == ((), "manifest-unreadable", line)
    assert isinstance(finding.place, Place)
