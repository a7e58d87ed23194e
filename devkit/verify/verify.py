"""Verify: read, replay, look, judge. The findings come back sorted by place; nothing is printed here."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.finding import Finding
from devkit.migrations.folder import lock_file, sum_file
from devkit.postgres.cache import Cache, find_cache
from devkit.postgres.install import server_version
from devkit.progress import Progress
from devkit.verify.inputs import Inputs, Request, gather, ordered, shown_path, verdict_key
from devkit.verify.verdict import Verdict, count, judging, load, store

if TYPE_CHECKING:
    from devkit.migrations.fileset import FileSet
    from devkit.schema.snapshot import Snapshot
    from devkit.verify.reading import Scripts

_NUMBERS = re.compile(r"(\d+)")


def verify(request: Request, env: dict[str, str], progress: Progress, inputs: Inputs | None = None) -> Verdict:
    """Judge what `request` names, or `inputs` that were read before. Unchanged ones have their verdict stored.

    A server named by DSN is always asked: what it would say is not ours to remember; neither is what git says.
    Raises DevkitError when we cannot look (no folder, no server, a full disk).
    """
    started = time.perf_counter()
    inputs = inputs or gather(request)
    if request.dsn is not None:
        return _judge(request, inputs, None, progress, started)
    cache = find_cache(env)
    verdicts = cache.folder / "verdicts"
    key = verdict_key(request, inputs, server_version())
    if not request.use_cache or request.since is not None:
        return _stored(verdicts, key, _judge(request, inputs, cache, progress, started), keep=request.since is None)
    found = load(verdicts, key)
    if found is None:
        with judging(verdicts, key):  # fifty terminals start one server, not fifty
            found = load(verdicts, key)
            if found is None:
                return _stored(verdicts, key, _judge(request, inputs, cache, progress, started), keep=True)
    return dataclasses.replace(found, cached=True, timings_ms={"total": _since(started)})


def _stored(verdicts: Path, key: str, verdict: Verdict, *, keep: bool) -> Verdict:
    busy = any(finding.rule == "statement-timeout" for finding in verdict.findings)  # the machine, not the file
    if keep and not busy:
        store(verdicts, key, verdict)
    return verdict


def _judge(request: Request, inputs: Inputs, cache: Cache | None, progress: Progress, started: float) -> Verdict:
    from devkit.verify.absorb import absorb
    from devkit.verify.identify import identify
    from devkit.verify.judge import judge
    from devkit.verify.pins import read_pins
    from devkit.verify.reading import read_scripts
    from devkit.verify.suppress import malformed, read_ignores, suppressed, unused

    fileset = ordered(inputs, request)
    scripts = read_scripts(fileset)
    pins, unreadable = read_pins(inputs, request)
    read = _since(started)
    outcome = judge(scripts, pins, request, cache, progress)
    ignores = read_ignores(scripts.parsed, inputs.manifests, request.project)
    read_first = [*fileset.findings, *scripts.findings, *_sum(inputs, fileset, request), *unreadable]
    judged = [*read_first, *outcome.findings, *_locks(request, scripts)]
    found = absorb(judged, outcome.refusal, outcome.failed)
    shown = [finding for finding in found if not suppressed(finding, ignores)]
    findings = [*shown, *malformed(ignores), *_lock(inputs, request, outcome.schema, scripts)]
    if outcome.summary.complete:  # of what was not reached, nobody knows
        asked = [ignore for ignore in ignores if ignore.rule != "lock-safety" or request.since is not None]
        findings += unused(asked, judged)
    summary = dataclasses.replace(
        count(outcome.summary, findings),
        files=len(fileset.migrations),
        images=len(pins.uses),
        ignored=len(found) - len(shown),
    )
    total = _since(started)
    timings = {"read": read, "replay": total - read, "total": total}
    shown_findings = tuple(sorted(findings, key=_by_place))
    identity = identify(inputs, fileset, pins, engine=outcome.engine, schema=outcome.schema, settings=outcome.settings)
    return Verdict(outcome.engine, shown_findings, summary, timings, identity, schema=outcome.schema)


def _sum(inputs: Inputs, fileset: FileSet, request: Request) -> tuple[Finding, ...]:
    """What is wrong with the sum file; of a folder whose order is not known, only whether git left a conflict in it."""
    from devkit.migrations.sums import check_sum, read_sum

    text = None if inputs.sum is None else inputs.sum.decode("utf-8", "replace")
    if text is None or (fileset.stop_before is not None and read_sum(text).conflict_line is None):
        return ()
    found = check_sum(text, shown_path(sum_file(request.migrations), request.project.root), fileset.migrations)
    return (found,) if found else ()


def _lock(inputs: Inputs, request: Request, schema: Snapshot | None, scripts: Scripts) -> Iterator[Finding]:
    from devkit.verify.made_at import Spoken
    from devkit.verify.schema_lock import lock_finding

    if inputs.lock is not None and schema is not None:
        shown = shown_path(lock_file(request.migrations), request.project.root)
        found = lock_finding(inputs.lock, shown, schema, Spoken(scripts.runnable).place)
        if found:
            yield found


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
