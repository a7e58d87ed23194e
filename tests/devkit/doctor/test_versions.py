"""Versions in every form that the tools have given them in, and in none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.doctor.engine import engine_version
from devkit.doctor.kubectl import client_version
from devkit.doctor.needs import quantity
from devkit.doctor.version import Version, first_words, version_in
from devkit.process import Answer

KUBECTL = (
    (json.dumps({"clientVersion": {"gitVersion": "v1.36.4"}}), Version(1, 36, 4)),
    (json.dumps({"clientVersion": {"gitVersion": "v1.32.4-dispatcher"}}, indent=2), Version(1, 32, 4)),
    ('I1128 notice\n{"clientVersion": {"gitVersion": "v1.35.0+k3s1"}}', Version(1, 35, 0)),
    (
        'Client Version: version.Info{Major:"1", Minor:"9", GitVersion:"v1.9.11", GoVersion:"go1.9.3"}',
        Version(1, 9, 11),
    ),
    ("Client Version: v1.28.2\nKustomize Version: v5.0.4\nServer Version: v1.27.3\n", Version(1, 28, 2)),
    ("Kustomize Version: v5.0.4\n\x1b[32mClient Version: v1.30.1\x1b[0m\n", Version(1, 30, 1)),
    ("", None),
    ("kubectl 7", None),
    ('{"clientVersion": "v1"', None),
    ('{"clientVersion": {"gitVersion": "unknown"}}', None),
    ("{}", None),
)
ENGINE = (
    (json.dumps({"Client": {"Version": "29.1.0"}, "Server": {"Version": "28.5.1"}}), Version(28, 5, 1)),
    (json.dumps({"Client": {"Version": "27.0.3"}, "Server": None}), Version(27, 0, 3)),
    (json.dumps({"Client": {"APIVersion": "4.3.1", "Version": "4.3.1"}}), Version(4, 3, 1)),
    ("Docker version 27.0.3, build 7d4bcd8", Version(27, 0, 3)),
    ("Docker version 20.10.24+dfsg1, build 297e128", Version(20, 10, 24)),
    ("podman version 4.9.3", Version(4, 9, 3)),
    ("json", None),
    ("", None),
    ('{"Client": []}', None),
)


@pytest.mark.parametrize(("said", "version"), KUBECTL)
def test_kubectl(said: str, version: Version | None) -> None:
    assert client_version(Answer(0, said, "")) == version


@pytest.mark.parametrize(("said", "version"), ENGINE)
def test_docker_and_podman(said: str, version: Version | None) -> None:
    assert engine_version(Answer(0, said, "Emulate Docker CLI using podman.")) == version


def test_versions_are_compared_by_their_numbers() -> None:
    assert Version(1, 9, 0) < Version(1, 10, 0)
    assert Version(1, 36, 0).is_near(Version(1, 37, 9))
    assert not Version(1, 36, 0).is_near(Version(1, 38, 0))
    assert not Version(2, 36, 0).is_near(Version(1, 36, 0))
    assert version_in("v0.37.6-dev, built") == Version(0, 37, 6)
    assert version_in("1.29") == Version(1, 29, 0)


def test_a_wrong_answer_is_quoted_in_short() -> None:
    assert first_words(Answer(3, "", "")) == "nothing (exit code 3)"
    assert first_words(Answer(0, "\n\x1b[31mred\x07\x1b[0m\nmore", "")) == '"red?"'
    assert first_words(Answer(1, "", "x" * 100)) == f'"{"x" * 60}…"'


@given(st.text())
def test_no_answer_breaks_a_reader(text: str) -> None:
    answer = Answer(0, text, text)
    client_version(answer)
    engine_version(answer)
    assert first_words(answer)


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("1Gi", 1024**3),
        ("1280Mi", 1280 * 1024**2),
        ("1G", 10**9),
        ("512", 512),
        ("1.5Gi", 3 * 1024**3 // 2),
        ("", 0),
        ("x", 0),
    ],
)
def test_quantities_are_kubernetes_own(written: str, size: int) -> None:
    assert quantity(written) == size
