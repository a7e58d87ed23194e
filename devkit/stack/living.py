"""Verify against the living cluster: the files are judged as ever, and the stack beside them."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping

from devkit.cluster.proof import Proven
from devkit.cluster.readiness.values import Readiness, State
from devkit.cluster.wanted import places, wanted_objects
from devkit.errors import DevkitError
from devkit.finding import Finding, Place
from devkit.migrate.compare import compare
from devkit.migrate.gate import Judgement, judge_until
from devkit.migrate.look import Look, look
from devkit.migrations.history import State as Applied
from devkit.postgres.database import Database, opened
from devkit.progress import Progress
from devkit.rules.live import (
    not_applied,
    replayed_elsewhere,
    schema_differs,
    service_silent,
    workload_not_ready,
)
from devkit.stack.answers import all_answers
from devkit.stack.database import stack_database
from devkit.stack.look import look as look_at
from devkit.stack.nodes import read_nodes, read_version
from devkit.stack.objects import services_left_out, stack_objects
from devkit.stack.running import differing_images, hold, owned_pods
from devkit.verify.identify import of_cluster
from devkit.verify.inputs import Inputs, Request, gather, ordered, shown_path
from devkit.verify.verdict import Living, Verdict, count
from devkit.verify.verify import verify

_THERE = frozenset({Applied.APPLIED, Applied.BASELINE})


def verify_stack(request: Request, proven: Proven, env: dict[str, str], progress: Progress) -> Verdict:
    """The verdict of `verify`, with what a look at the stack in the cluster adds to it.

    The migrations are replayed on the stack's own server, in a scratch database; on the embedded one when that server
    does not answer. DevkitError when the cluster does not let us look.
    """
    objects = stack_objects(request.project, request.manifests)
    progress("asking the services")
    sight = look_at(proven, wanted_objects(objects), None)
    where = places(objects)
    unready = tuple(_unready(sight.verdicts, where))
    left_out = services_left_out(request.project, request.manifests)
    entries = [each for each in request.project.settings.service if each.name not in left_out]
    silent = all_answers(proven, entries)
    pods = owned_pods(proven.api, objects, sight.seen, proven.namespace)
    nodes = read_nodes(proven.api)
    held = hold(request, proven, pods, nodes.platforms)
    database = _database(request, proven, env, progress)
    silent = {**silent, **database.silent}
    found = [
        *unready,
        *(service_silent(name, why, _service_place(name, where), _cure(proven, name)) for name, why in silent.items()),
        *differing_images(objects, pods, sight.seen),
        *held.findings,
        *database.findings,
    ]
    verdict = database.verdict
    findings = tuple(sorted((*verdict.findings, *found), key=lambda each: (each.place, each.rule)))
    asked = len(entries) + 1
    ready = sum(each.state is State.READY for each in sight.verdicts)
    platforms = tuple(sorted(set((nodes.platforms or {}).values())))
    living = Living(asked, asked - len(silent), len(sight.verdicts), ready, database.applied, held.running, platforms)
    return dataclasses.replace(
        verdict,
        findings=findings,
        summary=count(verdict.summary, findings),
        identity=of_cluster(verdict, read_version(proven.api), nodes.kubelets, held.running),
        living=living,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Judged:
    """The verdict over the files, what the database adds, how many migrations it has; or why it does not answer."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    applied: int = 0
    silent: Mapping[str, str] = dataclasses.field(default_factory=dict)


class _SilentError(DevkitError):
    """The database does not answer."""


def _database(request: Request, proven: Proven, env: dict[str, str], progress: Progress) -> _Judged:
    try:
        with contextlib.ExitStack() as closing:
            dsn = _reached(proven, closing, progress)
            verdict, elsewhere = _replayed(request, dsn, env, progress)
            findings, applied = _history(request, dsn, verdict, env, progress)
            return _Judged(verdict, (*elsewhere, *findings), applied)
    except _SilentError as error:
        why = {proven.settings.database_service: error.problem}
        return _Judged(verify(request, env, progress), silent=why)


def _reached(proven: Proven, closing: contextlib.ExitStack, progress: Progress) -> str:
    """The DSN of the database, to which a connection was made; good while `closing` is open."""
    problem = ""
    try:
        dsn, forward = closing.enter_context(stack_database(proven))
        try:
            closing.enter_context(opened(dsn, "verify", progress))
        finally:
            problem = forward.problem
    except DevkitError as error:
        raise _SilentError(problem or error.problem, error.cure) from error
    return dsn


def _replayed(
    request: Request, dsn: str, env: dict[str, str], progress: Progress
) -> tuple[Verdict, tuple[Finding, ...]]:
    """The verdict of the stack's own server; of the embedded one, and why, where that one cannot give any."""
    try:
        verdict = verify(dataclasses.replace(request, dsn=dsn), env, progress)
    except DevkitError as error:
        place = Place(shown_path(request.migrations, request.project.root))
        return verify(request, env, progress), (replayed_elsewhere(error.problem, error.cure, place),)
    return dataclasses.replace(verdict, engine=dataclasses.replace(verdict.engine, name="cluster")), ()


def _history(
    request: Request, dsn: str, verdict: Verdict, env: dict[str, str], progress: Progress
) -> tuple[tuple[Finding, ...], int]:
    """What the ledger and the schema of the database behind `dsn` say of the files, and how many of them it has."""
    inputs = gather(request)
    fileset = ordered(inputs, request)
    folder = inputs.migrations_shown
    with opened(dsn, "verify", progress) as database:

        def look_again() -> Look:
            return look(database, fileset, request)

        seen = look_again()
        reached = max((each.version for each in seen.entries if each.state in _THERE), default=None)
        pending = tuple(each for each in seen.entries if each.is_to_run)
        judgement = Judgement((), verdict.schema, verdict.engine.postgres)
        if pending and reached is not None:
            judgement = judge_until(request, inputs, reached, env, progress)
        schema = tuple(_schema(database, seen, judgement, look_again, inputs)) if reached is not None else ()
        late = (not_applied(each.name, Place(f"{folder}/{each.name}")) for each in pending)
        return (*seen.findings, *late, *schema), sum(each.state in _THERE for each in seen.entries)


def _schema(
    database: Database, seen: Look, judgement: Judgement, look_again: Callable[[], Look], inputs: Inputs
) -> Iterator[Finding]:
    compared = compare(database, seen.outcome(), judgement, look_again)
    for each in compared.differences:
        yield schema_differs(each.object, each.expected, each.found, each.place or Place(inputs.migrations_shown))


def _unready(verdicts: Iterable[Readiness], where: Mapping[tuple[str, str], Place]) -> Iterator[Finding]:
    for each in verdicts:
        if each.state is not State.READY:
            name = f"{each.kind}/{each.name}"
            cure = each.help or "wait for it: ./inv status shows how far it is"
            yield workload_not_ready(name, str(each.state), each.message, where[each.kind, each.name], cure)


def _service_place(name: str, where: Mapping[tuple[str, str], Place]) -> Place:
    return where.get(("Service", name), Place("pyproject.toml"))


def _cure(proven: Proven, name: str) -> str:
    return f"see what it says: {proven.kubectl} logs service/{name}; or make the stack anew: ./inv reset"
