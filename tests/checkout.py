"""A copy of this repository that a test may break, run through the real ./inv."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.processes import command_lines

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "inv",
    "tasks.py",
    "Tiltfile",
    "pyproject.toml",
    "requirements.lock",
    "requirements-postgres.lock",
    "devkit",
    "infra",
)
_MOST_SECONDS, _LAST_WORDS_SECONDS = 240, 10


@dataclasses.dataclass(frozen=True)
class Result:
    """What a run printed and how it ended."""

    code: int
    out: str
    err: str

    def report(self) -> Any:  # noqa: ANN401 - JSON
        """The JSON report on stdout."""
        return json.loads(self.out)

    def found(self, severity: str = "error") -> list[tuple[str, str, int, int]]:
        """(rule, file, line, column) of each finding of that severity."""
        return [
            (each["rule"], each["file"], each["line"], each["column"])
            for each in self.report()["findings"]
            if each["severity"] == severity
        ]


@dataclasses.dataclass(frozen=True)
class Checkout:
    """A repository of its own below a temporary folder, with a cache of its own and the tests' virtual environment."""

    root: Path
    cache: Path

    @property
    def migrations(self) -> Path:
        """The migrations folder."""
        return self.root / "infra/migrations"

    @property
    def manifests(self) -> Path:
        """The manifests folder."""
        return self.root / "infra/k8s"

    def clear(self) -> None:
        """Take the sample's migrations and manifests away."""
        for folder in (self.migrations, self.manifests):
            shutil.rmtree(folder)
            folder.mkdir()

    def configure(self, line: str) -> None:
        """Add or replace one line of [tool.devkit]."""
        file = self.root / "pyproject.toml"
        key = line.partition("=")[0].strip()
        lines = [each for each in file.read_text().splitlines() if not each.startswith(f"{key} ")]
        lines.insert(lines.index("[tool.devkit]") + 1, line)
        file.write_text("\n".join([*lines, ""]))

    def argv(self, *words: str) -> list[str]:
        """The command line of a verb."""
        return [str(self.root / "inv"), *words]

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a run: this test's cache, and no second virtual environment."""
        return {
            **os.environ,
            "DEVKIT_CACHE": str(self.cache),
            "DEVKIT_VENV": str(Path(sys.prefix)),
            **more,
        }

    def run(self, *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Result:
        """Run `./inv` with `words` to its end; one that never ends fails with all that it said, and where it is."""
        with subprocess.Popen(
            self.argv(*words),
            cwd=cwd or self.root,
            env=self.environment(PYTHONFAULTHANDLER="1", **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            try:
                out, err = running.communicate(timeout=_MOST_SECONDS)
            except BaseException:  # pytest's own clock, too
                running.send_signal(signal.SIGABRT)  # faulthandler tells where each thread is
                with contextlib.suppress(subprocess.TimeoutExpired):  # a child of its may keep the pipes open
                    sys.stderr.write("\n".join(running.communicate(timeout=_LAST_WORDS_SECONDS)))
                raise
        return Result(running.returncode, out, err)

    def verify(self, *words: str) -> Result:
        """Run `./inv verify --format json`."""
        return self.run("verify", "--format", "json", *words)

    def left_behind(self) -> list[str]:
        """Processes and directories that should be gone after a run."""
        processes = [line for line in command_lines() if str(self.cache) in line and "run-" in line]
        return processes + [str(path) for path in self.cache.glob("postgres-*/runs/run-*")]


def make_checkout(folder: Path, cache: Path) -> Checkout:
    """Copy the repository's files to `folder`."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    for lock in ("migrations.sum", "schema.lock"):  # tests add files by hand; those about them make them
        (folder / "infra" / lock).unlink(missing_ok=True)
    return Checkout(folder, cache)
