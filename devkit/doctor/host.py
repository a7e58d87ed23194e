"""The machine as checks see it: values, and a few doors. Tests give a fake one, so that every check is pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, Protocol

from devkit.config import Project
from devkit.doctor.place import Cluster
from devkit.images.folder import Manifest
from devkit.process import Answer

Manager = Literal["brew", "apt", "dnf", "pacman", ""]

DARWIN = "Darwin"
# os-release's ID and ID_LIKE, as these systems write them.
_MANAGERS: Mapping[str, Manager] = {
    "debian": "apt",
    "ubuntu": "apt",
    "fedora": "dnf",
    "rhel": "dnf",
    "centos": "dnf",
    "arch": "pacman",
}


class Doors(Protocol):
    """How a check looks at the machine. Whatever cannot be looked at is None; nothing is written."""

    def run(self, argv: tuple[str, ...]) -> Answer | None:
        """What a program says; None when it is not on PATH. Never through a shell, never for long."""

    def read(self, path: str) -> str | None:
        """A file's text."""

    def exists(self, path: str) -> bool:
        """Whether something has this name."""

    def free(self, path: str) -> int | None:
        """The bytes that are free where `path` lies."""

    def is_taken(self, port: int) -> bool:
        """Whether another program listens on this port of 127.0.0.1."""

    def tilt_is_ours(self) -> bool:
        """Whether the Tilt of this checkout runs."""

    def manifests(self) -> tuple[Manifest, ...]:
        """The manifests of the stack; DevkitError when they cannot be read."""

    def cluster(self) -> Cluster:
        """The cluster of the current context, as far as the guard lets us look."""


@dataclasses.dataclass(frozen=True, slots=True)
class Host:
    """The machine. `system` and `machine` are those of platform; `manager` is "" where none of the four is known."""

    system: str
    machine: str
    manager: Manager
    python: str
    project: Project
    environ: Mapping[str, str] = dataclasses.field(repr=False)
    doors: Doors
    now: Callable[[], float]

    @property
    def is_mac(self) -> bool:
        """Whether containers run in a virtual machine of their own."""
        return self.system == DARWIN

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    @property
    def platform(self) -> str:
        """The processor as images name it: amd64, arm64."""
        return {"x86_64": "amd64", "aarch64": "arm64"}.get(self.machine, self.machine)


def manager_of(system: str, os_release: str | None, *, has_brew: bool) -> Manager:
    """The package manager of a system: by /etc/os-release on Linux, where brew is only taken when no other is known."""
    if system == DARWIN:
        return "brew"
    fields = dict(line.split("=", 1) for line in (os_release or "").splitlines() if "=" in line)
    names = [fields.get("ID", ""), *fields.get("ID_LIKE", "").strip("\"'").split()]
    for each in names:
        if manager := _MANAGERS.get(each.strip("\"'")):
            return manager
    return "brew" if has_brew else ""
