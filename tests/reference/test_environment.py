"""The page names the environment variables that the code reads: all of them, and no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.reference.environment import EVERYBODYS, OURS, THEIRS, Variable
from tests.reference.verbs import readers, verbs

PLACES = ("devkit", "inv", "Tiltfile", "infra/tilt", "tasks.py", "tests/testbed")
SUFFIXES = ("", ".py", ".tiltfile")


def files() -> Iterator[Path]:
    for place in PLACES:
        path = ROOT / place
        yield from ((path,) if path.is_file() else (each for each in path.rglob("*") if each.suffix in SUFFIXES))


def test_every_variable_of_ours_is_named_and_none_is_left_over() -> None:
    texts = [each.read_text("utf-8") for each in files() if each.is_file()]
    read = {name for text in texts for name in re.findall(r"\bDEVKIT_[A-Z_]+\b", text)}
    assert read == {name for each in OURS for name in each.names}


def asked(tree: ast.AST) -> Iterator[str]:
    """The names that are looked up in something called env or environ."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=of, attr="get"), args=[ast.Constant(value=str(name)), *_]):
                found = of
            case ast.Subscript(value=of, slice=ast.Constant(value=str(name))):
                found = of
            case _:
                continue
        if ast.unparse(found).rpartition(".")[2] in {"env", "environ"}:
            yield name


@pytest.mark.full
def test_every_variable_of_others_that_is_asked_for_is_named() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "devkit").rglob("*.py")]
    read = {name for tree in trees for name in asked(tree)}
    assert len(read) > 10
    assert read - {name for each in (*OURS, *THEIRS) for name in each.names} - EVERYBODYS == set()


@pytest.mark.parametrize("variable", [*OURS, *THEIRS], ids=lambda variable: variable.names[0])
def test_somebody_reads_each_and_every_reader_is_there(variable: Variable) -> None:
    assert set(variable.verbs) <= {verb.name for verb in verbs()}
    assert readers(variable) or variable.others
