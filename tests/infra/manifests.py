"""The sample's manifests as Kubernetes would read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parents[2] / "infra/k8s"


def objects() -> Iterator[Any]:
    """Every object of every file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield from YAML(typ="safe", pure=True).load_all(path.read_text("utf-8"))


def containers() -> dict[str, Any]:
    """Container by name, over all workloads."""
    specs = (each["spec"]["template"]["spec"] for each in objects() if each["kind"] in ("Deployment", "StatefulSet"))
    return {container["name"]: container for spec in specs for container in spec["containers"]}


def probe(container: str) -> list[str]:
    """The command of a container's readiness probe."""
    command: list[str] = containers()[container]["readinessProbe"]["exec"]["command"]
    return command
