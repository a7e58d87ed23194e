"""The files of CI as values: workflows of GitHub, the pipeline of GitLab, their jobs and their blocks of shell."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.checkout import ROOT

WORKFLOWS = tuple(sorted((ROOT / ".github/workflows").glob("*.yml")))
GITLAB = ROOT / ".gitlab-ci.yml"

_MARK = re.compile(r"^# needs: (?P<what>.*)$", re.MULTILINE)
_OWN_KEYS = ("workflow", "stages", "variables", "default", "include")  # of GitLab: what else is there is a job


@dataclasses.dataclass(frozen=True, order=True)
class Block:
    """The text of one `run:`, or of one item of a GitLab script, and the job it is in."""

    job: str
    text: str

    @property
    def needs(self) -> tuple[str, ...]:
        """What a block says that it needs and a test has not."""
        return tuple(match["what"] for match in _MARK.finditer(self.text))


def load(text: str) -> dict[str, Any]:
    """A file of CI as a mapping. YAML 1.1 reads the key `on` as true."""
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def blocks_of_workflow(workflow: Mapping[str, Any]) -> Iterator[Block]:
    """Every `run:` of a workflow, in order."""
    for name, job in workflow["jobs"].items():
        for step in job["steps"]:
            if "run" in step:
                yield Block(name, step["run"])


def gitlab_jobs(pipeline: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The jobs that GitLab runs, each with what it extends."""
    return {
        name: {**(pipeline[job["extends"]] if "extends" in job else {}), **job}
        for name, job in pipeline.items()
        if name not in _OWN_KEYS and not name.startswith(".")
    }


def blocks_of_gitlab(pipeline: Mapping[str, Any]) -> Iterator[Block]:
    """Every item of every script, in order."""
    for name, job in gitlab_jobs(pipeline).items():
        for line in (*job.get("before_script", ()), *job["script"]):
            yield Block(name, line)


def every_block() -> Iterator[tuple[Path, Block]]:
    """The blocks of all files."""
    for file in WORKFLOWS:
        for block in blocks_of_workflow(load(file.read_text())):
            yield file, block
    for block in blocks_of_gitlab(load(GITLAB.read_text())):
        yield GITLAB, block
