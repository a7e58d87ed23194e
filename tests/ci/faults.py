"""What is wrong in a file of CI that no schema knows: pins, rights, times, marks. A sentence each; none is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.ci.files import Block, blocks_of_gitlab, blocks_of_workflow, gitlab_jobs, load

_USES = re.compile(r"^\s*(?:- )?uses:\s*(?P<action>[^@\s]+)(?:@(?P<commit>\S+))?\s*(?P<comment>#.*)?$", re.MULTILINE)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_TAG = re.compile(r"# v\d+\.\d+\.\d+")
_IMAGE = re.compile(r"[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}")
_DOCKER = re.compile(r"\b(docker|kind|k3d|kubectl)\b(?!-)|\.ci/stack\b")

# The inputs that are used here, as the action.yml of the pinned release has them: actionlint knows those of tags only.
_INPUTS = {
    "actions/checkout": {"persist-credentials"},
    "actions/setup-python": {"python-version"},
    "actions/setup-go": {"go-version", "cache"},
    "actions/cache": {"path", "key"},
    "actions/upload-artifact": {"name", "path", "if-no-files-found"},
    "actions/download-artifact": {"name", "path"},
    "github/codeql-action/upload-sarif": {"sarif_file", "category"},
}


def workflow_faults(text: str) -> list[str]:
    """The faults of a workflow of GitHub."""
    workflow = load(text)
    found = [*_pins(text), *_whole(workflow, text)]
    for name, job in workflow["jobs"].items():
        found += [f"{name}: {fault}" for fault in _job(job)]
    return found + [f"{block.job}: {fault}" for block in blocks_of_workflow(workflow) for fault in _block(block)]


def gitlab_faults(text: str) -> list[str]:
    """The faults of a pipeline of GitLab."""
    pipeline = load(text)
    found = ["workflow: has no rules"] if not pipeline.get("workflow", {}).get("rules") else []
    for name, job in gitlab_jobs(pipeline).items():
        if "timeout" not in job:
            found.append(f"{name}: has no timeout")
        if job.get("stage") not in pipeline["stages"]:
            found.append(f"{name}: is in no stage")
        if "image" in job:
            found += [f"{name}: {fault}" for fault in _image(job["image"])]
        elif not job.get("tags"):
            found.append(f"{name}: has neither an image nor the tag of a runner")
    return found + [f"{block.job}: {fault}" for block in blocks_of_gitlab(pipeline) for fault in _marks(block)]


def _pins(text: str) -> Iterator[str]:
    commits: dict[str, str] = {}
    for each in _USES.finditer(text):
        action, commit, comment = each["action"], each["commit"] or "", each["comment"] or ""
        if not _COMMIT.fullmatch(commit):
            yield f"{action}@{commit}: is not pinned by a commit"
        if not _TAG.fullmatch(comment.strip()):
            yield f"{action}: the release is not named as # v1.2.3"
        if commits.setdefault(action, commit) != commit:
            yield f"{action}: is pinned by two commits"


def _whole(workflow: Mapping[str, Any], text: str) -> Iterator[str]:
    if workflow.get("permissions") != {"contents": "read"}:
        yield "permissions: more than reading, or unsaid"
    if "group" not in (workflow.get("concurrency") or {}):
        yield "concurrency: has no group"
    if workflow.get("defaults", {}).get("run", {}).get("shell") != "bash":
        yield "defaults: without shell: bash a pipe hides what fails in it"
    if "pull_request_target" in text or "secrets." in text:
        yield "a pull request could reach a secret"


def _job(job: Mapping[str, Any]) -> Iterator[str]:
    if "timeout-minutes" not in job:
        yield "has no timeout-minutes"
    if "permissions" not in job:
        yield "has no permissions"
    may_write = [name for name, right in (job.get("permissions") or {}).items() if right == "write"]
    if may_write and any("run" in step for step in job["steps"]):
        yield f"runs this repository's code and may write: {', '.join(may_write)}"
    if str(job["runs-on"]).endswith("-latest"):
        yield f"{job['runs-on']} is another machine some day"
    if "container" in job:
        yield from _image(job["container"]["image"])
    for step in job["steps"]:
        if "uses" in step:
            yield from _use(step["uses"].partition("@")[0], step.get("with", {}))


def _use(action: str, given: Mapping[str, Any]) -> Iterator[str]:
    if action == "actions/checkout" and given.get("persist-credentials", True):
        yield "leaves the token in the checkout"
    for name in given:
        if name not in _INPUTS.get(action, ()):
            yield f"{action} has no input {name}, or nobody looked it up"


def _image(image: str) -> Iterator[str]:
    if not _IMAGE.fullmatch(image):
        yield f"{image}: is not pinned by its full version and its digest"


def _block(block: Block) -> Iterator[str]:
    if "${{" in block.text:
        yield "an expression inside a run: block is pasted into the shell; pass it in env:"
    yield from _marks(block)


def _marks(block: Block) -> Iterator[str]:
    needs = block.needs
    if not needs:
        return
    if needs != ("docker",) or not block.text.startswith("# needs: docker\n"):
        yield f"the mark has to be its first line, # needs: docker, and not {needs}"
    if not _DOCKER.search(block.text.partition("\n")[2]):
        yield "is marked and needs no Docker"
