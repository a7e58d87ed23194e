"""Replay on the engine asked for, read the catalogs, let the rules speak."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from pglast import ast

from devkit.errors import DevkitError
from devkit.finding import Finding, Place
from devkit.images.pins import Pins
from devkit.postgres.cache import Cache
from devkit.postgres.condition import citus_version
from devkit.postgres.install import TRUSTED
from devkit.postgres.record import Script
from devkit.postgres.replay import Replay
from devkit.postgres.scratch import Scratch, dsn_scratch, embedded_scratch
from devkit.progress import Progress
from devkit.rules.escapes import ESCAPES, escapes
from devkit.rules.rule import Judged
from devkit.rules.rules import RULES
from devkit.schema.catalog import Catalog, current_settings, read_catalog, stored_settings
from devkit.schema.reading import read_snapshot
from devkit.schema.server_settings import sql_settings
from devkit.schema.snapshot import Snapshot
from devkit.verify.inputs import Request
from devkit.verify.made_at import made_at
from devkit.verify.places import failure_place, place_of
from devkit.verify.reading import Scripts
from devkit.verify.refusals import refusal
from devkit.verify.verdict import Engine, Summary


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules found, and the engine's refusal with the stretch of the statement that failed.

    `settings` are the engine's, which change what SQL means.
    """

    engine: Engine
    findings: tuple[Finding, ...]
    refusal: Finding | None
    failed: Place | None
    summary: Summary
    schema: Snapshot | None
    settings: Mapping[str, str]


def judge(
    scripts: Scripts,
    pins: Pins,
    request: Request,
    cache: Cache | None,
    progress: Progress,
) -> Outcome:
    """Replay what is runnable, and judge what stands afterwards, all that is written, and the images of `pins`."""
    settings = request.project.settings
    tenant = settings.tenant_column
    refused: Finding | None = None
    with _scratch(scripts.runnable, request, cache, progress) as scratch:
        _refuse_escapes(scratch)
        begun_with = sql_settings(scratch.owner)
        replay = Replay(scratch, settings.statement_timeout_seconds, progress, tuple(ESCAPES))
        failure = replay.run(scripts.runnable)
        catalog = read_catalog(scratch.owner, tenant)
        stored = stored_settings(scratch.owner)
        engine = _engine(scratch, request)
        complete = failure is None and scripts.complete
        schema = read_snapshot(scratch.owner, made_at(scripts.runnable, replay.history)) if complete else None
        if failure:
            replay.rerun_before(failure)
            before = read_catalog(scratch.owner, tenant)
            replay.roll_back()
            refused = refusal(failure, failure_place(failure, before, replay.history, tenant), before, tenant)
    judged = Judged(
        catalog=catalog,
        pins=pins,
        statements=tuple(statement for script in scripts.parsed for statement in script.statements),
        heard=replay.heard,
        turned=replay.turned,
        stored=stored,
        complete=complete,
        citus=engine.citus.partition(" ")[0] if engine.citus else None,
        postgres=engine.postgres,
        is_standin=engine.name == "embedded",
        uses_citus=settings.citus,
        tenant_column=tenant,
        place_of=partial(place_of, history=replay.history),
        place_said=partial(failure_place, before=Catalog(), history=replay.history, tenant_column=tenant),
    )
    findings = tuple(finding for rule in RULES for finding in rule.check(judged))
    summary = Summary(
        complete=judged.complete,
        replayed=replay.files_run,
        statements=replay.statements_run,
        distributed=catalog.count("distributed") + catalog.count("single_shard"),
        reference=catalog.count("reference"),
        plain=catalog.count("plain") + catalog.count("local"),
    )
    failed = failure.statement.place(0, len(failure.statement.text)) if failure else None
    return Outcome(engine, findings, refused, failed, summary, schema, begun_with)


def _refuse_escapes(scratch: Scratch) -> None:
    """DevkitError when the server looks away for everybody, or for this role: its verdict would be worth nothing."""
    for setting, value in current_settings(scratch.owner, tuple(ESCAPES)):
        if escapes(setting, value):
            raise DevkitError(
                f"this server has {setting} = {value} for every session: Citus refuses too little there",
                f"take it back with: ALTER ROLE … RESET {setting}; or ALTER SYSTEM RESET {setting};",
            )


@contextlib.contextmanager
def _scratch(scripts: Sequence[Script], request: Request, cache: Cache | None, progress: Progress) -> Iterator[Scratch]:
    settings = request.project.settings
    if request.dsn is not None or cache is None:
        needed = _extensions(scripts) | ({"citus"} if settings.citus else set())
        with dsn_scratch(request.dsn or "", extensions=needed) as scratch:
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
    citus = citus_version(scratch.owner) if request.project.settings.citus else None
    if request.dsn is not None:
        return Engine("dsn", version.split(" ")[0], citus)
    return Engine("embedded", version.split(" ")[0], f"{citus} (stand-in)" if citus else None)
