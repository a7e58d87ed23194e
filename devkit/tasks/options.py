"""What options mean, the same in every verb that has them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from devkit.config import ENGINES, Project, find_root, load_project
from devkit.errors import DevkitError
from devkit.finding import Place
from devkit.report.text import LineReader
from devkit.verify.inputs import Request

_PACKAGE_ROOT = Path(__file__).resolve().parent.parent.parent

HELP = {
    "migrations": "folder with V<n>__<name>.sql (default: [tool.devkit] migrations)",
    "manifests": "folder with Kubernetes manifests (default: [tool.devkit] manifests)",
    "engine": "embedded (default) or dsn: who replays the migrations",
    "dsn": "server for --engine dsn, without a password; or DEVKIT_DSN, with PGPASSFILE",
    "verbose": "also show phases, the cache and what stands in for what",
}

CONTEXT_HELP = "the kubeconfig's context (default: the current one)"


def request_of(
    migrations: str, manifests: str, engine: str, dsn: str, *, cache: bool, since: str | None = None
) -> Request:
    """What the options name; DevkitError outside of a project."""
    project = load_project(find_root(_PACKAGE_ROOT, Path.cwd()))
    settings = project.settings
    return Request(
        project,
        Path(migrations) if migrations else project.root / settings.migrations,
        Path(manifests) if manifests else project.root / settings.manifests,
        replay_dsn(engine, dsn),
        cache,
        since,
    )


def refuse(value: str | bool, option: str, beside: str) -> None:
    """DevkitError when an option has a `value` although it says nothing beside another one."""
    if value:
        raise DevkitError(f"{option} says nothing with {beside}", "leave one of them out")


def replay_dsn(engine: str, dsn: str) -> str | None:
    """The server to replay on, or None for the embedded one; DevkitError when the two options disagree."""
    chosen = engine or ("dsn" if dsn else "embedded")
    if chosen not in ENGINES:
        raise DevkitError(f"--engine {chosen} is not known", f"write one of: {', '.join(ENGINES)}")
    if chosen == "embedded":
        if dsn:
            raise DevkitError("--engine embedded and --dsn exclude each other", "leave one of them out")
        return None
    return _named(dsn)


def target_dsn(engine: str, dsn: str) -> str:
    """The server whose database is meant; DevkitError when none is named."""
    if engine == "embedded":
        raise DevkitError(
            "--engine embedded keeps nothing: its server is thrown away after each run",
            "name a server that stays: --dsn postgresql://user@host:5432/database",
        )
    if engine not in {"", "dsn"}:
        raise DevkitError(f"--engine {engine} is not known", "write: --engine dsn")
    return _named(dsn)


def version_of(text: str, option: str) -> int | None:
    """A migration's number, written as 12 or V12; None when nothing is written."""
    match = re.fullmatch(r"[Vv]?([0-9]+)", text)
    if text and not match:
        raise DevkitError(
            f"{option} {text}: this is no version", f"write the number of a file, for example: {option} 12"
        )
    return int(match[1]) if match else None


def statement_of(text: str, option: str) -> frozenset[tuple[int, int]]:
    """A statement of a migration, written as V9:2; none when nothing is written."""
    match = re.fullmatch(r"[Vv]?([0-9]+):([0-9]+)", text)
    if text and not match:
        raise DevkitError(f"{option} {text}: this names no statement", f"write it as migrate did: {option} V9:2")
    return frozenset({(int(match[1]), int(match[2]))} if match else ())


def seconds_of(text: str, default: float) -> float:
    """A number of seconds above 0; `default` when nothing is written."""
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise DevkitError(
            f"--timeout {text} is no time", "write a number of seconds above 0, for example: --timeout 120"
        )
    return seconds


def _named(dsn: str) -> str:
    from devkit.postgres.dsn import check_dsn

    found = dsn or os.environ.get("DEVKIT_DSN", "")
    if not found:
        raise DevkitError(
            "--engine dsn names no server", "add --dsn postgresql://user@host:5432/database, or set DEVKIT_DSN"
        )
    check_dsn(found, from_command_line=bool(dsn))
    return found


def line_reader(project: Project) -> LineReader:
    """Reads the line that a finding points at from the file as it is now."""

    def read(place: Place) -> str | None:
        try:
            text = (project.root / place.file).read_bytes().decode("utf-8-sig", "replace")
        except OSError:
            return None
        lines = text.split("\n")
        return lines[place.line - 1].rstrip("\r") if place.line <= len(lines) else None

    return read
