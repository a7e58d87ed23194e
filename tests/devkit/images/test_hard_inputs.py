"""What round trips through a YAML writer lose, by hand: the exact text after a pin, and after its undoing."""

from __future__ import annotations

import pytest

from tests.devkit.images.pinning import DATA, digest, find, pin, pinnable, undo

POD = "kind: Pod\nspec:\n  containers:\n"
DECLARED = {"Cluster": [(("spec", "image"), ())]}
REDIS = f"redis:8@{digest('redis:8')}"

# Texts where @ stands for the place of the digest of redis:8, and is not there before a pin.
HARD = {
    "comment before the first ---": f"# header\n---\n{POD}  - image: redis:8@\n",
    "comment-only document": f"---\n# nothing\n---\n{POD}  - image: redis:8@\n---\n# nothing\n",
    "leading --- and ... ends": f"--- # a\n{POD}  - image: redis:8@\n...\n---\n{POD}  - image: redis:8@\n...\n",
    "four blanks, dashes in two styles": "kind: Pod\nspec:\n    initContainers:\n    - image: redis:8@\n"
    "    containers:\n      -   image: redis:8@\n          args:\n          - a\n          -   b\n",
    "a quoted on": f"{POD}  - image: redis:8@\n    env: [{{name: A, value: 'on'}}]\n    x: 0777\n",
    "a long string": f"{POD}  - image: redis:8@\n    command: {'word ' * 60}end\n",
    "a long image": f"{POD}  - args: ['{'x' * 300}']\n    image:   redis:8@   # {'c' * 200}\n",
    "~ and null": f"{POD}  - image: redis:8@\n    a: ~\n    b: null\n    c:\n",
    "flow over lines, padding": f"{POD}  - image: redis:8@\n    args: [ a,\n      b ,\n    ]\n    r: {{ a: b }}\n",
    "flow with a comment that closes": "kind: Pod\nspec: { containers: [ { image: redis:8@ } ] } # 1 }\n",
    "CRLF and trailing blanks": "kind: Pod\r\nspec:   \r\n  containers:\r\n  - image: redis:8@  \r\n    a: b   # c\r\n",
    "empty documents": f"---\n---\n{POD}  - image: redis:8@\n---\n---\n",
    "a tab before a comment": f"{POD}  - image: redis:8@\t# c\n    a: 1\t# d\n",
    "an anchor and its alias": f"{POD}  - image: &i redis:8@\n  - image: *i\n",
    "a key twice": f"{POD}  - image: redis:8@\n    name: a\n    name: b\n    image: redis:8@\n",
    "anchor and tag on lines of their own": f"{POD}  - image: &i\n      # c\n      !!str\n      'redis:8@'\n",
    "a block scalar": f"{POD}  - image: >-  # folded\n      redis:8@\n\n    name: a\n",
    "emoji before": "kind: Pod\nspec: {a: '🎈é日', containers: [{image: redis:8@}]}\n",
    "double quotes that go on": f'{POD}  - image: "re\\\n      dis:8@\\\n      "\n',
    "an escaped blank at the end": f'{POD}  - image: "redis:8@\\x20"\n',
    "JSON": '{"kind":"Pod","spec":{"containers":[{"image":"redis:8@"}]}}',
    "lone carriage returns": "kind: Pod\rspec:\r  containers:\r  - image: redis:8@\r    name: a\r",
    "a next-line character": f"{POD}  - image: redis:8@ # a\u2028    name: b\n",
}  # fmt: skip


@pytest.mark.parametrize("written", HARD.values(), ids=HARD)
def test_a_hard_input_gets_its_digest_and_is_the_same_again_after_undo(written: str) -> None:
    before, pinned = written.replace("@", ""), written.replace("@", f"@{digest('redis:8')}")
    assert find(before).findings == ()
    assert pin(before) == pinned
    assert pin(pinned) == pinned
    assert undo(pinned, before) == before


@pytest.mark.parametrize(
    "template",
    [
        f"{POD}  - image: {{{{ .Values.image }}}}\n",
        f'{POD}  - image: "{{{{ .Values.image }}}}"\n',
        f"{POD}  - image: redis:{{{{ .Values.tag }}}}\n",
        f"{{{{- if .Values.on }}}}\n{POD}  - image: redis:8\n{{{{- end }}}}\n",
    ],
)
def test_a_helm_template_is_a_finding_and_not_a_change(template: str) -> None:
    found = find(template)
    assert (found.uses, [each.rule for each in found.findings]) == ((), ["manifest-unreadable"])
    assert pin(template) == template


def stack() -> str:
    return (DATA / "stack.yaml").read_text("utf-8")


STACK = ["busybox:1.37", "citusdata/citus:13.0", "redis:8.2.2", "registry.example.com:5000/citus:13.0"]


@pytest.mark.parametrize(("declared", "count"), [(None, 3), (DECLARED, 4)])
def test_of_the_53_lines_exactly_the_images_change(
    declared: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] | None, count: int
) -> None:
    text = stack()
    found = find(text, declared)
    assert [use.reference for use in found.uses] == STACK[:count]
    assert len(pinnable(found)) == count
    wanted = text
    for reference in STACK[:count]:
        assert text.count(reference) == 1
        wanted = wanted.replace(reference, f"{reference}@{digest(reference)}")
    assert pin(text, declared) == wanted
    assert undo(wanted, text, declared) == text


def test_an_image_of_a_custom_resource_is_told_until_it_is_declared() -> None:
    assert [each.path for each in find(stack()).unknown] == ["3:spec.image", "3:spec.sidecar.image"]
    assert [each.path for each in find(stack(), DECLARED).unknown] == ["3:spec.sidecar.image"]
    assert len(stack().splitlines()) == 53
