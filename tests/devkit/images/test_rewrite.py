"""Pinning changes the images and nothing else, in whatever style a manifest is written; another reader is the judge."""

from __future__ import annotations

import pytest

from devkit.images.manifest import Found
from tests.devkit.images import judged
from tests.devkit.images.drawn import Draw
from tests.devkit.images.generated import Manifest, manifest
from tests.devkit.images.pinning import BOM, digest, find, pin, pin_bytes, pinnable, undo_bytes
from tests.devkit.images.tree import Meant

MANIFESTS = 450  # in a run: enough for every form of writing to occur 20 times


def dotted(path: tuple[str, ...]) -> str:
    return path[0] + ".".join(path[1:])


def as_meant(made: Manifest, found: Found) -> bool:
    """Whether each use is one scalar that was meant, and each that was meant is a use."""
    left: list[Meant] = list(made.uses)
    for use in found.uses:
        same = [each for each in left if use.path in map(dotted, each.paths) and use.reference == each.reference]
        right = [each for each in same if each.blocked == bool(use.blocked)]
        if not right:
            return False
        left.remove(right[0])
    unknown = sorted((each.path, each.value.strip()) for each in found.unknown)
    return not left and not found.findings and unknown == sorted((dotted(m.at), m.reference) for m in made.unknown)


def judge(text: str, new: str, found: Found) -> None:
    """The other reader sees the same uses, and after pinning the same but for them."""
    before, after = judged.read(text), judged.read(new)
    seen = judged.images(before)
    assert {(path, node.value.strip()) for path, node in seen} >= {(use.path, use.reference) for use in found.uses}
    assert len({id(node) for _, node in seen}) == len(found.uses)
    wanted = {(use.path, use.reference) for use in pinnable(found)}
    pinned = {id(node) for path, node in seen if (path, node.value.strip()) in wanted}
    assert len(pinned) == len(pinnable(found))
    assert len(judged.said(before)) == len(judged.said(after))
    for (node, *what, value, anchor), (_, *what_now, value_now, anchor_now) in zip(
        judged.said(before), judged.said(after), strict=True
    ):
        if id(node) in pinned and value:
            name = value.rstrip()
            value = f"{name}@{digest(name.strip())}{value[len(name) :]}"  # noqa: PLW2901 - as it is meant to be now
        assert (what, value, anchor) == (what_now, value_now, anchor_now)


def check(made: Manifest, raw: bytes, *, judges: bool) -> None:
    """Everything that pinning promises, of one manifest; `judges`: with the other reader, which is slow."""
    found = find(made.text)
    assert as_meant(made, found)
    new = pin(made.text)
    bare = new
    for use in pinnable(found):
        bare = bare.replace(f"@{digest(use.reference)}", "", 1)
    assert bare == made.text
    if judges:
        judge(made.text, new, found)
    assert pin(new) == new
    pinned = pin_bytes(raw)
    assert undo_bytes(pinned, raw) == raw
    assert pin_bytes(pinned) == pinned


@pytest.mark.full
@pytest.mark.parametrize(("seed", "judged_one_in"), [(0, 15), (1, 1), (2, 1), (3, 40), (4, 40), (5, 40)])
def test_only_images_change_and_undo_brings_every_byte_back_in_all_styles_of_writing(
    seed: int, judged_one_in: int
) -> None:
    draw = Draw(seed)
    for number in range(MANIFESTS):
        made = manifest(draw)
        mark = draw.form("byte order mark", "yes", "no") == "yes"
        raw = f"{BOM if mark else ''}{made.text}".encode()
        try:
            check(made, raw, judges=number % judged_one_in == 0)
        except Exception as error:
            raise AssertionError(f"seed {seed}, manifest {number}:\n{made.text}") from error
    assert not {form: count for form, count in draw.forms.items() if count < 20}
    assert len(draw.forms) > 100
