"""Verify: read, replay, look, judge. The findings come back sorted by place; nothing is printed here."""

from __future__ import annotations

import dataclasses
import re
import time
from typing import TYPE_CHECKING

from devkit.errors import DevkitError
from devkit.finding import Finding
from devkit.postgres.cache import Cache, find_cache
from devkit.postgres.install import server_version
from devkit.progress import Progress
from devkit.verify.inputs import Inputs, Request, gather, verdict_key
from devkit.verify.verdict import Verdict, count, load, store

if TYPE_CHECKING:
    from devkit.verify.reading import Scripts

_NUMBERS = re.compile(r"(\d+)")


def verify(request: Request, env: dict[str, str], progress: Progress) -> Verdict:
    """Judge what `request` names. Unchanged inputs are answered from the verdict stored for them.

    A server named by DSN is always asked: what it would say is not ours to remember; neither is what git says.
    Raises DevkitError when we cannot look (no folder, no server, a full disk).
    """
    started = time.perf_counter()
    inputs = gather(request)
    if request.dsn is not None:
        return _judge(request, inputs, None, progress, started)
    cache = find_cache(env)
    verdicts = cache.folder / "verdicts"
    key = verdict_key(request, inputs, server_version())
    stored = load(verdicts, key) if request.use_cache and request.since is None else None
    if stored:
        return dataclasses.replace(stored, cached=True, timings_ms={"total": _since(started)})
    verdict = _judge(request, inputs, cache, progress, started)
    busy = any(finding.rule == "statement-timeout" for finding in verdict.findings)  # the machine, not the file
    if request.since is None and not busy:
        store(verdicts, key, verdict)
    return verdict


def _judge(request: Request, inputs: Inputs, cache: Cache | None, progress: Progress, started: float) -> Verdict:
    from devkit.migrations.fileset import order
    from devkit.verify.absorb import absorb
    from devkit.verify.judge import judge
    from devkit.verify.reading import read_images, read_scripts
    from devkit.verify.suppress import malformed, read_ignores, suppressed, unused

    fileset = order(inputs.entries, inputs.migrations_shown)
    if not fileset.migrations and fileset.stop_before is None:
        raise DevkitError(
            f"there is no migration in {request.migrations}: "
            f"none of its {len(inputs.entries)} entries is V<digits>__<name>.sql",
            "write V1__<name>.sql there, or name another folder with --migrations DIR",
        )
    scripts = read_scripts(fileset)
    images, unreadable = read_images(inputs.manifests)
    read = _since(started)
    outcome = judge(scripts, images, request, cache, progress)
    ignores = read_ignores(scripts.parsed, inputs.manifests, request.project)
    judged = [*fileset.findings, *scripts.findings, *unreadable, *outcome.findings, *_locks(request, scripts)]
    found = absorb(judged, outcome.refusal, outcome.failed)
    shown = [finding for finding in found if not suppressed(finding, ignores)]
    findings = [*shown, *malformed(ignores)]
    if outcome.summary.complete:  # of what was not reached, nobody knows
        asked = [ignore for ignore in ignores if ignore.rule != "lock-safety" or request.since is not None]
        findings += unused(asked, judged)
    summary = dataclasses.replace(
        count(outcome.summary, findings),
        files=len(fileset.migrations),
        images=len(images),
        ignored=len(found) - len(shown),
    )
    total = _since(started)
    timings = {"read": read, "replay": total - read, "total": total}
    return Verdict(outcome.engine, tuple(sorted(findings, key=_by_place)), summary, timings)


def _locks(request: Request, scripts: Scripts) -> tuple[Finding, ...]:
    if request.since is None:
        return ()
    from devkit.verify.lock_safety import lock_findings, new_files

    new = new_files(request.project.root, request.migrations, request.since)
    return lock_findings(scripts.parsed, new, request.migrations)


def _by_place(finding: Finding) -> tuple[object, ...]:
    parts = _NUMBERS.split(finding.place.file)  # V2 before V10
    natural = tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
    return natural, finding.place, finding.rule


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
