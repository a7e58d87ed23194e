"""Replay on the engine asked for, read the catalogs, let the rules speak."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from functools import partial

from pglast import ast

from devkit.finding import Finding
from devkit.images.manifest import ImageUse
from devkit.postgres.cache import Cache
from devkit.postgres.install import TRUSTED
from devkit.postgres.replay import Replay, Script
from devkit.postgres.scratch import Scratch, dsn_scratch, embedded_scratch
from devkit.progress import Progress
from devkit.rules.rule import Judged
from devkit.rules.rules import RULES
from devkit.schema.catalog import citus_version, read_catalog
from devkit.verify.inputs import Request
from devkit.verify.places import failure_place, place_of
from devkit.verify.refusals import refusal
from devkit.verify.verdict import Engine, Summary


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine and the rules found."""

    engine: Engine
    findings: tuple[Finding, ...]
    summary: Summary


def judge(
    scripts: Sequence[Script],
    images: tuple[ImageUse, ...],
    request: Request,
    cache: Cache | None,
    progress: Progress,
) -> Outcome:
    """Replay `scripts` and judge what stands afterwards together with `images`."""
    settings = request.project.settings
    with _scratch(scripts, request, cache, progress) as scratch:
        replay = Replay(scratch, settings.statement_timeout_seconds, progress)
        failure = replay.run(scripts)
        catalog = read_catalog(scratch.owner)
        engine = _engine(scratch, request)
        findings: list[Finding] = []
        if failure:
            replay.rerun_before(failure)
            before = read_catalog(scratch.owner)
            replay.roll_back()
            place = failure_place(failure, before, replay.history, settings.tenant_column)
            findings.append(refusal(failure, place, settings.tenant_column))
    judged = Judged(catalog, images, partial(place_of, history=replay.history))
    findings += [finding for rule in RULES for finding in rule.check(judged)]
    summary = Summary(
        replayed=replay.files_run,
        statements=replay.statements_run,
        distributed=catalog.count("distributed") + catalog.count("single_shard"),
        reference=catalog.count("reference"),
        plain=catalog.count("plain") + catalog.count("local"),
    )
    return Outcome(engine, tuple(findings), summary)


@contextlib.contextmanager
def _scratch(scripts: Sequence[Script], request: Request, cache: Cache | None, progress: Progress) -> Iterator[Scratch]:
    settings = request.project.settings
    if request.dsn is not None or cache is None:
        with dsn_scratch(request.dsn or "", extensions=_extensions(scripts)) as scratch:
            yield scratch
        return
    with embedded_scratch(cache, database=settings.database, owner=settings.owner, progress=progress) as scratch:
        yield scratch


def _extensions(scripts: Sequence[Script]) -> frozenset[str]:
    """The extensions that the migrations create and only a superuser may, from our short list of harmless ones."""
    nodes = (statement.node for script in scripts for statement in script.statements)
    return frozenset(node.extname for node in nodes if isinstance(node, ast.CreateExtensionStmt)) & frozenset(TRUSTED)


def _engine(scratch: Scratch, request: Request) -> Engine:
    version = scratch.owner.info.parameter_status("server_version") or "unknown"
    citus = citus_version(scratch.owner)
    if request.dsn is not None:
        return Engine("dsn", version.split(" ")[0], citus)
    return Engine("embedded", version.split(" ")[0], f"{citus} (stand-in)")
