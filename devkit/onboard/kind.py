"""kind, as its command line has it: which clusters there are, making one, deleting one, writing its context."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path

from devkit.errors import DevkitError
from devkit.process import narrated, run
from devkit.progress import Progress

PREFIX = "kind-"  # kind's contexts: kind-NAME
_DEFAULT_NAME = "kind"
_WAIT = "5m"  # for the node to be ready


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """The program, and the environment that says which container engine and which kubeconfig it uses."""

    program: str
    environ: Mapping[str, str]

    def clusters(self) -> tuple[str, ...]:
        """The names of the clusters that have a node, whole or half-made; DevkitError when kind cannot tell."""
        done = run([self.program, "get", "clusters"], env=dict(self.environ))
        if done.code != 0:
            raise DevkitError(f"kind cannot list its clusters: {_last(done.output)}", "./inv doctor says what it lacks")
        return tuple(line for line in done.output.splitlines() if line and " " not in line)

    def create(self, name: str, config: Path, said: Progress) -> None:
        """Make the cluster `name` as `config` has it; its context becomes the current one."""
        words = ("create", "cluster", "--name", name, "--config", config.name, "--wait", _WAIT)
        done = narrated([self.program, *words], env=self.environ, cwd=config.parent, said=said)
        if done.code != 0:
            raise DevkitError(
                f"kind could not make the cluster {name}: {_last(done.output)}",
                "mend that, and run ./inv onboard again: it begins anew (./inv doctor looks for the cause)",
            )

    def delete(self, name: str, said: Progress) -> None:
        """Delete the cluster `name`; one that is not there is no mistake to kind."""
        self._done(("delete", "cluster", "--name", name), said, f"kind could not delete the cluster {name}")

    def export(self, name: str, said: Progress) -> None:
        """Write the context of the cluster `name` into the kubeconfig, and make it the current one."""
        self._done(("export", "kubeconfig", "--name", name), said, f"kind gives no kubeconfig for the cluster {name}")

    def _done(self, words: tuple[str, ...], said: Progress, problem: str) -> None:
        done = narrated([self.program, *words], env=self.environ, cwd=Path.cwd(), said=said)
        if done.code != 0:
            raise DevkitError(f"{problem}: {_last(done.output)}", f"look at it: kind {' '.join(words)}")


def find_kind(environ: Mapping[str, str]) -> Kind:
    """kind on PATH; DevkitError without it."""
    program = shutil.which("kind", path=environ.get("PATH"))
    if program is None:
        raise DevkitError(
            "there is no cluster that can be used, and kind is not on PATH to make one",
            "start yours, or install kind: ./inv doctor --only cluster-tool has the command",
        )
    return Kind(program, environ)


def name_in(config: bytes) -> str:
    """The cluster's name in kind's configuration; kind's own one where it names none, or cannot be read."""
    import yaml

    try:
        found = yaml.safe_load(config)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        return _DEFAULT_NAME  # kind itself will say what is wrong with it
    name = found.get("name") if isinstance(found, dict) else None
    return name if isinstance(name, str) and name else _DEFAULT_NAME


def _last(output: str) -> str:
    """kind's own sentence: the line that says ERROR, or else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "it said nothing")
    return said.removeprefix("ERROR: ")
