"""A manifest that is the text of a ConfigMap is pinned in its place, when it is declared and only then."""

from __future__ import annotations

import pytest

from tests.devkit.images.pinning import digest, find, pin, undo

# @ stands for the place of the digest of redis:8.
INNER = "kind: Pod\nspec:\n  containers:\n  - image: redis:8@ # 🎈\n\n  - image: 'redis:8@'\n"
IN_POD = {"ConfigMap": [(("data", "pod.yaml"), ())]}
AT_PATH = {"ConfigMap": [(("data", "pod.yaml"), ("spec", "containers", "*", "image"))]}


def outer(header: str, indent: str, end: str) -> str:
    lines = [f"{indent}{line}" if line else "" for line in INNER.split("\n")[:-1]]
    text = "\n".join(["# é", "kind: ConfigMap", "data:", f"  pod.yaml: {header}", *lines, "  b: c", ""])
    return text.replace("\n", end)


@pytest.mark.parametrize("declared", [IN_POD, AT_PATH], ids=["a manifest", "at a path"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("header", "indent"),
    [("|", "    "), ("|-", "   "), ("|+ # c", "      "), ("&a |", "    "), ("|2", "    ")],
)
def test_a_declared_text_is_pinned_and_undone_to_the_byte(
    header: str, indent: str, end: str, declared: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
) -> None:
    written = outer(header, indent, end)
    before, pinned = written.replace("@", ""), written.replace("@", f"@{digest('redis:8')}")
    assert [use.place.line for use in find(before, declared).uses] == [8, 10]
    assert pin(before, declared) == pinned
    assert undo(pinned, before, declared) == before


def test_a_text_that_is_not_declared_is_left_alone() -> None:
    text = outer("|", "    ", "\n").replace("@", "")
    assert (find(text).uses, pin(text)) == ((), text)


def test_a_text_that_an_alias_uses_elsewhere_is_blocked() -> None:
    text = outer("&a |", "    ", "\n").replace("@", "").replace("  b: c", "  b: *a")
    assert all("used elsewhere" in use.blocked for use in find(text, IN_POD).uses)
    assert pin(text, IN_POD) == text


@pytest.mark.parametrize("header", [">", ">-", "|-\n    a: ["])
def test_a_text_that_cannot_be_followed_back_to_its_file_is_not_changed(header: str) -> None:
    text = outer(header, "    ", "\n").replace("@", "")
    assert (find(text, IN_POD).uses, pin(text, IN_POD)) == ((), text)
