"""A machine as it is found, and the words that situations share."""

from __future__ import annotations

import dataclasses
import json

from devkit.doctor.host import Manager
from devkit.doctor.result import State
from devkit.process import Answer
from tests.devkit.doctor.fake import FOLDER, MANAGERS, Plan

LINUX: tuple[Manager, ...] = ("apt", "dnf", "pacman")


MAC: tuple[Manager, ...] = ("brew",)


OK, WARNING, PROBLEM, UNKNOWN = State


@dataclasses.dataclass(frozen=True)
class Situation:
    """A machine, the check that looks at it, and how it stands."""

    check: str
    name: str
    state: State
    plan: Plan
    on: tuple[Manager, ...] = MANAGERS

    def __str__(self) -> str:
        return f"{self.check}: {self.name}"


KUBECTL = "kubectl version --client -o json"


NODE = "docker exec dev-control-plane"


GIT = f"git -C {FOLDER}"


NOT_THERE = Answer(1, "", "cat: can't open: No such file or directory")


def kubectl(version: str) -> dict[str, str | Answer | None]:
    return {KUBECTL: json.dumps({"clientVersion": {"major": "1", "gitVersion": version}, "kustomizeVersion": "v5.7.1"})}


def node(**said: str | Answer) -> dict[str, str | Answer | None]:
    """What the node says to commands named by their program."""
    lines = {
        "inotify": "cat /proc/sys/fs/inotify/max_user_instances /proc/sys/fs/inotify/max_user_watches",
        "date": "date -u +%s",
        "dns": "getent hosts registry-1.docker.io",
        "trusted": "cat /etc/ssl/certs/ca-certificates.crt",
        "rosetta": "cat /proc/sys/fs/binfmt_misc/rosetta",
        "binfmt": "cat /proc/sys/fs/binfmt_misc/status",
        "qemu": "cat /proc/sys/fs/binfmt_misc/qemu-x86_64",
        "df": "df -Pk /",
        "cgroup": "cat /sys/fs/cgroup/cgroup.controllers",
    }
    return {f"{NODE} {lines[name]}": answer for name, answer in said.items()}


def images_lock(name: str, *platforms: str) -> str:
    """A lock in which one image is published for these platforms."""
    digest = f"sha256:{'a' * 64}"
    head = f'version = 1\n[[image]]\nname = "docker.io/{name}"\ndigest = "{digest}"\n'
    children = (
        f'[image.platforms."{each}"]\nmanifest = "{digest}"\nconfig = "{digest}"\nsize = 1\n' for each in platforms
    )
    return f'{head}media-type = "application/vnd.oci.image.index.v1+json"\n{"".join(children)}'


def git(**said: str | Answer) -> dict[str, str | Answer | None]:
    lines = {
        "files": "ls-files -z",
        "eol": "ls-files --eol -z",
        "autocrlf": "config --get core.autocrlf",
        "ignorecase": "config --get core.ignorecase",
        "precompose": "config --get core.precomposeunicode",
    }
    unset = {f"{GIT} {line}": Answer(1, "", "") for name, line in lines.items() if "config" in line}
    return {**unset, **{f"{GIT} {lines[name]}": answer for name, answer in said.items()}}


def kind_yaml(image: str) -> dict[str, str | None]:
    return {"infra/kind.yaml": f"kind: Cluster\nnodes:\n  - role: control-plane\n    image: {image}\n"}
