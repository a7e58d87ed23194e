"""Verify: read, replay, look, judge. The findings come back sorted by place; nothing is printed here."""

from __future__ import annotations

import dataclasses
import re
import time
from collections import Counter

from devkit.errors import DevkitError
from devkit.finding import Finding, Severity
from devkit.postgres.cache import Cache, find_cache
from devkit.postgres.install import server_version
from devkit.progress import Progress
from devkit.verify.inputs import Inputs, Request, gather, verdict_key
from devkit.verify.verdict import Verdict, load, store

_NUMBERS = re.compile(r"(\d+)")


def verify(request: Request, env: dict[str, str], progress: Progress) -> Verdict:
    """Judge what `request` names. Unchanged inputs are answered from the verdict stored for them.

    A server named by DSN is always asked: what it would say is not ours to remember.
    Raises DevkitError when we cannot look (no folder, no server, a full disk).
    """
    started = time.perf_counter()
    inputs = gather(request)
    if request.dsn is not None:
        return _judge(request, inputs, None, progress, started)
    cache = find_cache(env)
    verdicts = cache.folder / "verdicts"
    key = verdict_key(request, inputs, server_version())
    stored = load(verdicts, key) if request.use_cache else None
    if stored:
        summary = dataclasses.replace(stored.summary, cached=True)
        return dataclasses.replace(stored, summary=summary, timings_ms={"total": _since(started)})
    verdict = _judge(request, inputs, cache, progress, started)
    if not any(finding.rule == "statement-timeout" for finding in verdict.findings):  # a busy machine, not the file
        store(verdicts, key, verdict)
    return verdict


def _judge(request: Request, inputs: Inputs, cache: Cache | None, progress: Progress, started: float) -> Verdict:
    from devkit.migrations.fileset import order
    from devkit.verify.judge import judge
    from devkit.verify.reading import read_images, read_scripts

    fileset = order(inputs.entries, inputs.migrations_shown)
    if not fileset.migrations and fileset.stop_before is None:
        raise DevkitError(
            f"there is no migration in {request.migrations}: "
            f"none of its {len(inputs.entries)} entries is V<digits>__<name>.sql",
            "write V1__<name>.sql there, or name another folder with --migrations DIR",
        )
    scripts, unparsable = read_scripts(fileset)
    images, unreadable = read_images(inputs.manifests)
    read = _since(started)
    outcome = judge(scripts, images, request, cache, progress)
    findings = _absorb([*fileset.findings, *unparsable, *unreadable, *outcome.findings])
    counted = Counter(finding.severity for finding in findings)
    summary = dataclasses.replace(
        outcome.summary, files=len(fileset.migrations), images=len(images), errors=counted[Severity.ERROR],
        warnings=counted[Severity.WARNING], infos=counted[Severity.INFO],
    )  # fmt: skip
    total = _since(started)
    timings = {"read": read, "replay": total - read, "total": total}
    return Verdict(outcome.engine, tuple(sorted(findings, key=_by_place)), summary, timings)


def _absorb(findings: list[Finding]) -> list[Finding]:
    """A refusal speaks for the policy rule about the same object: one cause, one finding."""
    refused = {finding.place for finding in findings if finding.rule == "engine-refusal"}
    return [each for each in findings if each.rule == "engine-refusal" or each.place not in refused]


def _by_place(finding: Finding) -> tuple[object, ...]:
    parts = _NUMBERS.split(finding.place.file)  # V2 before V10
    natural = tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
    return natural, finding.place, finding.rule


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
