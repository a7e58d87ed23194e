"""A verdict: what was found, by which engine, over how much. And the cache of verdicts by key."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from devkit.files import write_atomically
from devkit.finding import Finding, Severity
from devkit.images.running import Running
from devkit.postgres.cache import locked
from devkit.schema.snapshot import Snapshot
from devkit.verify.identity import Identity

_KEPT = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Engine:
    """Who spoke: embedded, dsn or cluster, the server's version, and the citus extension's (None: never created)."""

    name: str
    postgres: str
    citus: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """How much was judged. `replayed` files ran to their end; tables do not count partitions.

    `complete`: every migration ran. `ignored` and `baseline` count the findings that are not shown, and why.
    """

    files: int = 0
    replayed: int = 0
    statements: int = 0
    distributed: int = 0
    reference: int = 0
    plain: int = 0
    images: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    ignored: int = 0
    baseline: int = 0
    complete: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Living:
    """How much of a living stack was looked at: services asked and answering, objects wanted and ready.

    `applied` counts the migrations that its database has. `running` holds each container against the lock of images;
    it is empty while there is no lock. `nodes` are the platforms of the cluster's nodes, as far as they may be read.
    """

    services: int
    answering: int
    objects: int
    ready: int
    applied: int
    running: tuple[Running, ...] = ()
    nodes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to verify. `timings_ms` names each phase, in milliseconds; `cached`: it was stored before.

    `schema` is what the migrations make; None when not all of them ran. `living` is set when a cluster was looked at.
    """

    engine: Engine
    findings: tuple[Finding, ...]
    summary: Summary
    timings_ms: dict[str, int]
    identity: Identity
    cached: bool = False
    schema: Snapshot | None = None
    living: Living | None = None

    @property
    def exit_code(self) -> int:
        """1 with an error among the findings, else 0."""
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))


def count(summary: Summary, findings: Iterable[Finding]) -> Summary:
    """`summary` with the numbers of errors, warnings and pieces of information among `findings`."""
    counted = Counter(finding.severity for finding in findings)
    return dataclasses.replace(
        summary, errors=counted[Severity.ERROR], warnings=counted[Severity.WARNING], infos=counted[Severity.INFO]
    )


def load(folder: Path, key: str) -> Verdict | None:
    """The verdict stored under `key`; None when there is none or it cannot be read."""
    try:
        return msgspec.json.decode((folder / f"{key}.json").read_bytes(), type=Verdict)
    except (OSError, msgspec.DecodeError):
        return None


def store(folder: Path, key: str, verdict: Verdict) -> None:
    """Keep `verdict` under `key`, and only the newest hundred. A cache that cannot be written is no failure."""
    try:
        write_atomically(folder / f"{key}.json", msgspec.json.encode(verdict))
        stored = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in stored[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


@contextlib.contextmanager
def judging(folder: Path, key: str) -> Iterator[None]:
    """Hold the right to judge `key`, waiting for whoever does so now. A cache that cannot be written has no turns."""
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(folder / f"{key[:2]}.lock"))  # few files: two keys may share a turn
        yield
