"""Every setting is explained, and the JSON Schema for editors agrees with what devkit takes and refuses."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from devkit.config import load_project
from devkit.errors import DevkitError
from tests.checkout import ROOT
from tests.reference.config import STRUCTS, WRONG, config_schema, refusal, said

CHECKER = jsonschema.Draft202012Validator(json.loads(config_schema()))
REPOSITORIES = (ROOT / "pyproject.toml", *sorted((ROOT / "examples").glob("*/pyproject.toml")))
# Of two settings at once a schema cannot tell.
BEYOND_A_SCHEMA = ['[tool.devkit.emulated]\nredis = ["linux/riscv64"]']
WHOLE: dict[str, dict[str, object]] = {
    "[[tool.devkit.service]]": {"name": "redis", "port": 6379, "asks": "redis"},
    "[[tool.devkit.ignore]]": {"rule": "no-triggers", "file": "V1__a.sql", "reason": "it was there"},
    "[[tool.devkit.cluster]]": {"context": "team", "server": "https://10.20.0.4:6443", "uid": "9f0c4c0e"},
}


def is_refused_by_schema(text: str) -> bool:
    return not CHECKER.is_valid(tomllib.loads(text if text.startswith("[") else f"[tool.devkit]\n{text}"))


@pytest.mark.parametrize("title", STRUCTS)
def test_every_key_says_what_it_is(title: str) -> None:
    assert [key for key, text in said(STRUCTS[title]).items() if not text] == []


@pytest.mark.parametrize("file", REPOSITORIES, ids=lambda file: file.parent.name)
def test_the_tables_of_this_repository_and_of_the_examples_keep_the_schema(file: Path) -> None:
    table = tomllib.loads(file.read_text("utf-8"))
    assert table["tool"]["devkit"]
    CHECKER.validate(table)


def test_what_devkit_refuses_on_the_page_an_editor_marks_too() -> None:
    assert [text for text in WRONG if not is_refused_by_schema(text)] == BEYOND_A_SCHEMA
    assert all("\n" in refusal(text) for text in WRONG)


VALUES = ('"text"', "3", "0.5", "true", '["text"]', "{ a = 1 }", '{ a = ["linux/amd64"] }', "[[1]]", "[{}]")


def each_type_of_each_key(title: str) -> Iterator[str]:
    """A table for each of its keys and of the types of TOML: right, but perhaps for that one value."""
    for key in said(STRUCTS[title]):
        for value in VALUES:
            lines = {**{known: json.dumps(right) for known, right in WHOLE.get(title, {}).items()}, key: value}
            yield f"{title}\n" + "\n".join(f"{known} = {written}" for known, written in lines.items())


@pytest.mark.parametrize("title", STRUCTS)
def test_schema_and_devkit_agree_on_every_type_of_every_key(title: str, tmp_path: Path) -> None:
    taken = []
    for text in each_type_of_each_key(title):
        (tmp_path / "pyproject.toml").write_text(text)
        refused = is_refused(tmp_path)
        assert is_refused_by_schema(text) == refused, text
        taken += [] if refused else [text]
    assert taken


def is_refused(root: Path) -> bool:
    try:
        load_project(root)
    except DevkitError:
        return True
    return False


@pytest.mark.parametrize(
    "text",
    [
        'namespace = "dev-infra-{user}"',
        'namespace = "kube"',
        'platforms = ["linux/amd64", "linux/arm/v7"]',
        "platforms = []",
        "statement-timeout-seconds = 0.5",
        "citus-workers = 2",
        "tilt-port = 65535",
        'contexts = ["kind-*"]\n[tool.devkit.emulated]\n"citusdata/citus" = ["linux/arm64"]',
        '[tool.devkit.image-paths]\nCluster = ["spec.pools.*.image"]\n[tool.devkit.optional]\nlogs = ["loki"]',
    ],
)
def test_what_devkit_takes_no_editor_marks(text: str, tmp_path: Path) -> None:
    written = text if text.startswith("[") else f"[tool.devkit]\n{text}"
    (tmp_path / "pyproject.toml").write_text(written)
    load_project(tmp_path)
    assert not is_refused_by_schema(text)


def test_every_key_of_the_schema_says_what_it_is() -> None:
    structs: dict[str, Any] = json.loads(config_schema())["$defs"]
    assert set(structs) == {struct.__name__ for struct in STRUCTS.values()}
    silent = [
        f"{name}.{key}"
        for name, struct in structs.items()
        for key, field in struct["properties"].items()
        if not field.get("description")
    ]
    assert silent == []
