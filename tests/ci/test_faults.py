"""The files of CI have no fault that a planted one would have shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ci.faults import gitlab_faults, workflow_faults
from tests.ci.files import GITLAB, WORKFLOWS, load

CI = next(file for file in WORKFLOWS if file.name == "ci.yml").read_text()
FULL = next(file for file in WORKFLOWS if file.name == "full.yml").read_text()
PIPELINE = GITLAB.read_text()

CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
DIGEST = "@sha256:a688600ca24f8a4d3ca77f95b0dd40704a9fc787c826660eb7ba0b641b8b175d"

PLANTED: tuple[tuple[str, Callable[[str], list[str]], str, str, str], ...] = (
    ("a tag", workflow_faults, CHECKOUT, "actions/checkout@v7", "actions/checkout@v7: is not pinned by a commit"),
    ("no release", workflow_faults, CHECKOUT, CHECKOUT.partition(" ")[0], "the release is not named"),
    ("two commits", workflow_faults, "@3d3c42e5", "@3d3c42e6", "actions/checkout: is pinned by two commits"),
    ("no timeout", workflow_faults, "    timeout-minutes: 15\n", "", "check: has no timeout-minutes"),
    (
        "all rights",
        workflow_faults,
        "permissions:\n  contents: read\n",
        "permissions: write-all\n",
        "permissions: more",
    ),
    ("a job's", workflow_faults, "    permissions:\n      contents: read\n", "", "check: has no permissions"),
    ("a write", workflow_faults, "      contents: read\n", "      contents: write\n", "check: runs this repository's"),
    ("a moving runner", workflow_faults, "ubuntu-24.04\n", "ubuntu-latest\n", "ubuntu-latest is another machine"),
    ("no pipefail", workflow_faults, "    shell: bash", "    shell: sh", "a pipe hides"),
    ("no group", workflow_faults, "  group: ci", "  name: ci", "concurrency: has no group"),
    ("a token", workflow_faults, "persist-credentials: false", "fetch-depth: 0", "check: leaves the token"),
    ("an input", workflow_faults, "sarif_file:", "sarif-file:", "upload-sarif has no input sarif-file"),
    ("an expression", workflow_faults, '"$CLUSTER"', "${{ matrix.cluster }}", "stack: an expression inside"),
    (
        "a mark",
        workflow_faults,
        "run: ./inv check",
        "run: |\n          # needs: docker\n          ./inv check",
        "no Docker",
    ),
    ("another mark", workflow_faults, "# needs: docker", "# needs: patience", "stack: the mark has to be"),
    ("a secret", workflow_faults, "  pull_request:\n", "  pull_request_target:\n", "reach a secret"),
    ("a floating image", workflow_faults, "golang:1.26.8-bookworm" + DIGEST, "golang:1.26", "golang:1.26: is not"),
    ("no digest", gitlab_faults, DIGEST, "", "full: golang:1.26.8-bookworm: is not pinned"),
    ("no timeout here", gitlab_faults, "  timeout: 2 hours\n", "", "full: has no timeout"),
    ("no runner", gitlab_faults, "  tags: [$DEVKIT_MACOS_RUNNER]\n", "", "same-on-macos: has neither an image"),
    ("no stage", gitlab_faults, "  stage: same\n", "  stage: later\n", "same-on-macos: is in no stage"),
    (
        "a mark here",
        gitlab_faults,
        "    - ./inv check",
        "    - |\n      # needs: docker\n      ./inv check",
        "no Docker",
    ),
)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_no_fault(file: Path) -> None:
    assert workflow_faults(file.read_text()) == []


def test_the_pipeline_has_no_fault() -> None:
    assert gitlab_faults(PIPELINE) == []


@pytest.mark.parametrize(
    ("judge", "right", "wrong", "fault"), [each[1:] for each in PLANTED], ids=[e[0] for e in PLANTED]
)
def test_a_planted_fault_is_named(judge: Callable[[str], list[str]], right: str, wrong: str, fault: str) -> None:
    text = next(
        each for each in (CI, FULL, PIPELINE) if right in each and (each is PIPELINE) == (judge is gitlab_faults)
    )
    found = judge(text.replace(right, wrong, 1))
    assert [each for each in found if fault in each], found


def test_both_say_the_same_images_and_the_same_go() -> None:
    full = load(FULL)["jobs"]["full"]["container"]["image"]
    assert load(PIPELINE)[".go"]["image"] == full
    versions = {step["with"]["go-version"] for job in load(CI)["jobs"].values() for step in job["steps"]
                if "setup-go" in step.get("uses", "")}  # fmt: skip
    assert {f"golang:{version}-bookworm" for version in versions} == {full.partition("@")[0]}
