"""What Tilt is to apply once more: written, read, and seen on the objects alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.config import load_project
from devkit.errors import DevkitError
from devkit.stack.objects import stack_objects
from devkit.stack.renewal import ANNOTATION, forget_renewals, read_renewals, renew, renewal_file, with_renewals
from tests.checkout import Checkout


def test_what_was_asked_for_is_kept_until_a_new_tilt_begins(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "renewals.json"
    assert read_renewals(file) == {}
    renew(file, ["redis:secret", "redis:service"], "1")
    renew(file, ["redis:secret"], "2")
    assert read_renewals(file) == {"redis:secret": "2", "redis:service": "1"}
    forget_renewals(file)
    forget_renewals(file)
    assert read_renewals(file) == {}


@pytest.mark.parametrize("text", ["", "[]", '{"redis:secret": 1}', "{"])
def test_a_file_that_is_none_of_ours_asks_for_nothing_and_is_written_anew(tmp_path: Path, text: str) -> None:
    file = tmp_path / "renewals.json"
    file.write_text(text)
    assert read_renewals(file) == {}
    renew(file, ["redis:secret"], "1")
    assert read_renewals(file) == {"redis:secret": "1"}


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(DevkitError, match="cannot be written") as caught:
        renew(tmp_path / "state/renewals.json", ["redis:secret"], "1")
    assert "DEVKIT_STATE" in caught.value.cure
    with pytest.raises(DevkitError, match="cannot be written"):
        forget_renewals(tmp_path / "state/renewals.json")


def test_the_annotation_is_on_what_is_named_and_on_nothing_else_of_it(checkout: Checkout) -> None:
    objects = stack_objects(load_project(checkout.root), checkout.manifests)
    before = [json.dumps(each.body) for each in objects]
    found = with_renewals(objects, {"redis:statefulset": "7"})
    assert [json.dumps(each.body) for each in objects] == before
    (changed,) = [new for new, old in zip(found, objects, strict=True) if new != old]
    assert (changed.kind, changed.name) == ("StatefulSet", "redis")
    assert changed.body["metadata"]["annotations"].pop(ANNOTATION) == "7"
    old = next(each for each in objects if (each.kind, each.name) == ("StatefulSet", "redis"))
    assert changed.body["spec"] == old.body["spec"]


def test_the_tiltfile_is_told_what_to_apply_again_and_to_watch_for_more(checkout: Checkout, tmp_path: Path) -> None:
    environ = {**os.environ, "DEVKIT_STATE": str(tmp_path), "DEVKIT_CONTEXT": "kind-bed"}
    file = renewal_file(checkout.root, environ)

    def told() -> dict[str, object]:
        words = [sys.executable, "-P", str(checkout.root / "devkit/tiltfile.py"), "kind-bed"]
        done = subprocess.run(words, env=environ, cwd=checkout.root, capture_output=True, check=True)
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    assert ANNOTATION not in str(told()["yaml"])
    renew(file, ["redis:service"], "after-7")
    answer = told()
    assert str(answer["yaml"]).count(f'"{ANNOTATION}": "after-7"') == 1
    assert str(file) in answer["watched"]  # type: ignore[operator]  # a list
